import {
  parametersAt,
  type SearchSpace,
  type StrategyDefinition,
  StrategyError,
} from '@omniquant/plugin-sdk';
import { usesOf } from '@omniquant/plugin-sdk/strategy-instance';

import { BacktestError } from '../../core/backtest/backtest-error.ts';
import type { BacktestSettings } from '../../core/backtest/backtest-spec.ts';
import { barSpan } from '../../core/market/bar-interval.ts';
import { calendarOf } from '../../core/market/calendars.ts';
import type { Span } from '../../core/sweeps/walk-forward-windows.ts';
import {
  type BacktestSurroundings,
  type PreparedBacktest,
  prepareRun,
  type WantedBars,
} from '../backtests/prepare-backtest.ts';
import { placed } from './sweep-field.ts';

/** Of spaces with more dimensions than these, the others are at one end all together. */
const MOST_TURNED = 5;

/**
 * The days that all runs of a sweep cover. Without a `from` they begin where the longest warm-up is over that the corners
 * of the space ask for, so that no parameter set is measured over fewer days than another; without a `to` they end with
 * the last bar. Throws BacktestError.
 */
export async function sweptDays(
  settings: BacktestSettings,
  { space, strategy }: { readonly space: SearchSpace; readonly strategy: StrategyDefinition },
  surroundings: BacktestSurroundings,
  signal: AbortSignal,
): Promise<Span> {
  const corners = await preparedCorners(settings, strategy, space, surroundings, signal);
  const longest = corners.reduce((most, each) => (each.warmup > most.warmup ? each : most));
  const own = longest.bars.filter(({ series }) => settings.symbols.includes(series.symbol));
  const from = settings.from ?? (await endOfWarmup(own, longest.warmup, settings, signal));
  const to = settings.to ?? Math.max(...own.map((wanted) => endOfBar(wanted, wanted.lastAt, settings)));
  if (from < to) return { from, to };
  throw new BacktestError(
    'BAD_USER_INPUT',
    `space asks for a warm-up of ${String(longest.warmup)} bars, and there are no others after it`,
    'space',
  );
}

/** Strategies may refuse some, such as a fast average that is the slower one; of those that they take one is enough. */
async function preparedCorners(
  settings: BacktestSettings,
  strategy: StrategyDefinition,
  space: SearchSpace,
  surroundings: BacktestSurroundings,
  signal: AbortSignal,
): Promise<readonly [PreparedBacktest, ...PreparedBacktest[]]> {
  const run = { symbols: settings.symbols, interval: settings.interval };
  const prepared: PreparedBacktest[] = [];
  let refused: unknown = null;
  for (const config of cornersOf(space)) {
    try {
      const uses = usesOf(strategy, config, run);
      prepared.push(await prepareRun({ ...settings, config }, { strategy, uses }, surroundings, signal));
    } catch (error) {
      if (!(error instanceof StrategyError || error instanceof BacktestError)) throw error;
      refused = error;
    }
  }
  const [first, ...others] = prepared;
  if (first === undefined) throw placed('backtest', refused);
  return [first, ...others];
}

function cornersOf(space: SearchSpace): readonly BacktestSettings['config'][] {
  const { dimensions } = space;
  const turned = Math.min(MOST_TURNED, dimensions.length);
  const corners: BacktestSettings['config'][] = [];
  for (let bits = 0; bits < 2 ** turned; bits += 1) {
    for (const rest of turned < dimensions.length ? [0, 1] : [0]) {
      corners.push(
        parametersAt(
          space,
          dimensions.map((_, index) => (index < turned ? (bits >> index) & 1 : rest)),
        ),
      );
    }
  }
  return corners;
}

/** When every series has had as many bars as a strategy wants to see before it starts. */
async function endOfWarmup(
  wanted: readonly WantedBars[],
  warmup: number,
  settings: BacktestSettings,
  signal: AbortSignal,
): Promise<number> {
  const ends = await Promise.all(
    wanted.map(async (each) => {
      const starts = await firstStarts(each, Math.max(1, warmup), signal);
      // Without a warm-up the first bar counts, too.
      const last = starts.at(-1);
      if (last === undefined) return Number.NEGATIVE_INFINITY;
      return warmup === 0 ? last : endOfBar(each, last, settings);
    }),
  );
  return Math.max(...ends);
}

async function firstStarts(
  { read }: WantedBars,
  count: number,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const starts: number[] = [];
  for await (const { at } of read(signal)) {
    starts.push(...at.subarray(0, count - starts.length));
    if (starts.length >= count) break;
  }
  return starts;
}

function endOfBar(
  { series }: Pick<WantedBars, 'series'>,
  start: number,
  { calendar, instruments }: BacktestSettings,
): number {
  const own = instruments.find(({ symbol }) => symbol === series.symbol)?.calendar ?? calendar;
  return barSpan(start, series.interval, calendarOf(own)).end;
}
