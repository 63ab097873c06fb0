import {
  cancel,
  clearTimer,
  defineStrategy,
  type Effects,
  place,
  setTimer,
  type StrategyDefinition,
  T,
} from '@omniquant/plugin-sdk';

import type { ClientCommand } from '../../core/engine/command.ts';
import { SYMBOL } from './simulated-venue.ts';

export const TICKS = 10;
const TICK_MS = 350;

/** What the strategy remembers: how often its timer rang, and every fill and end that it was told of. */
export interface TickerMemory {
  readonly rung: number;
  readonly fills: readonly string[];
}

/** One order for each ring of a timer, named after it; each limit order is cancelled at the next ring. */
const ticker: StrategyDefinition = defineStrategy({
  id: 'ticker',
  description: 'Orders on time, and writes down what becomes of them',
  config: T.Object({}),
  create(_config, { now }) {
    let rung = 0;
    let fills: readonly string[] = [];
    return {
      *onStart(): Effects {
        yield setTimer('tick', now() + TICK_MS);
      },
      *onTimer(): Effects {
        rung += 1;
        if (rung % 2 === 0) yield cancel(nameOf(rung - 1));
        yield place({
          ...{ ref: nameOf(rung), symbol: SYMBOL, quantity: '3', side: rung % 3 === 0 ? 'SELL' : 'BUY' },
          ...(rung % 2 === 0 ? {} : { type: 'LIMIT', limitPrice: '99', timeInForce: 'GTC' }),
        });
        if (rung < TICKS) yield setTimer('tick', now() + TICK_MS);
      },
      *onFill({ ref, price, quantity }): Effects {
        fills = [...fills, `${ref} ${quantity}@${price}`];
        // An effect, so that it is saved: no further step would do that.
        if (rung === TICKS) yield clearTimer('tick');
      },
      snapshot: () => ({ rung, fills }),
      restore(snapshot) {
        ({ rung, fills } = snapshot as unknown as TickerMemory);
      },
    };
  },
});

export const nameOf = (tick: number): string => `tick-${String(tick)}`;

export const findStrategy = (id: string): StrategyDefinition | undefined =>
  id === ticker.id ? ticker : undefined;

export const startTicker = (accountId: string): ClientCommand => ({
  kind: 'startStrategy',
  terms: {
    ...{ strategyId: `${accountId}-ticker`, strategy: ticker.id, symbols: [SYMBOL], interval: 'MINUTE_1' },
    ...{ config: {}, seed: accountId },
  },
});
