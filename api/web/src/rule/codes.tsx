/** The Harmonized System, opened level by level, in a dialog. */

import { useEffect, useRef, useState } from "react";
import { t } from "../catalogue/index.ts";
import { type Word, words } from "../contract.ts";

export function CodesDialog({ take }: { take(code: string): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [trail, walk] = useState<Word[]>([]);
  const [open, setOpen] = useState(false);
  const [below, show] = useState<Word[] | "failed" | null>(null);
  const under = trail.at(-1)?.id ?? "";

  useEffect(() => {
    if (!open) return undefined;
    let current = true;
    show(null);
    words("code", "", { under, limit: "200" }).then(
      (found) => current && show(found),
      () => current && show("failed"),
    );
    return () => void (current = false);
  }, [open, under]);

  return (
    <>
      <button type="button" onClick={() => (setOpen(true), dialog.current?.showModal())}>
        {t("codes.browse")}
      </button>
      <dialog ref={dialog} aria-label={t("codes.browse")} onClose={() => setOpen(false)}>
        <p className="trail">
          <button type="button" className="small" onClick={() => walk([])}>
            {t("codes.top")}
          </button>
          {trail.map((word, index) => (
            <button type="button" className="small" key={word.id} onClick={() => walk(trail.slice(0, index + 1))}>
              {word.id}
            </button>
          ))}
          <button type="button" className="small end" onClick={() => dialog.current?.close()}>
            {t("close")}
          </button>
        </p>
        {below === "failed" && <p role="alert">{t("found.failed")}</p>}
        <ul className="codes" aria-busy={below === null}>
          {(Array.isArray(below) ? below : []).map((word) => (
            <li key={word.id}>
              <code>{word.id}</code> <span>{word.label}</span>
              <button
                type="button"
                className="small"
                aria-label={t("codes.take", { code: word.id })}
                onClick={() => (take(word.id), dialog.current?.close())}
              >
                {t("add")}
              </button>
              {word.id.length < 6 && (
                <button type="button" className="small" aria-label={t("codes.open", { code: word.id })} onClick={() => walk([...trail, word])}>
                  ›
                </button>
              )}
            </li>
          ))}
        </ul>
      </dialog>
    </>
  );
}
