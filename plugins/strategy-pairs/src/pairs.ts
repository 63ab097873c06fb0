import {
  defineStrategy,
  type Effects,
  type Json,
  log,
  metric,
  type StrategyHooks,
} from '@omniquant/plugin-sdk';

import { config } from './config.ts';
import { PairPosition } from './pair-position.ts';
import { Spread } from './spread.ts';

type Saved = { readonly started: boolean; readonly spread: Json; readonly position: Json };

/** Sells the dearer and buys the cheaper of two symbols that move together, until they are back together. */
export const pairs = defineStrategy({
  id: 'pairs',
  description: 'Trades the z-score of the spread of two symbols, hedged by least squares',
  config,
  check({ entry, exit, quantity, stop }, { symbols }) {
    if (symbols.length !== 2 || symbols[0] === symbols[1]) {
      return { field: 'symbols', message: 'has to be two symbols: the asset, then its hedge' };
    }
    if (exit >= entry) return { field: 'exit', message: `has to be less than entry, which is ${entry}` };
    if (stop <= entry) return { field: 'stop', message: `has to be more than entry, which is ${entry}` };
    return Number(quantity) > 0 ? null : { field: 'quantity', message: 'has to be more than 0' };
  },
  inputs: ({ period, scorePeriod }) => ({ warmup: period + scorePeriod - 1 }),
  create(given, { symbols }): StrategyHooks {
    const [first = '', second = ''] = symbols;
    const spread = new Spread(given.period, given.scorePeriod);
    const position = new PairPosition([first, second], given);
    let started = false;
    return {
      *onStart({ market }): Effects {
        started = true;
        for (const symbol of symbols) {
          if (market.instrument(symbol) === null) {
            yield log('ERROR', 'unknown symbol: trades nothing', { symbol });
          }
        }
      },
      *onBar(bar, { market, portfolio }): Effects {
        if (bar.symbol !== first && bar.symbol !== second) return;
        const reading = spread.update(bar.symbol === first ? 0 : 1, bar);
        if (!started) {
          if (reading !== null) position.warm(reading);
          return;
        }
        const both = [market.instrument(first), market.instrument(second)] as const;
        if (reading !== null) {
          yield metric('zscore', reading.z);
          yield metric('hedge-ratio', reading.beta);
          const [one, other] = both;
          if (one !== null && other !== null) yield* position.decide(reading, portfolio, [one, other]);
        }
        yield* position.onBar(bar.symbol, portfolio);
      },
      *onOrderEvent(event, { portfolio }): Effects {
        yield* position.onOrderEvent(event, portfolio);
      },
      snapshot: () => ({ started, spread: spread.snapshot(), position: position.snapshot() }),
      restore(snapshot) {
        const saved = snapshot as Saved;
        started = saved.started;
        spread.restore(saved.spread);
        position.restore(saved.position);
      },
    };
  },
});
