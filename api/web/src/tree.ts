/** Edits of plain content by path. Nothing is changed in place, so that an undo is a former value. */

export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };
export type Table = { [key: string]: Plain };
export type Path = readonly (string | number)[];

export function isTable(value: Plain | undefined): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands at *path*; undefined where nothing does. */
export function at(content: Plain | undefined, path: Path): Plain | undefined {
  let found = content;
  for (const step of path) {
    if (Array.isArray(found) && typeof step === "number") found = found[step];
    // A content is data of others: what every object inherits is not in it.
    else if (isTable(found) && Object.hasOwn(found, step)) found = found[step];
    else return undefined;
  }
  return found;
}

/** *content* with *value* at *path*; tables that are missing on the way are made. `undefined` takes away. */
export function put<T extends Plain>(content: T, path: Path, value: Plain | undefined): T {
  return placed(content, path, value) as T;
}

function placed(content: Plain | undefined, path: Path, value: Plain | undefined): Plain | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(content) && typeof step === "number") {
    const inner = placed(content[step], rest, value);
    return inner === undefined ? content.filter((_, index) => index !== step) : content.with(step, inner);
  }
  const table = isTable(content) ? content : {};
  const inner = placed(Object.hasOwn(table, step) ? table[step] : undefined, rest, value);
  if (inner !== undefined) return { ...table, [step]: inner };
  const { [step]: _, ...left } = table;
  return left;
}

/** *content* with *value* as one more element at the end of the list at *path*. */
export function append<T extends Plain>(content: T, path: Path, value: Plain): T {
  const list = at(content, path);
  return put(content, path, [...(Array.isArray(list) ? list : []), value]);
}

/** *content* with the element at *from* of the list at *path* moved to *to*; beyond the ends nothing moves. */
export function move<T extends Plain>(content: T, path: Path, from: number, to: number): T {
  const list = at(content, path);
  if (!Array.isArray(list) || to < 0 || to >= list.length || list[from] === undefined) return content;
  const left = list.toSpliced(from, 1);
  return put(content, path, left.toSpliced(to, 0, list[from]));
}

/** *content* with the key at *path* called *name*, where it stood; a name that is taken changes nothing. */
export function rename<T extends Plain>(content: T, path: Path, name: string): T {
  const above = path.slice(0, -1);
  const key = path.at(-1);
  const table = at(content, above);
  if (!isTable(table) || key === undefined || Object.hasOwn(table, name)) return content;
  const renamed = Object.entries(table).map(([each, value]) => [each === key ? name : each, value]);
  return put(content, above, Object.fromEntries(renamed) as Table);
}

/** The path of a diagnostic as one word, to find the field that it means. */
export function dotted(path: Path): string {
  return path.join(".");
}
