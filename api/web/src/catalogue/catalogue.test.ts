import { expect, test } from "vitest";
import { CATALOGUES, said } from "./index.ts";
import { en } from "./en.ts";

const blanks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test.each(Object.keys(CATALOGUES))("the catalogue %s is complete and fills the same blanks", (language) => {
  const catalogue = CATALOGUES[language] ?? {};
  expect(Object.keys(catalogue).sort()).toEqual(Object.keys(en).sort());
  for (const [key, text] of Object.entries(en)) {
    expect(blanks(catalogue[key as keyof typeof en] ?? ""), `${language}: ${key}`).toEqual(blanks(text));
  }
});

test("a string that is missing shows its key", () => {
  expect(said("xx", "undo")).toBe("⟦undo⟧");
});

test("blanks are filled, and what has no value stays visible", () => {
  expect(said("en", "line", { n: 3 })).toBe("line 3");
  expect(said("en", "line")).toBe("line {n}");
});
