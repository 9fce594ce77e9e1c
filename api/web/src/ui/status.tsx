/** Whether the work is saved, in words that are read out. */

import { t } from "../catalogue/index.ts";
import type { State } from "../draft/saving.ts";

export function SavingStatus({ state }: { state: State }) {
  const grave = state.is === "offline" || state.is === "refused" || state.is === "conflict";
  return (
    <span className={grave ? "state grave" : "state"} role="status" data-state={state.is}>
      {wordsOf(state)}
    </span>
  );
}

function wordsOf(state: State): string {
  if (state.is === "refused") return t("state.refused", { why: state.why });
  if (state.is === "conflict") return t("state.conflict", { by: state.conflict.by });
  return t(`state.${state.is}`);
}

/** Whether a key stroke asks to undo or redo, and which. */
export function undoing(event: { key: string; ctrlKey: boolean; metaKey: boolean; shiftKey: boolean; altKey: boolean }): "undo" | "redo" | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" ? "redo" : null;
}
