/** Work that is kept on this machine until the server has it. A browser that keeps nothing is no error. */

import type { Backup } from "./saving.ts";

/** A backup, with content that no desk has yet written as text. */
export type Work<C> = Backup & { content?: C };

function key(draft: string, path: string): string {
  return `commensura draft ${draft} ${path}`;
}

export function kept<C>(draft: string, path: string): Work<C> | null {
  try {
    const held = localStorage.getItem(key(draft, path));
    return held === null ? null : (JSON.parse(held) as Work<C>);
  } catch {
    return null;
  }
}

export function keep<C>(draft: string, path: string, work: Work<C> | null): void {
  try {
    if (work === null) localStorage.removeItem(key(draft, path));
    else localStorage.setItem(key(draft, path), JSON.stringify(work));
  } catch {
    // Full or forbidden: the server still gets what is typed.
  }
}
