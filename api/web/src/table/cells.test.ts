import { expect, test } from "vitest";
import { formatted, parsed } from "./cells.ts";

test("quotes hold delimiters, line ends and quotes", () => {
  expect(parsed('a\t"b\tc"\r\n"say ""no"""\t"two\nlines"\r\n', "\t")).toEqual([["a", "b\tc"], ['say "no"', "two\nlines"]]);
});

test("a quote inside a cell is a sign like others", () => {
  expect(parsed('12" pipe,x\n')).toEqual([['12" pipe', "x"]]);
});

test("empty cells stay and a last line end starts no row", () => {
  expect(parsed("a,,\n,,\n")).toEqual([["a", "", ""], ["", "", ""]]);
  expect(parsed("a\n\nb")).toEqual([["a"], [""], ["b"]]);
  expect(parsed("")).toEqual([]);
});

/** Small and repeatable: every failure can be made again. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1664525 + 1013904223) % 4294967296;
    yield state;
  }
}

test("what is written is read again, whatever the cells hold", () => {
  const signs = ["a", '"', ",", "\t", "\n", "\r", " ", "é", "ع", ""];
  const random = numbers(7);
  const next = (below: number) => (random.next().value as number) % below;
  for (let round = 0; round < 300; round += 1) {
    const width = 1 + next(4);
    const cell = () => Array.from({ length: next(5) }, () => signs[next(signs.length)]).join("");
    const rows = Array.from({ length: 1 + next(4) }, () => Array.from({ length: width }, cell));
    for (const delimiter of [",", "\t"] as const) expect(parsed(formatted(rows, delimiter), delimiter)).toEqual(rows);
  }
});
