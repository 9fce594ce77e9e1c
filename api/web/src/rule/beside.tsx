/** Beside the form, live: the rule in words, what to mend, how its examples go. */

import { t } from "../catalogue/index.ts";
import type { Answer, Diagnostic, Trader } from "../contract.ts";
import { verdictWords } from "./examples.tsx";

export function Beside({ answer, go }: { answer: Answer | null; go(fault: Diagnostic): void }) {
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
    </aside>
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
