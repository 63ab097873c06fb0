import { setImmediate as nextTurn } from 'node:timers/promises';

import type { BacktestResult } from '../../core/backtest/backtest-result.ts';
import type { BacktestProgress, BacktestRun } from '../../core/backtest/backtest-run.ts';
import type { BarSeries } from '../../core/backtest/bar-source.ts';
import type { TickSeries } from '../../core/backtest/tick-source.ts';

/** Where a run stands. */
export interface LedProgress {
  /** From 0 to 1, by market time. */
  readonly progress: number;
  /** Market time; null before the first bar. */
  readonly at: number | null;
  readonly elapsedMs: number;
  /** What is left of it at the pace so far; null while that cannot be said. */
  readonly remainingMs: number | null;
}

export interface LeadOptions {
  readonly signal: AbortSignal;
  /** At most ten times a second, and at the end. */
  readonly onProgress?: ((progress: LedProgress) => void) | undefined;
  /** Bars of a slice, at most: between two the event loop turns. */
  readonly sliceBars?: number | undefined;
}

/** A series of bars or ticks that a run reads as it goes. */
export interface FedSeries {
  readonly series: BarSeries | TickSeries;
  readonly open: (signal: AbortSignal) => SeriesReader;
}

interface SeriesReader {
  /** Gives the run the next block, or the end. */
  feed(): Promise<void>;
  close(): Promise<void>;
}

/** Where blocks go as they are read. */
interface Blocks<C> {
  readonly series: BarSeries | TickSeries;
  push(columns: C): void;
  end(): void;
}

/** A series that is read into blocks of its kind. */
export const fedSeries = <C>(
  blocks: Blocks<C>,
  read: (signal: AbortSignal) => AsyncIterable<C>,
): FedSeries => ({
  series: blocks.series,
  open(signal) {
    const columns = read(signal)[Symbol.asyncIterator]();
    return {
      async feed() {
        const next = await columns.next();
        if (next.done === true) blocks.end();
        else blocks.push(next.value);
      },
      async close() {
        await columns.return?.();
      },
    };
  },
});

const MOST_SLICE_BARS = 50_000;
const FIRST_SLICE_BARS = 16;
/** Nobody waits longer for the event loop than a slice takes, whatever the strategy does with a bar. */
const SLICE_MS = 20;
const REPORT_MS = 100;

/**
 * Leads a run to its end in slices, reading bars as it asks for them. Rejects with the signal's reason as soon as it is
 * aborted between two slices, and with what reading a series throws.
 */
export async function leadBacktest(
  run: BacktestRun,
  fed: readonly FedSeries[],
  options: LeadOptions,
): Promise<BacktestResult> {
  const { onProgress, signal, sliceBars = MOST_SLICE_BARS } = options;
  const feeder = createFeeder(fed, signal);
  const startedAt = performance.now();
  let reportedAt = startedAt;
  let slice = Math.min(FIRST_SLICE_BARS, sliceBars);
  try {
    for (;;) {
      signal.throwIfAborted();
      const before = performance.now();
      const progress = run.advance(slice);
      const now = performance.now();
      slice = Math.min(sliceBars, nextSlice(slice, now - before));
      if (progress.done || now - reportedAt >= REPORT_MS) {
        reportedAt = now;
        onProgress?.(ledProgress(progress, now - startedAt));
      }
      if (progress.done) return run.result();
      if (progress.waitsFor !== null) await feeder.feed(progress.waitsFor);
      await nextTurn();
    }
  } finally {
    await feeder.close();
  }
}

/** As many bars as take SLICE_MS at the pace of the last slice, and not many more at once. */
const nextSlice = (last: number, tookMs: number): number =>
  Math.max(1, Math.floor(last * Math.min(2, SLICE_MS / Math.max(tookMs, 0.1))));

function ledProgress({ at, done, progress }: BacktestProgress, elapsedMs: number): LedProgress {
  if (done) return { progress: 1, at, elapsedMs, remainingMs: 0 };
  return {
    progress,
    at,
    elapsedMs,
    remainingMs: progress > 0 ? (elapsedMs / progress) * (1 - progress) : null,
  };
}

/** Reads the next block of a series when the run has none of it left. */
function createFeeder(fed: readonly FedSeries[], signal: AbortSignal) {
  const readers = new Map(fed.map(({ open, series }) => [keyOf(series), open(signal)]));
  return {
    async feed(series: BarSeries | TickSeries): Promise<void> {
      const reader = readers.get(keyOf(series));
      if (reader === undefined) throw new Error(`nothing reads ${keyOf(series)}, which the run waits for`);
      await reader.feed();
    },
    async close(): Promise<void> {
      await Promise.allSettled([...readers.values()].map((reader) => reader.close()));
    },
  };
}

const keyOf = (series: BarSeries | TickSeries): string =>
  `${series.symbol} ${'kind' in series ? series.kind : series.interval}`;
