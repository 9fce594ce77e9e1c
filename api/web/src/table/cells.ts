/** Tables as text: CSV as files hold it, TSV as spreadsheets put it on the clipboard. */

export type Cells = readonly (readonly string[])[];

/** One line of a table: its cells, and how it was written, without its end. */
export type Line = { readonly cells: readonly string[]; readonly text: string };

/** The lines of a delimited text; quotes hold delimiters, line ends and doubled quotes. A last empty line is none. */
export function lines(text: string, delimiter: "," | "\t" = ","): Line[] {
  const found: Line[] = [];
  const plain = text.startsWith("\ufeff") ? text.slice(1) : text;
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  let start = 0;
  const close = (end: number, next: number) => {
    found.push({ cells: [...cells, cell], text: plain.slice(start, end) });
    cells = [];
    cell = "";
    start = next;
  };
  for (let index = 0; index < plain.length; index += 1) {
    const sign = plain[index] as string;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (plain[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === delimiter) {
      cells.push(cell);
      cell = "";
    } else if (sign === "\n" || sign === "\r") {
      const end = index;
      if (sign === "\r" && plain[index + 1] === "\n") index += 1;
      close(end, index + 1);
    } else cell += sign;
  }
  if (start < plain.length) close(plain.length, plain.length);
  return found;
}

export function parsed(text: string, delimiter: "," | "\t" = ","): Cells {
  return lines(text, delimiter).map((line) => line.cells);
}

/** The text of *rows*, a line each; only cells that need it are quoted. */
export function formatted(rows: Cells, delimiter: "," | "\t" = ",", end = "\n"): string {
  return rows.map((row) => spelledLine(row, delimiter) + end).join("");
}

export function spelledLine(row: readonly string[], delimiter: "," | "\t" = ","): string {
  // A line of one empty cell would be read as no line at all.
  if (row.length === 1 && row[0] === "") return '""';
  return row.map((cell) => spelled(cell, delimiter)).join(delimiter);
}

function spelled(cell: string, delimiter: string): string {
  const needs = cell.includes(delimiter) || cell.includes('"') || cell.includes("\n") || cell.includes("\r");
  return needs ? `"${cell.replaceAll('"', '""')}"` : cell;
}
