/** Numbers as people type them. */

const DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g;

/** The number that *text* says, with a point or a comma and Latin or Arabic digits; null where it is none.

 A number whose digits would not survive is none: a threshold is never rounded in silence. */
export function numberOf(text: string): number | null {
  const plain = text
    .trim()
    .replace(DIGITS, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replace(/[,\u066b]/, ".");
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(plain)) return null;
  const digits = plain.replace(/^-?0*\.?0*/, "").replace(".", "");
  return digits.length > 15 ? null : Number(plain);
}

/** A number in plain digits: never with an exponent, which few read. */
export function plainly(number: number): string {
  const text = String(number);
  return text.includes("e") ? number.toFixed(20).replace(/\.?0+$/, "") : text;
}
