/** Questions to the desk: asked once typing rests, and only the answer to the last one counts. */

export type Asked<Q, A> = {
  ask(question: Q, signal: AbortSignal): Promise<A>;
  answered(answer: A, question: Q): void;
  failed(error: unknown, question: Q): void;
  after(ms: number, then: () => void): () => void;
};

const PAUSE = 250;

export class Checking<Q, A> {
  private latest = 0;
  private stop: (() => void) | null = null;
  private flying: AbortController | null = null;

  constructor(private readonly doors: Asked<Q, A>) {}

  /** Ask after a pause; whatever was asked before no longer counts. */
  ask(question: Q, pause = PAUSE): void {
    this.drop();
    const turn = this.latest;
    this.stop = this.doors.after(pause, () => void this.send(question, turn));
  }

  /** Whatever was asked no longer counts. */
  drop(): void {
    this.latest += 1;
    this.stop?.();
    this.flying?.abort();
  }

  private async send(question: Q, turn: number): Promise<void> {
    this.flying = new AbortController();
    try {
      const answer = await this.doors.ask(question, this.flying.signal);
      if (turn === this.latest) this.doors.answered(answer, question);
    } catch (error) {
      if (turn === this.latest) this.doors.failed(error, question);
    }
  }
}
