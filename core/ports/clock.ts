export interface Timer {
  cancel(): void;
}

/** Time outside the core. Production has the machine's clocks, a simulation virtual time. */
export interface Clock {
  /** Wall time, epoch ms. */
  now(): number;
  /** Never goes back and ignores clock changes; ms from an arbitrary start. Leases and deadlines go by it. */
  monotonic(): number;
  /** Runs `task` once after `ms`. */
  after(ms: number, task: () => void): Timer;
}

/** Ids from outside: UUIDv7 in production, a seeded sequence in a simulation. */
export interface Ids {
  next(): string;
}

/** Chance for jitter, in [0, 1). */
export interface Chance {
  next(): number;
}
