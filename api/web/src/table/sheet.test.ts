import { expect, test } from "vitest";
import { cellsOf, cleared, read, rowAt, taken, withCell, withCells, withoutRows, withRow, written } from "./sheet.ts";

const TEXT = 'id,name,rate\r\n1,"quoted",0.20\r\n2,"two\r\nlines",1\r\n';

test("an unchanged table is given back to the byte", () => {
  expect(written(read(TEXT))).toBe(TEXT);
  expect(written(read("\ufeffa,b\n1,2\n"))).toBe("\ufeffa,b\n1,2\n");
});

test("a changed cell changes its own line only", () => {
  const sheet = withCell(read(TEXT), { row: 0, column: 2 }, "0.5");
  expect(written(sheet)).toBe('id,name,rate\r\n1,quoted,0.5\r\n2,"two\r\nlines",1\r\n');
});

test("a paste fills cells, adds rows below and says what did not fit", () => {
  const { sheet, cut } = withCells(read("a,b\n1,2\n"), { row: 0, column: 1 }, [["x", "y"], ["z"]]);
  expect(sheet.rows).toEqual([["1", "x"], ["", "z"]]);
  expect(cut).toBe(1);
});

test("what is copied is what is pasted", () => {
  const sheet = read("a,b,c\n1,2,3\n4,5,6\n");
  const copied = cellsOf(sheet, { from: { row: 1, column: 2 }, to: { row: 0, column: 1 } });
  expect(copied).toEqual([["2", "3"], ["5", "6"]]);
  expect(withCells(sheet, { row: 0, column: 1 }, copied).sheet.rows).toEqual(sheet.rows);
});

test("rows come and go, and cells are emptied", () => {
  const sheet = read("a,b\n1,2\n3,4\n");
  expect(withRow(sheet, 1).rows).toEqual([["1", "2"], ["", ""], ["3", "4"]]);
  expect(withoutRows(sheet, { from: { row: 0, column: 0 }, to: { row: 0, column: 1 } }).rows).toEqual([["3", "4"]]);
  expect(cleared(sheet, { from: { row: 0, column: 1 }, to: { row: 1, column: 1 } }).rows).toEqual([["1", ""], ["3", ""]]);
});

test("a row that nobody touched is the same object, so that it is not drawn again", () => {
  const sheet = read("a,b\n1,2\n3,4\n");
  expect(withCell(sheet, { row: 0, column: 0 }, "9").rows[1]).toBe(sheet.rows[1]);
});

test("an imported table is taken by the names of its columns, whatever their order", () => {
  const sheet = read('a,b\n1,"2"\n');
  const result = taken(sheet, read("b,a\n2,1\n4,3\n"));
  expect("sheet" in result && written(result.sheet)).toBe('a,b\n1,"2"\n3,4\n');
});

test("a table with other columns is not taken, and says which", () => {
  expect(taken(read("a,b\n"), read("a,c\n"))).toEqual({ missing: ["b"], unknown: ["c"] });
});

test("a line of the file leads to its row", () => {
  const sheet = read('a,b\n1,"x\ny"\n3,4\n');
  expect([1, 2, 3, 4].map((line) => rowAt(sheet, line))).toEqual([null, 0, 0, 1]);
});
