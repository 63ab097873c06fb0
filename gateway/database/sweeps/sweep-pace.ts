import type { SweepStatus } from '../../../core/ports/sweeps.ts';

/** What is known of the speed of a sweep. */
export interface SweepPace {
  readonly status: SweepStatus;
  /** Evaluations; null where nobody knows how many there will be. */
  readonly total: number | null;
  readonly evaluated: number;
  /** Wall time of all of them together. */
  readonly busyMs: number;
  /** When the latest was stored. */
  readonly batchesAtOnce: number;
}

/**
 * Seconds that the rest takes when it goes on as now: as long for each evaluation, and as many batches at once. Time in
 * which nobody worked on it does not count. Null before the first is stored, and for one that does not go on.
 */
export function etaSeconds({ batchesAtOnce, busyMs, evaluated, status, total }: SweepPace): number | null {
  if (status !== 'RUNNING' || total === null || evaluated === 0) return null;
  const left = Math.max(0, total - evaluated);
  return Math.ceil((left * busyMs) / evaluated / Math.max(1, batchesAtOnce) / 1_000);
}

/** A batch takes about so long: what a backtest that comes meanwhile waits for, and what a killed process loses. */
const BATCH_MS = 2_000;
const MOST_OF_BATCH = 200;

export interface BatchSituation {
  /** Tasks that nobody has, and batches that are under way. */
  readonly waiting: number;
  readonly underWay: number;
  readonly evaluated: number;
  readonly busyMs: number;
}

/**
 * Evaluations that the next batch is to have: as many as are done in two seconds, one while nothing is known; towards
 * the end fewer, so that those who work on it are done at about the same time.
 */
export function batchSize({ busyMs, evaluated, underWay, waiting }: BatchSituation): number {
  if (evaluated === 0) return 1;
  const inTime = Math.floor((BATCH_MS * evaluated) / Math.max(busyMs, 1));
  const share = Math.ceil(waiting / (2 * Math.max(1, underWay + 1)));
  return Math.max(1, Math.min(inTime, share, MOST_OF_BATCH));
}

/**
 * Of tasks in their order those of the next batch. One that was begun before and not finished, which may have been what
 * ended its process or its thread, is done alone.
 */
export function pickBatch<T extends { readonly attempts: number }>(
  waiting: readonly T[],
  size: number,
): readonly T[] {
  const [first] = waiting;
  if (first === undefined) return [];
  if (first.attempts > 0) return [first];
  const suspect = waiting.findIndex(({ attempts }) => attempts > 0);
  return waiting.slice(0, Math.min(size, suspect < 0 ? waiting.length : suspect));
}
