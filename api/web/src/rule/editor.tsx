/** The rule editor: form and TOML of one draft, and beside them what the desk says of it. */

import { lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { type Key, t } from "../catalogue/index.ts";
import type { Diagnostic } from "../contract.ts";
import type { State } from "../draft/saving.ts";
import { ConflictView } from "../ui/conflict.tsx";
import { useLeaving } from "../ui/leaving.ts";
import { SavingStatus, undoing } from "../ui/status.tsx";
import { About } from "./about.tsx";
import { Bases } from "./bases.tsx";
import { Beside } from "./beside.tsx";
import { Conditions } from "./conditions.tsx";
import { Consequence } from "./consequence.tsx";
import { type Brought, RuleDraft, type Shown } from "./draft.ts";
import { EditingContext, goTo } from "./editing.tsx";
import { Examples } from "./examples.tsx";
import { Proportionality, Provisional } from "./proportion.tsx";

const Toml = lazy(async () => ({ default: (await import("./toml.tsx")).Toml }));

type View = "form" | "toml";
const VIEWS: readonly View[] = ["form", "toml"];
const TOML_PANEL = { role: "tabpanel", id: "panel-toml", "aria-labelledby": "tab-toml" };
const NONE: readonly Diagnostic[] = [];

export function RuleEditor({ brought }: { brought: Brought }) {
  const [draft] = useState(() => new RuleDraft(brought));
  const shown = useSyncExternalStore(draft.store.subscribe, draft.store.get);
  const [view, look] = useState<View>(brought.form === false ? "toml" : "form");
  const [line, goLine] = useState<{ at: number } | null>(null);
  const form = useRef<HTMLDivElement>(null);
  const faults = shown.answer?.diagnostics ?? NONE;

  useEffect(() => {
    const online = () => draft.online();
    window.addEventListener("online", online);
    return () => window.removeEventListener("online", online);
  }, [draft]);
  useLeaving(savingOf(shown).is !== "saved", () => draft.flush());

  const editing = useMemo(
    () => ({ content: shown.now.content, diagnostics: faults, edit: draft.edit.bind(draft) }),
    [draft, shown.now.content, faults],
  );

  function go(fault: Diagnostic) {
    // What has no field, such as an unknown key, is shown in the text.
    const found = view === "form" && form.current !== null && goTo(form.current, fault.path);
    if (!found) {
      look("toml");
      goLine({ at: fault.line });
    }
  }

  function press(event: React.KeyboardEvent) {
    const wanted = undoing(event);
    if (wanted === null) return;
    event.preventDefault();
    draft[wanted]();
  }

  return (
    <div className="editor" onKeyDown={press}>
      <Tools draft={draft} shown={shown} />
      {shown.saving.is === "conflict" && (
        <ConflictView conflict={shown.saving.conflict} mine={shown.now.text} keep={() => draft.keepMine()} take={() => draft.takeTheirs()} />
      )}
      <div className="halves">
        <div className="written">
          {brought.form !== false && <Tabs view={view} look={look} />}
          {!shown.now.readable && brought.form !== false && (
            <p className="problem" role="alert">
              {t("unreadable")}
            </p>
          )}
          {brought.form !== false && (
            <div role="tabpanel" id="panel-form" aria-labelledby="tab-form" hidden={view !== "form"} ref={form}>
              <fieldset className="bare" disabled={!shown.now.readable}>
                <EditingContext value={editing}>
                  <Form shown={shown} />
                </EditingContext>
              </fieldset>
            </div>
          )}
          <div {...(brought.form !== false && TOML_PANEL)} hidden={view !== "toml"}>
            {view === "toml" && (
              <Suspense fallback={<p>{t("loading")}</p>}>
                <Toml
                  text={shown.now.text}
                  faults={faults}
                  write={(text) => draft.write(text)}
                  undo={() => draft.undo()}
                  redo={() => draft.redo()}
                  at={line}
                />
              </Suspense>
            )}
          </div>
        </div>
        <Beside answer={shown.answer} foreseen={shown.foreseen} go={go} />
      </div>
    </div>
  );
}

function Tools({ draft, shown }: { draft: RuleDraft; shown: Shown }) {
  return (
    <div className="tools" role="group" aria-label={t("tools")}>
      <button type="button" disabled={!shown.undoable} onClick={() => draft.undo()}>
        {t("undo")}
      </button>
      <button type="button" disabled={!shown.redoable} onClick={() => draft.redo()}>
        {t("redo")}
      </button>
      <SavingStatus state={savingOf(shown)} />
      {shown.restored && <span className="state">{t("state.restored")}</span>}
      <span className={shown.checking.is === "done" || shown.checking.is === "asked" ? "state end quiet" : "state end grave"}>{checkingWords(shown)}</span>
    </div>
  );
}

/** What no text says yet is not saved, whatever became of the text. */
function savingOf({ now, saving, checking }: Shown): State {
  if (now.newer !== "content" || saving.is !== "saved") return saving;
  return { is: checking.is === "failed" ? "offline" : "waiting" };
}

function checkingWords({ checking, answer }: Shown): string {
  if (checking.is === "refused") return t("checking.refused", { why: checking.why });
  if (checking.is === "failed") return t("checking.failed");
  return checking.is === "asked" || answer === null ? t("checking") : t("checked", { ms: Math.round(answer.ms) });
}

function Tabs({ view, look }: { view: View; look(view: View): void }) {
  const press = (event: React.KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = VIEWS.find((each) => each !== view) ?? view;
    look(other);
    document.getElementById(`tab-${other}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={t("tabs")} onKeyDown={press}>
      {VIEWS.map((each) => (
        <button
          key={each}
          id={`tab-${each}`}
          type="button"
          role="tab"
          aria-selected={view === each}
          aria-controls={`panel-${each}`}
          tabIndex={view === each ? 0 : -1}
          onClick={() => look(each)}
        >
          {t(`tab.${each}`)}
        </button>
      ))}
    </div>
  );
}

const PARTS: readonly [Key, Key | null, (shown: Shown) => React.ReactNode][] = [
  ["about", null, () => <About />],
  ["when", null, () => <Conditions name="when" />],
  ["unless", "unless.hint", () => <Conditions name="unless" />],
  ["then", null, (shown) => <Consequence trader={shown.answer?.trader ?? null} />],
  ["bases", "bases.hint", () => <Bases />],
  ["proportionality", "proportionality.hint", () => <Proportionality />],
  ["provisional", "provisional.hint", () => <Provisional />],
  ["examples", "examples.hint", () => <Examples />],
];

function Form({ shown }: { shown: Shown }) {
  return (
    <>
      <nav className="jump" aria-label={t("sections")}>
        {PARTS.map(([key]) => (
          <a key={key} href={`#part-${key}`}>
            {t(key)}
          </a>
        ))}
      </nav>
      {PARTS.map(([key, hint, part]) => (
        <section key={key} id={`part-${key}`} className="part" aria-labelledby={`head-${key}`}>
          <h2 id={`head-${key}`}>{t(key)}</h2>
          {hint && <p className="hint">{t(hint)}</p>}
          {part(shown)}
        </section>
      ))}
    </>
  );
}
