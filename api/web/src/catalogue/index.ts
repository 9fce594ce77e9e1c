/** What the editor says, in the language of the page. A string that is missing shows its key. */

import { ar } from "./ar.ts";
import { en } from "./en.ts";
import { fr } from "./fr.ts";

export type Key = keyof typeof en;
export type Catalogue = Partial<Record<Key, string>>;

export const CATALOGUES: Record<string, Catalogue> = { en, fr, ar };

/** The string of *key* in *language*, with each `{name}` filled in. */
export function said(language: string, key: Key, values: Record<string, string | number> = {}): string {
  const found = CATALOGUES[language]?.[key];
  if (found === undefined) return `⟦${key}⟧`;
  return found.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The string of *key* in the language of the page. */
export function t(key: Key, values?: Record<string, string | number>): string {
  return said(document.documentElement.lang.split("-")[0] || "en", key, values);
}
