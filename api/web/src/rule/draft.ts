/** One rule under edit: its text and its content say the same, once the desk has answered.

 The form changes the content, from which the desk writes the text; the TOML view changes the text, from which it
 reads the content. One history undoes both, and what is saved is the text.
*/

import { type Answer, desk, foresee, type Foreseen, type Question, save } from "../contract.ts";
import { keep, kept } from "../draft/backup.ts";
import { Checking } from "../draft/checking.ts";
import { changed, completed, type History, redone, started, undone } from "../draft/history.ts";
import { RefusedError, resumed, Saving, type State } from "../draft/saving.ts";
import { after, Store } from "../draft/store.ts";
import type { Table } from "../tree.ts";

/** What the page brings. *form* is false for files that are no rule, which are written as text only. */
export type Brought = { draft: string; path: string; revision: number; text: string; content: Table | null; form?: boolean };

/** *newer* is which of the two was written by the author and not yet answered. */
export type Snapshot = { text: string; content: Table; newer: "text" | "content" | null; readable: boolean };

export type Shown = {
  now: Snapshot;
  undoable: boolean;
  redoable: boolean;
  answer: Answer | null;
  checking: { is: "done" | "asked" | "failed" } | { is: "refused"; why: string };
  /** What is found of every declaration: a second, slower answer, of a rule without errors only. */
  foreseen: { is: "none" | "asked" | "failed" } | { is: "done"; answer: Foreseen };
  saving: State;
  restored: boolean;
};

type Asking = { snapshot: Snapshot; question: Question };
const AGAIN = 3_000;
/** The slower question waits for a longer rest: to ask it costs the server more. */
const REST = 1_000;

export class RuleDraft {
  readonly store: Store<Shown>;
  private history: History<Snapshot>;
  private readonly saving: Saving;
  private readonly checking: Checking<Asking, Answer>;
  private readonly foreseeing: Checking<Question, Foreseen>;

  constructor(private readonly page: Brought) {
    const work = kept<Table>(page.draft, page.path);
    const begin = resumed(work, page);
    const pending = work?.content;
    const taken = begin.kept || pending !== undefined;
    this.history = started({
      text: begin.text,
      content: pending ?? page.content ?? {},
      newer: pending ? "content" : page.content === null || begin.kept ? "text" : null,
      readable: page.content !== null || pending !== undefined,
    });
    this.store = new Store<Shown>({
      ...this.seen(),
      answer: null,
      checking: { is: "asked" },
      foreseen: { is: "none" },
      saving: { is: "saved" },
      restored: taken,
    });
    this.saving = new Saving(
      {
        put: (revision, text) => save(page.draft, page.path, revision, text),
        keep: (backup) => this.keep(backup?.text ?? null),
        told: (saving) => this.store.set({ saving }),
        after,
      },
      // Work on an older revision is saved by that one: the server then tells who was first.
      taken && work !== null ? work.revision : page.revision,
    );
    this.checking = new Checking({
      ask: ({ question }, signal) => desk(question, signal),
      answered: (answer, { snapshot }) => this.answered(answer, snapshot),
      failed: (error) => this.failed(error),
      after,
    });
    this.foreseeing = new Checking({
      ask: foresee,
      answered: (answer) => this.store.set({ foreseen: { is: "done", answer } }),
      failed: () => this.store.set({ foreseen: { is: "failed" } }),
      after,
    });
    if (begin.kept) this.saving.change(begin.text);
    this.ask(0);
  }

  /** A change by the form. */
  edit(change: (content: Table) => Table, of = ""): void {
    const { now } = this.history;
    const content = change(now.content);
    if (content === now.content || !now.readable) return;
    this.next({ text: now.text, content, newer: "content", readable: true }, of);
  }

  /** A change of the text itself. */
  write(text: string): void {
    const { now } = this.history;
    if (text === now.text && now.newer !== "content") return;
    this.next({ ...now, text, newer: "text" }, "toml");
    this.saving.change(text);
  }

  undo(): void {
    this.turn(undone(this.history));
  }

  redo(): void {
    this.turn(redone(this.history));
  }

  /** The connection is back. */
  online(): void {
    this.saving.flush();
    if (this.store.get().checking.is === "failed") this.ask(0);
  }

  flush(): void {
    this.saving.flush();
  }

  keepMine(): void {
    this.saving.settle(this.history.now.text);
  }

  takeTheirs(): void {
    const { saving } = this.store.get();
    if (saving.is !== "conflict") return;
    const { text } = saving.conflict;
    this.saving.yield();
    this.next({ ...this.history.now, text: text ?? "", newer: "text" }, "");
  }

  private turn(history: History<Snapshot>): void {
    if (history === this.history) return;
    this.history = history;
    this.store.set(this.seen());
    if (history.now.newer !== "content") this.saving.change(history.now.text);
    else this.keep(history.now.text);
    this.ask(0);
  }

  private next(snapshot: Snapshot, of: string): void {
    this.history = changed(this.history, snapshot, of, Date.now());
    this.store.set(this.seen());
    if (snapshot.newer === "content") this.keep(snapshot.text);
    this.ask();
  }

  private ask(pause?: number): void {
    const { now } = this.history;
    const { draft, path } = this.page;
    const question: Question = { draft, path, text: now.text, ...(now.newer === "content" && { content: now.content }) };
    if (this.store.get().checking.is !== "failed") this.store.set({ checking: { is: "asked" } });
    // What was found of other words would mislead.
    this.foreseeing.drop();
    this.store.set({ foreseen: { is: "none" } });
    this.checking.ask({ snapshot: now, question }, pause);
  }

  private answered(answer: Answer, asked: Snapshot): void {
    // An answer that is not to what stands now would undo what was typed since.
    if (this.history.now !== asked) return;
    const content = asked.newer === "content" ? asked.content : answer.content;
    const full: Snapshot = {
      text: answer.text,
      content: content ?? asked.content,
      newer: null,
      readable: content !== null,
    };
    const written = answer.text !== asked.text;
    this.history = completed(this.history, full);
    this.store.set({ ...this.seen(), answer, checking: { is: "done" } });
    this.foresee(answer);
    if (written) this.saving.change(answer.text);
    else if (asked.newer === "content" && this.saving.state.is === "saved") this.keep(null);
  }

  private foresee({ text, diagnostics }: Answer): void {
    if (this.page.form === false || diagnostics.some((one) => one.severity === "error")) return;
    const { draft, path } = this.page;
    this.store.set({ foreseen: { is: "asked" } });
    this.foreseeing.ask({ draft, path, text }, REST);
  }

  private failed(error: unknown): void {
    if (error instanceof RefusedError) {
      this.store.set({ checking: { is: "refused", why: error.message } });
      return;
    }
    // It stays failed in words until there is an answer.
    this.store.set({ checking: { is: "failed" } });
    this.ask(AGAIN);
  }

  /** Keep what the server does not have: *text*, and the content that no text says yet. */
  private keep(text: string | null): void {
    const { now } = this.history;
    const pending = now.newer === "content" ? { content: now.content } : {};
    const work = text === null && now.newer !== "content" ? null : { revision: this.saving.revision, text: text ?? now.text, ...pending };
    keep(this.page.draft, this.page.path, work);
  }

  private seen(): Pick<Shown, "now" | "undoable" | "redoable"> {
    const { past, now, next } = this.history;
    return { now, undoable: past.length > 0, redoable: next.length > 0 };
  }
}
