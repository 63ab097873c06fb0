import type { EvaluationSummary, EvaluationTask } from '../../../core/sweeps/evaluation.ts';
import { resultOfSweep } from '../../../core/sweeps/result-of-sweep.ts';
import type { SweepProgress } from '../../../core/sweeps/sweep-progress.ts';
import type { SweepResult } from '../../../core/sweeps/sweep-result.ts';
import { SweepState } from '../../../core/sweeps/sweep-state.ts';
import type { PreparedSweep } from '../prepare-sweep.ts';
import { type BatchPace, createBatchPace } from './batch-pace.ts';

/** Does runs somewhere else: in a thread, or in this one in tests. Results are in the order of the tasks. */
export type EvaluateBatch = (
  tasks: readonly EvaluationTask[],
  signal: AbortSignal,
) => Promise<readonly EvaluationSummary[]>;

export interface LedSweepProgress extends SweepProgress {
  readonly elapsedMs: number;
  /** What is left of it at the pace so far; null while that cannot be said. */
  readonly remainingMs: number | null;
}

export interface RunSweepOptions {
  readonly evaluate: EvaluateBatch;
  /** Batches at a time. */
  readonly workers: number;
  readonly signal: AbortSignal;
  /** At the beginning, after every batch, and at the end. */
  readonly onProgress?: (progress: LedSweepProgress) => void;
}

/** What a sweep came to, with every run of it. */
export interface SweepOutcome {
  readonly result: SweepResult;
  readonly state: SweepState;
  readonly evaluations: ReadonlyMap<string, EvaluationSummary>;
}

/**
 * Leads a sweep to its end in this process; the result does not depend on the number of workers. All runs stay in memory:
 * some kilobytes each, and 8 bytes for each of its days. Rejects with SweepError TUNER_FAILED, with what an evaluation
 * rejects with, and with the signal's reason; nothing goes on then.
 */
export async function runSweep(
  { settings, tuner }: Pick<PreparedSweep, 'settings' | 'tuner'>,
  options: RunSweepOptions,
): Promise<SweepOutcome> {
  const state = new SweepState(settings, tuner);
  const evaluations = new Map<string, EvaluationSummary>();
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const lead = createLead(state, evaluations, options, signal);
  try {
    await lead();
  } catch (error) {
    stop.abort(error);
    options.signal.throwIfAborted();
    throw error;
  }
  return { result: resultOfSweep(state, (key) => evaluations.get(key) ?? null), state, evaluations };
}

function createLead(
  state: SweepState,
  evaluations: Map<string, EvaluationSummary>,
  { evaluate, onProgress, workers }: RunSweepOptions,
  signal: AbortSignal,
): () => Promise<void> {
  const begun = performance.now();
  const pace: BatchPace = createBatchPace();
  const waiting: EvaluationTask[] = [];
  const running = new Set<Promise<void>>();

  async function run(tasks: readonly EvaluationTask[]): Promise<void> {
    for (const evaluation of await evaluate(tasks, signal)) {
      evaluations.set(evaluation.key, evaluation);
      state.tell(evaluation);
      pace.took(evaluation.computeMs);
    }
    onProgress?.(ledProgress(state, performance.now() - begun));
  }

  function start(): void {
    // As many as all threads have enough of for a while, so that a generation is shared out evenly.
    waiting.push(...state.ask(Math.max(0, workers * pace.size(Infinity, 1) - waiting.length)));
    while (running.size < workers && waiting.length > 0) {
      const batch = waiting.splice(0, pace.size(waiting.length, workers - running.size));
      const done = run(batch).finally(() => running.delete(done));
      running.add(done);
    }
  }

  return async () => {
    onProgress?.(ledProgress(state, 0));
    try {
      start();
      while (!state.isOver) {
        signal.throwIfAborted();
        await Promise.race(running);
        start();
      }
    } finally {
      // The first that fails ends the sweep; the others end by the signal.
      void Promise.allSettled(running);
    }
    onProgress?.(ledProgress(state, performance.now() - begun));
  };
}

function ledProgress(state: SweepState, elapsedMs: number): LedSweepProgress {
  const progress = state.progress();
  const { expected, settled } = progress;
  const left = state.isOver ? 0 : expected === null ? null : Math.max(0, expected - settled);
  return {
    ...progress,
    elapsedMs,
    remainingMs: left === null || settled === 0 ? null : (elapsedMs / settled) * left,
  };
}
