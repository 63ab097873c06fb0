/** Market time as a replay lets it pass. */
export interface Pace {
  /** Market time now: where the replay is, and from there on at its speed, to the next event at most. */
  now(): number;
  readonly speed: number;
  setSpeed(speed: number): void;
  /**
   * Waits until market time is `at`; of a gap that is longer than `longestGapMs` it skips the rest. Answers true
   * when it is that late, false when the time is to be told meanwhile.
   */
  wait(at: number, signal: AbortSignal): Promise<boolean>;
  /** The market is there now. Whoever was slow to take what came before does not make time run faster. */
  reached(at: number): void;
}

/** How long nothing is told at most, ms. */
const TELL_EVERY_MS = 500;
/** Being so late is not made up for. */
const LATE_MS = 1_000;

export function createPace(options: {
  readonly start: number;
  readonly speed: number;
  /** Market time, ms. */
  readonly longestGapMs: number | null;
  readonly monotonic: () => number;
}): Pace {
  const { longestGapMs, monotonic } = options;
  let { speed } = options;
  let base = options.start;
  let baseAt = monotonic();
  let latest = base;
  /** Where the next event is; it stands still until that is known. */
  let limit = base;
  /** Where the last event was. */
  let from = base;
  let wake = (): void => undefined;

  const passed = (): number => Math.floor(base + (monotonic() - baseAt) * speed);

  function now(): number {
    latest = Math.max(latest, Math.min(passed(), limit));
    return latest;
  }

  function anchor(at: number): void {
    base = at;
    baseAt = monotonic();
  }

  function sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      wake = done;
      if (signal.aborted) done();
      else signal.addEventListener('abort', done, { once: true });
    });
  }

  return {
    now,
    get speed() {
      return speed;
    },
    setSpeed(next) {
      anchor(now());
      speed = next;
      wake();
    },
    async wait(at, signal) {
      limit = at;
      const until = longestGapMs !== null && at - from > longestGapMs ? from + longestGapMs : at;
      if (speed === 0 || passed() >= until) return true;
      await sleep(Math.min((until - passed()) / speed, TELL_EVERY_MS), signal);
      return speed === 0 || passed() >= until;
    },
    reached(at) {
      latest = Math.max(latest, at);
      from = at;
      const isEarly = passed() < at;
      const isLate = speed > 0 && passed() - at > LATE_MS * speed;
      if (isEarly || isLate || speed === 0) anchor(at);
    },
  };
}
