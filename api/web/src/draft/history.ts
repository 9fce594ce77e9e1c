/** What can be undone: values, oldest first, and which of them is shown. */

export type History<T> = { readonly past: readonly T[]; readonly now: T; readonly next: readonly T[]; readonly run: Run };
/** What the last change was of, and when (ms): typing on in one field is one step. */
type Run = { readonly of: string; readonly at: number } | null;

const KEPT = 500;
const PAUSE = 1500;

export function started<T>(now: T): History<T> {
  return { past: [], now, next: [], run: null };
}

/** The history with *value* as what is shown. Changes of the same field (*of*) without a pause are one step. */
export function changed<T>(history: History<T>, value: T, of: string, time: number): History<T> {
  const on = history.run !== null && of !== "" && history.run.of === of && time - history.run.at < PAUSE;
  const past = on && history.past.length > 0 ? history.past : [...history.past, history.now].slice(-KEPT);
  return { past, now: value, next: [], run: { of, at: time } };
}

/** The history with what is shown said in full: a completion of the same step, and no step of its own. */
export function completed<T>(history: History<T>, value: T): History<T> {
  return { ...history, now: value };
}

export function undone<T>(history: History<T>): History<T> {
  const now = history.past.at(-1);
  if (now === undefined) return history;
  return { past: history.past.slice(0, -1), now, next: [history.now, ...history.next], run: null };
}

export function redone<T>(history: History<T>): History<T> {
  const [now, ...next] = history.next;
  if (now === undefined) return history;
  return { past: [...history.past, history.now], now, next, run: null };
}
