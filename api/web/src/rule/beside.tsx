/** Beside the form, live: the rule in words, what to mend, how its examples go. */

import { t } from "../catalogue/index.ts";
import type { Answer, Diagnostic, Foreseen, Trader } from "../contract.ts";
import type { Shown } from "./draft.ts";
import { verdictWords } from "./examples.tsx";

type Props = { answer: Answer | null; foreseen: Shown["foreseen"]; go(fault: Diagnostic): void };

export function Beside({ answer, foreseen, go }: Props) {
  return (
    <aside className="beside" aria-label={t("beside")} tabIndex={0}>
      <section>
        <h2>{t("diagnostics")}</h2>
        <Diagnostics faults={answer?.diagnostics ?? []} go={go} known={answer !== null} />
      </section>
      <section>
        <h2>{t("sentence")}</h2>
        <div className="sentence">
          {(answer?.sentence ?? []).map((line, index) => (
            <p dir="auto" className={`depth depth-${Math.min(line.depth, 6)}`} key={index}>
              {line.words}
            </p>
          ))}
          {answer?.sentence.length === 0 && <p className="quiet">{t("sentence.none")}</p>}
        </div>
      </section>
      <section>
        <h2>{t("verdicts")}</h2>
        <ul className="verdicts">
          {(answer?.examples ?? []).map((example, index) => (
            <li dir="auto" key={index} className={example.holds ? "holds" : "fails"}>
              <span aria-hidden="true">{example.holds ? "✓" : "✗"}</span> {example.name}:{" "}
              <strong>
                {example.holds
                  ? `${verdictWords(example.verdict)} (${t("verdict.holds")})`
                  : t("verdict.fails", { expect: verdictWords(example.expect), verdict: verdictWords(example.verdict) })}
              </strong>
            </li>
          ))}
        </ul>
        {answer?.examples.length === 0 && <p className="quiet">{t("verdicts.none")}</p>}
      </section>
      <section>
        <h2>{t("foreseen")}</h2>
        <p className="quiet" role="status">
          {foreseenWords(foreseen)}
        </p>
        {foreseen.is === "done" && <Found answer={foreseen.answer} />}
      </section>
    </aside>
  );
}

function foreseenWords(foreseen: Shown["foreseen"]): string {
  if (foreseen.is !== "done") return t(`foreseen.${foreseen.is}`);
  const { found, open, why, ms } = foreseen.answer;
  if (why !== null) return t("foreseen.why", { why });
  const told = found.length === 0 ? t("foreseen.nothing") : t("foreseen.found", { n: found.length });
  const left = open === 0 ? "" : ` ${t("foreseen.open", { n: open })}`;
  return `${told}${left} (${t("foreseen.ms", { s: (ms / 1000).toFixed(1) })})`;
}

function Found({ answer }: { answer: Foreseen }) {
  return (
    <ul className="diagnostics">
      {answer.found.map((one, index) => (
        <li key={index} className="warning" lang="en" dir="ltr">
          {one.words} {one.article && <span className="quiet">({one.article})</span>}
          {one.goods && (
            <details>
              <summary lang={document.documentElement.lang} dir="auto">
                {t("foreseen.goods")}
              </summary>
              <pre tabIndex={0}>{one.goods}</pre>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

function Diagnostics({ faults, go, known }: { faults: readonly Diagnostic[]; go(fault: Diagnostic): void; known: boolean }) {
  if (faults.length === 0) return known ? <p className="quiet">{t("diagnostics.none")}</p> : null;
  return (
    <ol className="diagnostics">
      {faults.map((fault, index) => (
        <li key={index} className={fault.severity}>
          <button type="button" onClick={() => go(fault)}>
            <strong>{t(`severity.${fault.severity}`)}</strong> {fault.message} <span className="quiet">({t("line", { n: fault.line })})</span>
          </button>
          {fault.help && <p className="mend">{fault.help}</p>}
        </li>
      ))}
    </ol>
  );
}

export function TraderView({ trader }: { trader: Trader | null }) {
  if (trader === null) return <p className="quiet">{t("trader.none")}</p>;
  const rows = [
    [t("trader.reason"), trader.reason],
    [t("trader.remedy"), trader.remedy],
    [t("trader.basis"), trader.basis.join("; ")],
    [t("trader.appeal"), trader.appeal],
  ].filter(([, words]) => words);
  return (
    <dl>
      {rows.map(([name, words]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}
