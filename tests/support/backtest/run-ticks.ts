import {
  defineStrategy,
  place,
  setTimer,
  type StrategyEffect,
  type StrategyHooks,
  type StrategyOrder,
  T,
} from '@omniquant/plugin-sdk';

import type { BacktestResult } from '../../../core/backtest/backtest-result.ts';
import type { BacktestSettings, BacktestSpec } from '../../../core/backtest/backtest-spec.ts';
import { runAll, settingsWith, START } from './run-backtest.ts';
import { type TickRows, tickSources } from './tick-rows.ts';

/** A strategy of hooks that is given quotes and trades. */
export const tickSpec = (
  hooks: () => StrategyHooks,
  changes: Partial<BacktestSettings> = {},
): BacktestSpec => ({
  strategy: defineStrategy({
    ...{ id: 'scripted', description: 'hooks of a test', config: T.Object({}), create: hooks },
    inputs: () => ({ quotes: true, trades: true }),
  }),
  settings: settingsWith(changes),
});

/** Does things at times, in ms since START. */
export const at =
  (script: Readonly<Record<number, readonly StrategyEffect[]>>, hooks: StrategyHooks = {}) =>
  (): StrategyHooks => ({
    ...hooks,
    *onStart() {
      for (const time of Object.keys(script)) yield setTimer(time, START + Number(time));
    },
    onTimer: ({ name }) => script[Number(name)] ?? [],
    snapshot: () => null,
    restore: () => undefined,
  });

type Order = Omit<StrategyOrder, 'symbol'>;
export const order = (terms: Order): StrategyEffect => place({ symbol: 'X', ...terms });
export const buy = (quantity: number, terms: Partial<Order> = {}): StrategyEffect =>
  order({ side: 'BUY', quantity: String(quantity), ...terms });
export const sell = (quantity: number, terms: Partial<Order> = {}): StrategyEffect =>
  order({ side: 'SELL', quantity: String(quantity), ...terms });
export const limit = (price: string, terms: Partial<Order> = {}): Partial<Order> => ({
  type: 'LIMIT',
  limitPrice: price,
  ...terms,
});

/** One symbol X with ticks alone. */
export const runTicks = (
  rows: TickRows,
  script: Readonly<Record<number, readonly StrategyEffect[]>>,
  changes: Partial<BacktestSettings> = {},
): BacktestResult => runAll(tickSpec(at(script), changes), { sources: [], ticks: tickSources(rows) });

/** "BUY 5 @ 100.02 +3", the milliseconds since START. */
export const fillsOf = ({ fills }: Pick<BacktestResult, 'fills'>): string[] =>
  fills.map(
    ({ at: time, price, quantity, side }) => `${side} ${quantity} @ ${price} +${String(time - START)}`,
  );
