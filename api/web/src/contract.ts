/** The calls that the editor makes, as the server answers them. Same origin, with the page's token. */

import { type Conflict, ConflictError, RefusedError, type Saved } from "./draft/saving.ts";
import type { Path, Table } from "./tree.ts";

export type Diagnostic = {
  code: string;
  severity: "error" | "warning" | "note";
  message: string;
  help: string | null;
  line: number;
  path: Path;
};
export type Line = { depth: number; words: string };
export type Tried = { name: string; expect: string; verdict: string; holds: boolean };
export type Trader = { reason: string; remedy: string; basis: string[]; appeal: string };
export type Answer = {
  text: string;
  content: Table | null;
  sentence: Line[];
  diagnostics: Diagnostic[];
  examples: Tried[];
  trader: Trader | null;
  ms: number;
};

/** A word of the vocabulary with its meaning; *of* is the kind of term that a fact holds. */
export type Word = {
  id: string;
  label: string;
  definition: string | null;
  kind: string;
  type?: string;
  unit?: string | null;
  operators?: { name: string; words: string }[];
  order?: string[];
  of?: string | null;
};

export type Question = { draft: string; path: string; text: string; content?: Table };

export async function desk(question: Question, signal: AbortSignal): Promise<Answer> {
  return (await answered(await call("POST", "/editor/desk", question, signal))) as Answer;
}

/** What a solver finds of a rule, of every declaration; *open* is how much it left open, *why* why it looked at nothing. */
export type Foreseen = { found: { words: string; article: string | null; goods: string | null }[]; open: number; why: string | null; ms: number };

export async function foresee(question: Question, signal: AbortSignal): Promise<Foreseen> {
  return (await answered(await call("POST", "/editor/foreseen", question, signal))) as Foreseen;
}

/** Save *text* of *path*; `ConflictError` where another revision was saved, `RefusedError` where it never will be. */
export async function save(draft: string, path: string, revision: number, text: string): Promise<Saved> {
  const response = await call("PUT", `/editor/drafts/${encodeURIComponent(draft)}`, { revision, path, text });
  if (response.status === 409) {
    const told = (await response.json()) as Conflict;
    throw new ConflictError({ revision: told.revision, by: told.by, at: told.at ?? null, text: told.text ?? null });
  }
  return (await answered(response)) as Saved;
}

const heard = new Map<string, Promise<Word[]>>();

/** Words of *kind* that *q* finds; the vocabulary of a release does not change, so each is asked for once. */
export function words(kind: string, q: string, more: Record<string, string> = {}): Promise<Word[]> {
  const query = new URLSearchParams({ kind, q, limit: "20", lang: document.documentElement.lang, ...more });
  const url = `/editor/words?${query}`;
  const known = heard.get(url);
  if (known !== undefined) return known;
  const asked = call("GET", url).then(answered) as Promise<Word[]>;
  heard.set(url, asked);
  asked.catch(() => heard.delete(url));
  return asked;
}

/** The sheet in *file* as CSV text, read by the server, which refuses formulas, merged cells and too many rows. */
export async function sheet(draft: string, path: string, file: File): Promise<string> {
  const form = new FormData();
  form.set("path", path);
  form.set("file", file);
  const url = `/editor/drafts/${encodeURIComponent(draft)}/sheet`;
  const response = await fetch(url, { method: "POST", body: form, headers: token() });
  return ((await answered(response)) as { text: string }).text;
}

function call(method: string, url: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { Accept: "application/json", ...token(), ...(body === undefined ? {} : { "Content-Type": "application/json" }) };
  return fetch(url, { method, headers, signal: signal ?? null, ...sent });
}

function token(): Record<string, string> {
  const held = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  return held === undefined ? {} : { "X-CSRF-Token": held };
}

async function answered(response: Response): Promise<unknown> {
  if (response.ok) return response.json();
  // A server in trouble may be well again soon; what it refuses stays refused.
  if (response.status >= 500 || response.status === 429) throw new Error(`${response.status}`);
  throw new RefusedError(problem(await response.json().catch(() => null)) ?? `${response.status}`);
}

/** A problem document (RFC 9457) in words: what is wrong, the mend, and each fault. */
function problem(told: unknown): string | null {
  if (typeof told !== "object" || told === null) return null;
  const { title, detail, errors } = told as { title?: string; detail?: string; errors?: { message?: string; help?: string }[] };
  const each = (errors ?? []).map((one) => [one.message, one.help].filter(Boolean).join(": "));
  return [title, detail, ...each].filter(Boolean).join(". ") || null;
}
