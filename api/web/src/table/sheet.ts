/** A table under edit: columns, and rows of as many cells. A change makes new rows only where it changes one. */

import { type Cells, lines, spelledLine } from "./cells.ts";

export type Sheet = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How the file wrote its columns and rows, so that an unchanged line is given back to the byte. */
  readonly header: string;
  readonly as: ReadonlyMap<readonly string[], string>;
  readonly end: "\n" | "\r\n";
  readonly mark: boolean;
};
export type Place = { readonly row: number; readonly column: number };
/** Two opposite corners, both included. */
export type Area = { readonly from: Place; readonly to: Place };

/** Read CSV; a short line is filled up with empty cells. */
export function read(text: string): Sheet {
  const [header, ...rest] = lines(text);
  const columns = header?.cells ?? [];
  const as = new Map<readonly string[], string>();
  const rows = rest.map(({ cells, text: line }) => {
    const row = filled(cells, columns.length);
    as.set(row, line);
    return row;
  });
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  return { columns, rows, header: header?.text ?? "", as, end, mark: text.startsWith("\ufeff") };
}

/** The CSV of a sheet. Lines that nobody changed are as they were. */
export function written(sheet: Sheet): string {
  const rows = sheet.rows.map((row) => sheet.as.get(row) ?? spelledLine(row));
  return (sheet.mark ? "\ufeff" : "") + [sheet.header, ...rows].map((line) => line + sheet.end).join("");
}

function filled(row: readonly string[], width: number): readonly string[] {
  return row.length < width ? [...row, ...Array<string>(width - row.length).fill("")] : row;
}

export function withCell(sheet: Sheet, place: Place, value: string): Sheet {
  const row = sheet.rows[place.row];
  if (row === undefined || row[place.column] === value) return sheet;
  return { ...sheet, rows: sheet.rows.with(place.row, row.with(place.column, value)) };
}

/** The sheet with *cells* from *place* on: rows are added below where they are needed, columns never. */
export function withCells(sheet: Sheet, place: Place, cells: Cells): { sheet: Sheet; cut: number } {
  const width = sheet.columns.length;
  const rows = [...sheet.rows];
  let cut = 0;
  cells.forEach((given, offset) => {
    const index = place.row + offset;
    const row = [...(rows[index] ?? filled([], width))];
    given.forEach((value, across) => {
      if (place.column + across < width) row[place.column + across] = value;
      else if (value !== "") cut += 1;
    });
    rows[index] = row;
  });
  return { sheet: { ...sheet, rows }, cut };
}

export function cleared(sheet: Sheet, area: Area): Sheet {
  const { top, bottom, left, right } = bounds(area);
  const rows = sheet.rows.map((row, index) =>
    index < top || index > bottom ? row : row.map((cell, column) => (column < left || column > right ? cell : "")),
  );
  return { ...sheet, rows };
}

export function cellsOf(sheet: Sheet, area: Area): string[][] {
  const { top, bottom, left, right } = bounds(area);
  return sheet.rows.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));
}

export function withRow(sheet: Sheet, index: number): Sheet {
  return { ...sheet, rows: sheet.rows.toSpliced(index, 0, filled([], sheet.columns.length)) };
}

export function withoutRows(sheet: Sheet, area: Area): Sheet {
  const { top, bottom } = bounds(area);
  return { ...sheet, rows: sheet.rows.toSpliced(top, bottom - top + 1) };
}

export function bounds({ from, to }: Area): { top: number; bottom: number; left: number; right: number } {
  return {
    top: Math.min(from.row, to.row),
    bottom: Math.max(from.row, to.row),
    left: Math.min(from.column, to.column),
    right: Math.max(from.column, to.column),
  };
}

/** *place* inside the sheet. */
export function held(sheet: Sheet, place: Place): Place {
  return {
    row: Math.max(0, Math.min(place.row, sheet.rows.length - 1)),
    column: Math.max(0, Math.min(place.column, sheet.columns.length - 1)),
  };
}

/** The rows of *other* under the columns of *sheet*, found by name; or which columns do not fit. */
export function taken(sheet: Sheet, other: Sheet): { sheet: Sheet } | { missing: string[]; unknown: string[] } {
  const missing = sheet.columns.filter((name) => !other.columns.includes(name));
  const unknown = other.columns.filter((name) => !sheet.columns.includes(name));
  if (missing.length > 0 || unknown.length > 0) return { missing, unknown };
  const places = sheet.columns.map((name) => other.columns.indexOf(name));
  const before = new Map(sheet.rows.map((row) => [JSON.stringify(row), row]));
  const rows = other.rows.map((row) => {
    const ordered = places.map((place) => row[place] ?? "");
    // A row that says what a former one said stays that one, with its spelling.
    return before.get(JSON.stringify(ordered)) ?? ordered;
  });
  return { sheet: { ...sheet, rows } };
}

/** The row that *line* of the file (from 1) belongs to; null for the columns. */
export function rowAt(sheet: Sheet, line: number): number | null {
  let first = 1 + breaks(sheet.header) + 1;
  if (line < first) return null;
  for (let index = 0; index < sheet.rows.length; index += 1) {
    const row = sheet.rows[index] ?? [];
    first += 1 + breaks(sheet.as.get(row) ?? row.join());
    if (line < first) return index;
  }
  return sheet.rows.length > 0 ? sheet.rows.length - 1 : null;
}

function breaks(text: string): number {
  return text.split("\n").length - 1;
}
