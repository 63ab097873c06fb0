import {
  defineStrategy,
  type StrategyDefinition,
  type StrategyHooks,
  T,
  type VenueInstrument,
} from '@omniquant/plugin-sdk';

import { Backtest } from '../../../core/backtest/backtest.ts';
import type { BacktestResult } from '../../../core/backtest/backtest-result.ts';
import type { BacktestSettings, BacktestSpec } from '../../../core/backtest/backtest-spec.ts';
import {
  type BacktestData,
  type BarRow,
  columnsOf,
  columnsSource,
} from '../../../core/backtest/bar-source.ts';
import { NO_LIMITS } from '../engine-fixture.ts';

export const MINUTE = 60_000;
/** A Tuesday, 15:00 UTC. */
export const START = Date.UTC(2024, 0, 2, 15);

/** Trades around the clock in cents and whole units. */
export const instrument = (symbol: string, changes: Partial<VenueInstrument> = {}): VenueInstrument => ({
  symbol,
  name: null,
  assetClass: 'EQUITY',
  currency: 'USD',
  tickSize: '0.01',
  lotSize: '1',
  multiplier: '1',
  minQuantity: null,
  maxQuantity: null,
  shortable: true,
  fractionable: false,
  exchange: null,
  calendar: 'ALWAYS',
  ...changes,
});

export const settingsWith = (changes: Partial<BacktestSettings> = {}): BacktestSettings => {
  const symbols = changes.symbols ?? ['X'];
  return {
    strategy: 'scripted',
    config: {},
    symbols,
    instruments: symbols.map((symbol) => instrument(symbol)),
    interval: 'MINUTE_1',
    from: null,
    to: null,
    startingCash: '100000',
    baseCurrency: 'USD',
    fees: { model: 'NONE' },
    fills: { model: 'BEST_PRICE', path: 'ADAPTIVE' },
    latency: { model: 'CONSTANT', ms: 0 },
    seed: 1,
    benchmark: null,
    limits: NO_LIMITS,
    buyingPowerMultiplier: '4',
    calendar: 'ALWAYS',
    orderHours: 'SESSION',
    riskFree: 0,
    ...changes,
  };
};

/** Open, high, low, close and, if given, volume of bars that follow each other minute by minute. */
export type Ohlc = readonly [open: number, high: number, low: number, close: number, volume?: number];

export const rowsOf = (bars: readonly Ohlc[], start = START, length = MINUTE): BarRow[] =>
  bars.map(([open, high, low, close, volume = null], index) => ({
    at: start + index * length,
    ...{ open, high, low, close, volume },
  }));

export const dataOf = (
  rows: Readonly<Record<string, readonly BarRow[]>>,
  interval: BacktestSettings['interval'] = 'MINUTE_1',
): BacktestData => ({
  sources: Object.entries(rows).map(([symbol, bars]) => columnsSource({ symbol, interval }, columnsOf(bars))),
});

/** A strategy of hooks. */
export const strategyOf = (hooks: () => StrategyHooks): StrategyDefinition =>
  defineStrategy({
    id: 'scripted',
    description: 'hooks of a test',
    config: T.Object({}),
    create: hooks,
  });

export const specOf = (
  hooks: () => StrategyHooks,
  changes: Partial<BacktestSettings> = {},
): BacktestSpec => ({
  strategy: strategyOf(hooks),
  settings: settingsWith(changes),
});

export function runAll(spec: BacktestSpec, data: BacktestData, slice = Infinity): BacktestResult {
  const backtest = new Backtest(spec, data);
  while (!backtest.advance(slice).done);
  return backtest.result();
}

/** One symbol X, minute by minute. */
export const runBars = (
  bars: readonly Ohlc[],
  hooks: () => StrategyHooks,
  changes: Partial<BacktestSettings> = {},
): BacktestResult => runAll(specOf(hooks, changes), dataOf({ X: rowsOf(bars) }, changes.interval));
