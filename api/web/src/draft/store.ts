/** A value that views follow. */
export class Store<S> {
  private readonly views = new Set<() => void>();

  constructor(private held: S) {}

  readonly get = (): S => this.held;

  readonly subscribe = (view: () => void): (() => void) => {
    this.views.add(view);
    return () => void this.views.delete(view);
  };

  set(change: Partial<S>): void {
    this.held = { ...this.held, ...change };
    for (const view of this.views) view();
  }
}

/** Call *then* after *ms*; the answer stops that. */
export function after(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
}
