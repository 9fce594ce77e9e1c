/** One table under edit: rows, their history, and the CSV text that is saved. */

import { type Answer, desk, type Diagnostic, type Question, save } from "../contract.ts";
import { keep, kept } from "../draft/backup.ts";
import { Checking } from "../draft/checking.ts";
import { changed, type History, redone, started, undone } from "../draft/history.ts";
import { resumed, Saving, type State } from "../draft/saving.ts";
import { after, Store } from "../draft/store.ts";
import { read, type Sheet, written } from "./sheet.ts";

/** What the page brings. *desk*: whether the desk checks tables; *exports*: links to the table as files. */
export type Brought = {
  draft: string;
  path: string;
  revision: number;
  text: string;
  desk?: boolean;
  exports?: { href: string; label: string }[];
};

export type Shown = {
  sheet: Sheet;
  undoable: boolean;
  redoable: boolean;
  saving: State;
  restored: boolean;
  diagnostics: readonly Diagnostic[];
};

export class TableDraft {
  readonly store: Store<Shown>;
  private history: History<Sheet>;
  private readonly saving: Saving;
  private readonly checking: Checking<Question, Answer>;

  constructor(private readonly page: Brought) {
    const work = kept(page.draft, page.path);
    const begin = resumed(work, page);
    this.history = started(read(begin.text));
    this.store = new Store<Shown>({ ...this.seen(), saving: { is: "saved" }, restored: begin.kept, diagnostics: [] });
    this.saving = new Saving(
      {
        put: (revision, text) => save(page.draft, page.path, revision, text),
        keep: (backup) => keep(page.draft, page.path, backup),
        told: (saving) => this.store.set({ saving }),
        after,
      },
      begin.kept && work !== null ? work.revision : page.revision,
    );
    this.checking = new Checking<Question, Answer>({
      ask: desk,
      answered: (answer) => this.store.set({ diagnostics: answer.diagnostics }),
      // What was said of other rows would mislead.
      failed: () => this.store.set({ diagnostics: [] }),
      after,
    });
    if (begin.kept) this.saving.change(begin.text);
    this.check(0);
  }

  edit(sheet: Sheet): void {
    if (sheet !== this.history.now) this.turn(changed(this.history, sheet, "", Date.now()));
  }

  undo(): void {
    this.turn(undone(this.history));
  }

  redo(): void {
    this.turn(redone(this.history));
  }

  flush(): void {
    this.saving.flush();
  }

  text(): string {
    return written(this.history.now);
  }

  keepMine(): void {
    this.saving.settle(this.text());
  }

  takeTheirs(): void {
    const { saving } = this.store.get();
    if (saving.is !== "conflict") return;
    const { text } = saving.conflict;
    this.saving.yield();
    this.history = changed(this.history, read(text ?? ""), "", Date.now());
    this.store.set(this.seen());
    if (text === null) this.saving.change("");
  }

  private turn(history: History<Sheet>): void {
    if (history === this.history) return;
    this.history = history;
    this.store.set(this.seen());
    this.saving.change(this.text());
    this.check();
  }

  private check(pause?: number): void {
    const { draft, path } = this.page;
    if (this.page.desk) this.checking.ask({ draft, path, text: this.text() }, pause);
  }

  private seen(): Pick<Shown, "sheet" | "undoable" | "redoable"> {
    const { past, now, next } = this.history;
    return { sheet: now, undoable: past.length > 0, redoable: next.length > 0 };
  }
}
