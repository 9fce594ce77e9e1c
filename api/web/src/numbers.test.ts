import { expect, test } from "vitest";
import { numberOf, plainly } from "./numbers.ts";

test("a point, a comma and Arabic digits say the same", () => {
  expect([numberOf("0.5"), numberOf("0,5"), numberOf("٠٫٥"), numberOf(" ۰.۵ ")]).toEqual([0.5, 0.5, 0.5, 0.5]);
});

test("what is no number, or would lose digits, is none", () => {
  for (const text of ["", "-", "1e3", "1.2.3", "0x10", "0.12345678901234567", "many"]) expect(numberOf(text)).toBeNull();
});

test("a small number is written in plain digits", () => {
  expect(plainly(0.0000001)).toBe("0.0000001");
  expect(plainly(36)).toBe("36");
});
