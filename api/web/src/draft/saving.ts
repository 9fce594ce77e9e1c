/** A text that is saved as it is written: one request at a time, nothing lost offline or on a conflict. */

/** Someone else saved first: their revision, who and when, and their text (null: they removed the file). */
export type Conflict = { revision: number; by: string; at: string | null; text: string | null };
export type Saved = { revision: number };

export class ConflictError extends Error {
  constructor(readonly conflict: Conflict) {
    super("saved by someone else first");
  }
}

/** The server answered and refused: trying again would be refused again. */
export class RefusedError extends Error {}

export type State =
  | { is: "saved" | "waiting" | "saving" | "offline" }
  | { is: "refused"; why: string }
  | { is: "conflict"; conflict: Conflict };

/** What is kept on this machine until the server has it: on which revision it was written, and the work. */
export type Backup = { revision: number; text: string };

export type Doors = {
  put(revision: number, text: string): Promise<Saved>;
  keep(backup: Backup | null): void;
  told(state: State): void;
  /** Call *then* after *ms*; the answer stops that. */
  after(ms: number, then: () => void): () => void;
};

const QUIET = 800;
const RETRIES = [2_000, 5_000, 15_000, 30_000];

export class Saving {
  private wanted: string | null = null;
  private flying = false;
  private failures = 0;
  private stop: (() => void) | null = null;
  private at: State = { is: "saved" };

  constructor(
    private readonly doors: Doors,
    public revision: number,
  ) {}

  get state(): State {
    return this.at;
  }

  /** Save *text* once typing rests. It is kept on this machine at once. */
  change(text: string): void {
    this.wanted = text;
    this.doors.keep({ revision: this.revision, text });
    if (this.at.is === "conflict") return;
    if (this.at.is !== "offline") this.tell({ is: "waiting" });
    this.plan(QUIET);
  }

  /** Save now what is waiting: the connection is back, or the page is about to go. */
  flush(): void {
    if (this.wanted !== null && this.at.is !== "conflict") void this.send();
  }

  /** End a conflict by saving *text* over what the other one saved. */
  settle(text: string): void {
    if (this.at.is !== "conflict") return;
    this.revision = this.at.conflict.revision;
    this.at = { is: "waiting" };
    this.wanted = text;
    this.doors.keep({ revision: this.revision, text });
    void this.send();
  }

  /** End a conflict by taking what the other one saved; what was written here is let go. */
  yield(): void {
    if (this.at.is !== "conflict") return;
    this.revision = this.at.conflict.revision;
    this.wanted = null;
    this.doors.keep(null);
    this.tell({ is: "saved" });
  }

  private plan(ms: number): void {
    this.stop?.();
    this.stop = this.doors.after(ms, () => void this.send());
  }

  private async send(): Promise<void> {
    this.stop?.();
    this.stop = null;
    // What is written meanwhile goes with the next request.
    if (this.flying || this.wanted === null) return;
    const text = this.wanted;
    this.flying = true;
    this.tell({ is: "saving" });
    try {
      const { revision } = await this.doors.put(this.revision, text);
      this.revision = revision;
      this.failures = 0;
      this.flying = false;
      this.landed(text);
    } catch (error) {
      this.flying = false;
      this.failed(error);
    }
  }

  private landed(text: string): void {
    if (this.wanted === text) {
      this.wanted = null;
      this.doors.keep(null);
      this.tell({ is: "saved" });
    } else if (this.wanted !== null) {
      this.doors.keep({ revision: this.revision, text: this.wanted });
      this.tell({ is: "waiting" });
      this.plan(QUIET);
    }
  }

  private failed(error: unknown): void {
    if (error instanceof ConflictError) return this.tell({ is: "conflict", conflict: error.conflict });
    if (error instanceof RefusedError) return this.tell({ is: "refused", why: error.message });
    this.tell({ is: "offline" });
    const wait = RETRIES[Math.min(this.failures, RETRIES.length - 1)] ?? QUIET;
    this.failures += 1;
    this.plan(wait);
  }

  private tell(state: State): void {
    this.at = state;
    this.doors.told(state);
  }
}

/** What to begin with: work that is kept here goes on; on another revision it is a conflict to be decided. */
export function resumed(
  backup: Backup | null,
  server: Backup,
): { text: string; conflict: boolean; kept: boolean } {
  if (backup === null || backup.text === server.text) return { text: server.text, conflict: false, kept: false };
  return { text: backup.text, conflict: backup.revision !== server.revision, kept: true };
}
