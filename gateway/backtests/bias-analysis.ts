import { wantedInputs } from '@omniquant/plugin-sdk/strategy-instance';

import { BacktestError } from '../../core/backtest/backtest-error.ts';
import type { BacktestResult } from '../../core/backtest/backtest-result.ts';
import {
  checkAgainst,
  cutPoints,
  hasLookAhead,
  type LookAheadCheck,
} from '../../core/backtest/bias/look-ahead.ts';
import { checkWarmUp, stableFrom, type WarmUpCheck, withWarmUp } from '../../core/backtest/bias/warm-up.ts';
import type { LedProgress } from './lead-backtest.ts';
import { type BacktestSurroundings, prepareBacktest, type PreparedBacktest } from './prepare-backtest.ts';
import { runBacktest } from './run-backtest.ts';

/** A backtest that is examined. */
export interface AskedRun {
  /** A BacktestRequest. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly surroundings: BacktestSurroundings;
  readonly signal: AbortSignal;
  /** Of all runs together. */
  readonly onProgress?: (progress: LedProgress) => void;
}

export interface LookAheadReport {
  readonly strategy: string;
  readonly symbols: readonly string[];
  readonly orders: number;
  readonly checks: readonly LookAheadCheck[];
  readonly hasBias: boolean;
}

export interface WarmUpReport {
  readonly strategy: string;
  readonly symbols: readonly string[];
  /** What the strategy asks for. */
  readonly own: number;
  /** Market time at which all runs begin to trade. */
  readonly startedAt: number;
  readonly checks: readonly WarmUpCheck[];
  /** See `stableFrom`. */
  readonly stableFrom: number | null;
  /** Lengths that there are not enough bars for. */
  readonly tooLong: readonly number[];
  /** The strategy's own length is not among those from which on nothing changes. */
  readonly hasBias: boolean;
}

/**
 * Runs a strategy as a whole, then on data that ends earlier, `points` times, and as a whole again. What it does before
 * an end must be the same. Not found is what no rerun can show: code that reads the same future from outside each time.
 * @throws what prepareBacktest and runBacktest throw, and BacktestError where a run fails.
 */
export async function findLookAhead(asked: AskedRun, points: number): Promise<LookAheadReport> {
  const { request, signal, surroundings } = asked;
  const runs = countedRuns(asked, points + 2);
  const whole = await runs.next(await prepareBacktest(request, surroundings, signal));
  const checks: LookAheadCheck[] = [];
  for (const endsAt of cutPoints(whole, points)) {
    const shorter = { ...request, to: new Date(endsAt).toISOString() };
    checks.push(
      checkAgainst(whole, await runs.next(await prepareBacktest(shorter, surroundings, signal)), endsAt),
    );
  }
  const again = await runs.next(await prepareBacktest(request, surroundings, signal));
  checks.push(checkAgainst(whole, again, (whole.endedAt ?? 0) + 1));
  const { strategy, symbols } = whole.settings;
  return { strategy, symbols, orders: whole.orders.length, checks, hasBias: hasLookAhead(checks) };
}

/**
 * Runs a strategy with warm-ups of several lengths, the longest first; all begin to trade where that one can.
 * @param lengths In bars, or made of the strategy's own.
 * @throws as {@link findLookAhead}; NOT_ENOUGH_BARS where there are too few for two of the lengths.
 */
export async function findWarmUp(
  asked: AskedRun,
  lengths: readonly number[] | ((own: number) => readonly number[]),
): Promise<WarmUpReport> {
  const { request, signal, surroundings } = asked;
  const prepared = await prepareBacktest(request, surroundings, signal);
  const { optimizers, settings, strategy } = prepared.spec;
  const run = { symbols: settings.symbols, interval: settings.interval };
  const own = wantedInputs(strategy, settings.config, run, optimizers).warmup;
  const wanted = typeof lengths === 'function' ? lengths(own) : lengths;
  const left = [...new Set([...wanted, own])].sort((a, b) => a - b);
  const runs = countedRuns(asked, left.length);
  const tooLong: number[] = [];
  const longest = await longestOf(left, tooLong, (bars) =>
    runs.next(withLength(prepared, bars, settings.from)),
  );
  const startedAt = longest.startedAt ?? 0;
  const checks: WarmUpCheck[] = [];
  for (const bars of left.slice(0, -1)) {
    checks.push(checkWarmUp(bars, await runs.next(withLength(prepared, bars, startedAt)), longest));
  }
  checks.push(checkWarmUp(left.at(-1) ?? 0, longest, longest));
  const stable = stableFrom(checks);
  const isOwnStable = checks.some(({ bars, difference }) => bars === own && difference === null);
  return {
    ...{
      strategy: strategy.id,
      symbols: settings.symbols,
      own,
      startedAt,
      checks,
      stableFrom: stable,
      tooLong,
    },
    hasBias: !isOwnStable || stable === null || own < stable,
  };
}

/** The run with the longest warm-up that there are enough bars for; lengths beyond it go from one list to the other. */
async function longestOf(
  left: number[],
  tooLong: number[],
  run: (bars: number) => Promise<BacktestResult>,
): Promise<BacktestResult> {
  for (;;) {
    const bars = left.at(-1);
    if (bars === undefined || left.length < 2) throw tooFewBars(tooLong);
    const result = await run(bars).catch((error: unknown) => {
      if (error instanceof BacktestError && error.code === 'NOT_ENOUGH_BARS') return null;
      throw error;
    });
    if (result !== null && result.counts.warmupBars >= bars) return result;
    tooLong.unshift(bars);
    left.pop();
  }
}

const tooFewBars = (tooLong: readonly number[]): BacktestError =>
  new BacktestError(
    'NOT_ENOUGH_BARS',
    `there are too few bars before the start for a warm-up of ${String(tooLong[0] ?? 0)}`,
  );

const withLength = (prepared: PreparedBacktest, bars: number, from: number | null): PreparedBacktest => ({
  ...prepared,
  spec: {
    ...prepared.spec,
    strategy: withWarmUp(prepared.spec.strategy, bars),
    settings: { ...prepared.spec.settings, from },
  },
});

/** Runs one after the other, with the progress of all. */
function countedRuns({ onProgress, signal }: AskedRun, count: number) {
  const begun = performance.now();
  let done = 0;
  return {
    async next(prepared: PreparedBacktest): Promise<BacktestResult> {
      const result = await runBacktest(prepared, {
        signal,
        onProgress: ({ at, progress: ofRun }) => {
          const progress = Math.min((done + ofRun) / count, 1);
          const elapsedMs = performance.now() - begun;
          const remainingMs = progress > 0 ? (elapsedMs / progress) * (1 - progress) : null;
          onProgress?.({ progress, at, elapsedMs, remainingMs });
        },
      });
      done += 1;
      if (result.failure === null) return result;
      const { code, message } = result.failure;
      throw new Error(`the run to ${String(result.settings.to ?? 'the end')} failed: ${code}: ${message}`);
    },
  };
}
