import type { StrategyEffect, StrategyHooks, StrategyOrder } from '@omniquant/plugin-sdk';
import { place } from '@omniquant/plugin-sdk';

import type { BacktestFill, BacktestResult } from '../../../core/backtest/backtest-result.ts';
import { START } from './run-backtest.ts';

/** Does something after the n-th bar, from 0. */
export const effectsAt =
  (script: Readonly<Record<number, readonly StrategyEffect[]>>) => (): StrategyHooks => {
    let bars = -1;
    return {
      onBar() {
        bars += 1;
        return script[bars] ?? [];
      },
      snapshot: () => bars,
      restore: (saved) => void (bars = Number(saved)),
    };
  };

/** Places orders of X after the first bar. */
export const placeAfterFirst = (
  ...orders: readonly (Omit<StrategyOrder, 'symbol'> & { symbol?: string })[]
) => effectsAt({ 0: orders.map((order) => place({ symbol: 'X', ...order })) });

/** Fills in short: "BUY 10 @ 100.5 +61s", the seconds since the first bar began, cut off. */
export const shortFills = ({ fills }: Pick<BacktestResult, 'fills'>): string[] =>
  fills.map(({ at, price, quantity, side }: BacktestFill) => {
    const seconds = Math.floor((at - START) / 1_000);
    return `${side} ${quantity} @ ${price} +${String(seconds)}s`;
  });

/** Last order in short: its status and why. */
export const statuses = ({ orders }: Pick<BacktestResult, 'orders'>): string[] =>
  orders.map(({ reason, status }) => (reason === null ? status : `${status}: ${reason}`));
