import type { BarInterval, StrategyDefinition, StrategyRun, StrategyUses } from '@omniquant/plugin-sdk';
import { lendOptimizers } from '@omniquant/plugin-sdk/optimizer-lending';
import { type Optimizers, wantedInputs } from '@omniquant/plugin-sdk/strategy-instance';

import type { BacktestSettings, BacktestSpec } from '../../core/backtest/backtest-spec.ts';
import type { BarColumns, BarSeries } from '../../core/backtest/bar-source.ts';
import { checkOptimizerParameters, checkStrategyParameters } from '../plugins/strategy-parameters.ts';
import { nearestHint } from '../services/nearest-text.ts';
import type { BacktestExtensions } from './backtest-extensions.ts';
import { parseBacktestRequest } from './backtest-request.ts';
import { backtestSettings, requireInterval } from './backtest-settings.ts';
import { badSetting } from './bad-setting.ts';
import { findSeries, intervalsOf } from './market-data/find-series.ts';
import type { BarRange, MarketDataSource } from './market-data/market-data-source.ts';
import { splitAdjustedData } from './market-data/split-adjusted-data.ts';
import { requireAdjustable } from './require-adjustable.ts';
import { type WantedTicks, wantedTicks } from './wanted-ticks.ts';

/** Bars that a run is going to read. */
export interface WantedBars {
  readonly series: BarSeries;
  /** Start of the last bar that it is read from, epoch ms. */
  readonly lastAt: number;
  readonly read: (signal: AbortSignal) => AsyncIterable<BarColumns>;
}

/** A backtest that can be run, as often as is wanted: everything of its request has been checked. */
export interface PreparedBacktest {
  readonly spec: BacktestSpec;
  readonly bars: readonly WantedBars[];
  readonly ticks: readonly WantedTicks[];
  /** Bars of each of its series that the strategy wants to see before it starts. */
  readonly warmup: number;
}

export interface BacktestSurroundings {
  readonly extensions: BacktestExtensions;
  readonly data: MarketDataSource;
}

/**
 * Checks a request against the strategy's schema and the data. It runs code of the plugins, so that it is called where
 * the backtest is to run: what crosses to there is the request.
 * @param request JSON: a BacktestRequest.
 * @throws BacktestError BAD_USER_INPUT with the `field` of the request that is wrong, and the nearest valid value.
 */
export async function prepareBacktest(
  request: unknown,
  { data, extensions }: BacktestSurroundings,
  signal: AbortSignal,
): Promise<PreparedBacktest> {
  const checked = parseBacktestRequest(request);
  const strategy = findStrategy(checked.strategy, extensions);
  const run: StrategyRun = { symbols: checked.symbols, interval: checked.interval };
  const parameters = checkStrategyParameters(strategy, checked.config, run);
  if ('problems' in parameters) {
    const [problem] = parameters.problems;
    const place = problem?.isOfRun === true ? '' : 'config';
    const field = [place, problem?.field ?? ''].filter((part) => part !== '').join('.');
    throw badSetting(field, problem?.message ?? 'is wrong');
  }
  const settings = backtestSettings(checked, parameters.config, data);
  return prepareRun(settings, { strategy, uses: parameters.uses }, { data, extensions }, signal);
}

/**
 * The same of settings whose parameters have been checked. Throws BacktestError BAD_USER_INPUT where there are no bars
 * that the strategy asks for with these parameters, no optimizer, or no ticks that the settings name or the fill model
 * needs.
 */
export async function prepareRun(
  settings: BacktestSettings,
  { strategy, uses }: { readonly strategy: StrategyDefinition; readonly uses: StrategyUses },
  { data: given, extensions }: BacktestSurroundings,
  signal: AbortSignal,
): Promise<PreparedBacktest> {
  const data = splitAdjustedData(given, settings.splits ?? []);
  const run: StrategyRun = { symbols: settings.symbols, interval: settings.interval };
  const optimizers = await lend(uses.optimizers ?? {}, extensions, signal);
  const { intervals, quotes, trades, warmup } = wantedInputs(strategy, settings.config, run, optimizers);
  for (const interval of intervals) {
    const asks = `is ${strategy.id}, which also asks for bars of ${interval}`;
    for (const symbol of settings.symbols) requireInterval(symbol, interval, 'strategy', data, asks);
  }
  const own = ownSeries(settings, intervals);
  const traded = extentOf(own, data);
  const ticks = wantedTicks(settings, { quotes, trades }, data);
  requireAdjustable(
    settings,
    ticks.map(({ series }) => series),
  );
  return {
    spec: { settings, strategy, optimizers },
    ...{ warmup, ticks },
    bars: [
      ...own.map((series) => wantedBars(series, { from: null, to: settings.to }, data)),
      // What only says what something is worth begins and ends with what is traded.
      ...otherSeries(settings, data).map((series) =>
        wantedBars(
          series,
          { from: traded.first - EARLIER_MS, to: Math.min(traded.last + 1, settings.to ?? Infinity) },
          data,
        ),
      ),
    ],
  };
}

/** The price of a benchmark or a currency before the first bar, over holidays. */
const EARLIER_MS = 14 * 86_400_000;

const wantedBars = (series: BarSeries, range: BarRange, data: MarketDataSource): WantedBars => ({
  series,
  lastAt: Math.min(findSeries(data.series(), series)?.last ?? 0, range.to ?? Infinity),
  read: (signal) => data.read(series, range, signal),
});

/** Starts of the first and the last bar of all. */
function extentOf(all: readonly BarSeries[], data: MarketDataSource) {
  const stored = all.flatMap((series) => findSeries(data.series(), series) ?? []);
  return {
    first: Math.min(...stored.map(({ first }) => first)),
    last: Math.max(...stored.map(({ last }) => last)),
  };
}

/** Throws BacktestError BAD_USER_INPUT for one that no loaded plugin has. */
export function findStrategy(id: string, extensions: BacktestExtensions): StrategyDefinition {
  const { problems, strategies } = extensions;
  const found = extensions.strategy(id);
  if (found !== null) return found;
  const hint = nearestHint(id, strategies);
  const known = hint === '' ? `: there are ${strategies.join(', ') || 'none'}` : hint;
  const failed = problems.length === 0 ? '' : `; not loaded: ${problems.join('; ')}`;
  throw badSetting('strategy', `is ${JSON.stringify(id)}, which no loaded plugin has${known}${failed}`);
}

type Uses = Parameters<typeof lendOptimizers>[0];

function lend(uses: Uses, extensions: BacktestExtensions, signal: AbortSignal): Promise<Optimizers> {
  return lendOptimizers(
    uses,
    ({ config, fields = {}, id }) => {
      const definition = extensions.optimizer(id);
      if (definition === null) {
        const hint = nearestHint(id, extensions.optimizers);
        throw badSetting(
          fieldOf(fields.id),
          `names the optimizer ${JSON.stringify(id)}, which no loaded plugin has${hint}`,
        );
      }
      const checked = checkOptimizerParameters(definition, config ?? {});
      if ('config' in checked) return { definition, config: checked.config };
      const [problem] = checked.problems;
      throw badSetting(
        fieldOf(fields.config, problem?.field),
        `${problem?.message ?? 'is wrong'} (parameters of the optimizer ${id})`,
      );
    },
    signal,
  );
}

const fieldOf = (...path: readonly (string | undefined)[]): string =>
  ['config', ...path].filter((part) => part !== undefined && part !== '').join('.');

const ownSeries = (
  { interval, symbols }: BacktestSettings,
  intervals: readonly BarInterval[],
): readonly BarSeries[] =>
  [...new Set([interval, ...intervals])].flatMap((each) =>
    symbols.map((symbol) => ({ symbol, interval: each })),
  );

/** Of the pairs that convert, and of the benchmark: days where there is nothing as fine as what is traded. */
const otherSeries = (
  { benchmark, instruments, interval, symbols }: BacktestSettings,
  data: MarketDataSource,
): readonly BarSeries[] =>
  instruments
    .filter(({ symbol }) => !symbols.includes(symbol))
    .map(({ symbol }) => {
      const wanted = intervalsOf(data.series(), symbol).includes(interval) ? interval : 'DAY_1';
      const needs = `needs bars of ${symbol} in ${wanted}`;
      requireInterval(symbol, wanted, symbol === benchmark ? 'benchmark' : 'symbols', data, needs);
      return { symbol, interval: wanted };
    });
