/** The table editor: the grid, what may be done with rows, import and export. */

import { useEffect, useId, useMemo, useState, useSyncExternalStore } from "react";
import { t } from "../catalogue/index.ts";
import { sheet as imported } from "../contract.ts";
import { ConflictView } from "../ui/conflict.tsx";
import { useLeaving } from "../ui/leaving.ts";
import { SavingStatus, undoing } from "../ui/status.tsx";
import { type Brought, TableDraft } from "./draft.ts";
import { Grid } from "./grid.tsx";
import { type Area, bounds, held, read, rowAt, taken, withoutRows, withRow } from "./sheet.ts";

const START = { row: 0, column: 0 };

export function TableEditor({ brought }: { brought: Brought }) {
  const [draft] = useState(() => new TableDraft(brought));
  const shown = useSyncExternalStore(draft.store.subscribe, draft.store.get);
  const [chosen, select] = useState<Area>({ from: START, to: START });
  const [told, tell] = useState("");
  const { sheet, diagnostics } = shown;
  const area = useMemo(() => ({ from: held(sheet, chosen.from), to: held(sheet, chosen.to) }), [sheet, chosen]);
  const marked = useMemo(() => new Set(diagnostics.map((fault) => rowAt(sheet, fault.line)).filter((row) => row !== null)), [sheet, diagnostics]);

  useEffect(() => {
    const flush = () => draft.flush();
    window.addEventListener("online", flush);
    return () => window.removeEventListener("online", flush);
  }, [draft]);
  useLeaving(shown.saving.is !== "saved", () => draft.flush());

  async function take(file: File) {
    try {
      const result = taken(sheet, read(await imported(brought.draft, brought.path, file)));
      if ("sheet" in result) {
        draft.edit(result.sheet);
        tell(t("table.imported", { rows: result.sheet.rows.length, file: file.name }));
      } else {
        const names = (columns: string[]) => columns.join(", ") || t("none");
        tell(t("table.columns", { file: file.name, missing: names(result.missing), unknown: names(result.unknown) }));
      }
    } catch (error) {
      tell(t("table.refused", { why: error instanceof Error ? error.message : String(error) }));
    }
  }

  function press(event: React.KeyboardEvent) {
    const wanted = undoing(event);
    if (wanted === null) return;
    event.preventDefault();
    draft[wanted]();
  }

  const { bottom } = bounds(area);
  return (
    <div className="editor" onKeyDown={press}>
      <div className="tools" role="group" aria-label={t("tools")}>
        <button type="button" disabled={!shown.undoable} onClick={() => draft.undo()}>
          {t("undo")}
        </button>
        <button type="button" disabled={!shown.redoable} onClick={() => draft.redo()}>
          {t("redo")}
        </button>
        <button type="button" onClick={() => draft.edit(withRow(sheet, sheet.rows.length === 0 ? 0 : bottom + 1))}>
          {t("table.add")}
        </button>
        <button type="button" disabled={sheet.rows.length === 0} onClick={() => draft.edit(withoutRows(sheet, area))}>
          {t("table.remove")}
        </button>
        <ImportButton take={(file) => void take(file)} />
        {(brought.exports ?? []).map(({ href, label }) => (
          <a key={href} href={href} download>
            {t("table.export")} {label}
          </a>
        ))}
        <SavingStatus state={shown.saving} />
        {shown.restored && <span className="state">{t("state.restored")}</span>}
      </div>
      {shown.saving.is === "conflict" && (
        <ConflictView conflict={shown.saving.conflict} mine={draft.text()} keep={() => draft.keepMine()} take={() => draft.takeTheirs()} />
      )}
      <p className="hint" id="table-help">
        {t("table.help")}
      </p>
      <p role="status" className="told">
        {told}
      </p>
      <Grid sheet={sheet} area={area} marked={marked} select={select} edit={(next) => draft.edit(next)} told={tell} />
      <p className="quiet">
        {sheet.rows.length === 0 ? t("table.empty") : t("table.size", { rows: sheet.rows.length, columns: sheet.columns.length })}
        {sheet.rows.length > 0 && ` · ${t("table.place", { row: area.to.row + 1, column: sheet.columns[area.to.column] ?? "" })}`}
      </p>
      {diagnostics.length > 0 && (
        <ol className="diagnostics">
          {diagnostics.map((fault, index) => {
            const row = rowAt(sheet, fault.line);
            const place = { row: row ?? 0, column: 0 };
            return (
              <li key={index} className={fault.severity}>
                <button type="button" onClick={() => select({ from: place, to: place })}>
                  <strong>{t(`severity.${fault.severity}`)}</strong> {fault.message} <span className="quiet">({t("line", { n: fault.line })})</span>
                </button>
                {fault.help && <p className="mend">{fault.help}</p>}
              </li>
            );
          })}
        </ol>
      )}
    </div>
  );
}

function ImportButton({ take }: { take(file: File): void }) {
  const id = useId();
  return (
    <span className="import">
      <label htmlFor={id}>{t("table.import")}</label>{" "}
      <input
        id={id}
        type="file"
        accept=".csv,.xlsx,text/csv"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) take(file);
          // The same file may be chosen again, once it was mended.
          event.target.value = "";
        }}
      />
    </span>
  );
}
