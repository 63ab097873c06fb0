/** How far a sweep is, as counts. */
export interface SweepProgress {
  /** Different runs that were given out and have come back. */
  readonly evaluated: number;
  /** Those of them without a score. */
  readonly failed: number;
  /** Given out, and not back. */
  readonly outstanding: number;
  /** Candidates whose score is known, equal ones each; and how many there will be: null where the tuner cannot say. */
  readonly settled: number;
  readonly expected: number | null;
}
