/** Someone else saved first: both texts side by side, and the choice which goes on. */

import { useEffect, useRef } from "react";
import { t } from "../catalogue/index.ts";
import type { Conflict } from "../draft/saving.ts";

type Props = { conflict: Conflict; mine: string; keep(): void; take(): void };

export function ConflictView({ conflict, mine, keep, take }: Props) {
  const by = conflict.by;
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  return (
    <section className="conflict" role="alertdialog" aria-labelledby="conflict-title" aria-describedby="conflict-why">
      <h2 id="conflict-title" tabIndex={-1} ref={head}>
        {t("conflict.title", { by })}
      </h2>
      <p id="conflict-why">{t("conflict.why")}</p>
      <div className="twin">
        <div>
          <h3>{t("conflict.mine")}</h3>
          <Text text={mine} other={conflict.text ?? ""} label={t("conflict.mine")} />
          <button type="button" className="main" onClick={keep}>
            {t("conflict.keep")}
          </button>
        </div>
        <div>
          <h3>{t("conflict.theirs", { by })}</h3>
          {conflict.text === null ? (
            <p>{t("conflict.gone", { by })}</p>
          ) : (
            <Text text={conflict.text} other={mine} label={t("conflict.theirs", { by })} />
          )}
          <button type="button" onClick={take}>
            {t("conflict.take")}
          </button>
        </div>
      </div>
    </section>
  );
}

function Text({ text, other, label }: { text: string; other: string; label: string }) {
  const shared = new Set(other.split("\n"));
  return (
    <pre dir="ltr" tabIndex={0} aria-label={label} role="group">
      {text.split("\n").map((line, index) =>
        shared.has(line) ? <span key={index}>{`${line}\n`}</span> : <mark key={index}>{`${line}\n`}</mark>,
      )}
    </pre>
  );
}
