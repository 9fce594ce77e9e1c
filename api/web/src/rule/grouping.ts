/** Conditions as they stand in a rule's content: tests on facts, in groups, nested. */

import { append, at, isTable, type Path, type Plain, put, rename, type Table } from "../tree.ts";

export const GROUPS = ["all", "any", "none"] as const;
export type Group = (typeof GROUPS)[number];

export const OPERATORS = [
  "is", "is_a", "one_of", "within", "has", "under", "at_most", "over", "at_least", "between", "known",
] as const;
export type Operator = (typeof OPERATORS)[number];

const COMPARISONS: readonly string[] = ["under", "at_most", "over", "at_least"];
/** What means something only beside one operator, and goes with it. */
const COMPANIONS = { status: "has", ex: "within", subdivision: "within" } as const;

/** What kind of fact a test reads; `null` where no fact is chosen or it is not known. */
export type Read = { id: string; type: string; operators: readonly { name: string }[]; order?: readonly string[] } | null;

export function groupsOf(block: Plain | undefined): Group[] {
  return isTable(block) ? (Object.keys(block).filter((key) => GROUPS.includes(key as Group)) as Group[]) : [];
}

/** The kind of a nested group; undefined for a test. */
export function groupOf(part: Plain | undefined): Group | undefined {
  return isTable(part) && !Object.hasOwn(part, "fact") ? groupsOf(part)[0] : undefined;
}

export function operatorOf(test: Table): Operator | undefined {
  return OPERATORS.find((operator) => Object.hasOwn(test, operator));
}

/** The number of tests, in groups of groups too. */
export function tests(part: Plain | undefined): number {
  if (Array.isArray(part)) return part.reduce<number>((sum, each) => sum + tests(each), 0);
  if (!isTable(part)) return 0;
  return Object.hasOwn(part, "fact") ? 1 : groupsOf(part).reduce((sum, group) => sum + tests(part[group]), 0);
}

/** A test on a fact that is still to be chosen. */
export function emptyTest(basis: string | undefined): Table {
  return { fact: "", basis: basis ?? "" };
}

/** *content* with a group of another kind at *path*, which ends in the kind that it has. */
export function regroup<T extends Plain>(content: T, path: Path, kind: Group): T {
  const taken = at(content, [...path.slice(0, -1), kind]);
  if (taken === undefined) return rename(content, path, kind);
  // A block holds one group of a kind. Parts join a group that means the same of each of them; alternatives stay
  // apart from other alternatives, as one part of what must all hold.
  const moved = listed(at(content, path));
  const block = path.slice(0, -1);
  const left = put(content, path, undefined);
  if (kind === "any") return append(left, [...block, "all"], { any: moved });
  return put(left, [...block, kind], [...listed(taken), ...moved]);
}

function listed(value: Plain | undefined): Plain[] {
  return Array.isArray(value) ? value : [];
}

/** *content* with the part at *path* inside a new group of *kind*. */
export function wrap<T extends Plain>(content: T, path: Path, kind: Group): T {
  const part = at(content, path);
  return part === undefined ? content : put(content, path, { [kind]: [part] });
}

/** *content* with the parts of the group at *path* (an element of a list) in its place. */
export function unwrap<T extends Plain>(content: T, path: Path): T {
  const list = at(content, path.slice(0, -1));
  const index = path.at(-1);
  const group = at(content, path);
  const kind = groupOf(group);
  if (!Array.isArray(list) || typeof index !== "number" || !isTable(group) || kind === undefined) return content;
  return put(content, path.slice(0, -1), list.toSpliced(index, 1, ...listed(group[kind])));
}

/** *content* without the part at *path*; a group or a block that would be left empty goes with it. */
export function removePart<T extends Plain>(content: T, path: Path): T {
  const list = path.slice(0, -1);
  const held = at(content, list);
  if (!Array.isArray(held) || held.length > 1) return put(content, path, undefined);
  const block = list.slice(0, -1);
  const left = put(content, list, undefined);
  const table = at(left, block);
  if (!isTable(table) || Object.keys(table).length > 0) return left;
  return typeof block.at(-1) === "number" ? removePart(content, block) : put(left, block, undefined);
}

/** *content* with one more part in the block at *path* (`when`, `unless`), in its first group. */
export function addPart<T extends Plain>(content: T, path: Path, part: Plain, kind: Group = "all"): T {
  const group = groupsOf(at(content, path))[0] ?? kind;
  return append(content, [...path, group], part);
}

/** A test that reads *fact*: its operator is kept where the fact allows it, its value where the kind is the same. */
export function withFact(test: Table, fact: NonNullable<Read>, before: Read): Table {
  const named = { ...test, fact: fact.id };
  const operator = operatorOf(test);
  const allowed = fact.operators.map((each) => each.name);
  const same = before !== null && before.type === fact.type && operator === "known";
  if (operator !== undefined && allowed.includes(operator) && same) return named;
  const first = allowed.includes(operator ?? "") ? operator : allowed[0];
  return first === undefined ? named : withOperator(named, first, fact, true);
}

/** A test by another operator, in the place of the former; the value is kept where it still says something. */
export function withOperator(test: Table, operator: string, fact: Read, anew = false): Table {
  const former = operatorOf(test);
  const value = former === undefined || anew ? undefined : carried(test[former] ?? null, former, operator);
  const operand = value ?? blank(operator, fact);
  const entries: [string, Plain][] = [];
  for (const [key, held] of Object.entries(test)) {
    const home = COMPANIONS[key as keyof typeof COMPANIONS] as string | undefined;
    if (home !== undefined && (home !== operator || anew)) continue;
    if (key !== former) entries.push([key, held]);
    else entries.push([operator, operand]);
    if (key === "fact" && former === undefined) entries.push([operator, operand]);
  }
  return Object.fromEntries(entries);
}

function carried(value: Plain, from: string, to: string): Plain | undefined {
  if (from === "known" || to === "known") return undefined;
  if (COMPARISONS.includes(from) && to === "between") return isTable(value) && "parameter" in value ? undefined : [value, value];
  if (from === "between" && COMPARISONS.includes(to)) return Array.isArray(value) ? value[0] : undefined;
  if (to === "within" || from === "within" || to === "has" || from === "has") return undefined;
  if (to === "one_of") return Array.isArray(value) ? value : [value];
  return Array.isArray(value) && from === "one_of" ? value[0] : value;
}

function blank(operator: string, fact: Read): Plain {
  if (operator === "known") return true;
  if (operator === "one_of") return [];
  const money: Plain = { amount: 0, currency: "EUR" };
  if (fact?.type === "boolean") return true;
  if (fact?.type === "number") return operator === "between" ? [0, 0] : 0;
  if (fact?.type === "money") return operator === "between" ? [money, money] : money;
  return "";
}
