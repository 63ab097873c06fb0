/** A timer that is set to a time that has passed rings so much later, ms: a gateway looks as often. */
const TICK_MS = 100;

export interface DueTimer {
  readonly name: string;
  /** When it was to ring. */
  readonly at: number;
  /** When it rings. */
  readonly rings: number;
}

/** Timers of a strategy, by name. */
export class Timers {
  private readonly byName = new Map<string, DueTimer>();

  set(name: string, at: number, now: number): void {
    this.byName.set(name, { name, at, rings: at > now ? at : now + TICK_MS });
  }

  clear(name: string): void {
    this.byName.delete(name);
  }

  /** Takes out the next that rings before `until`, or also at it. */
  next(until: number, inclusive: boolean): DueTimer | null {
    let first: DueTimer | null = null;
    for (const timer of this.byName.values()) {
      const isDue = timer.rings < until || (inclusive && timer.rings === until);
      if (isDue && (first === null || timer.rings < first.rings)) first = timer;
    }
    if (first !== null) this.byName.delete(first.name);
    return first;
  }
}
