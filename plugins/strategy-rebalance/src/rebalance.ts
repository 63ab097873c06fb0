import { defineStrategy, type Effects, type Json, log, type StrategyHooks } from '@omniquant/plugin-sdk';

import { Book, portfolioProblem } from './book.ts';
import { Closes } from './closes.ts';
import { config } from './config.ts';
import { boundsProblem, ROUNDING, usedOptimizers, weightMethod } from './weights.ts';

type Saved = { readonly started: boolean; readonly closes: Json; readonly book: Json };

/** Keeps a portfolio at its target weights. */
export const rebalance = defineStrategy({
  id: 'rebalance',
  description: 'Keeps a portfolio at its target weights: sells what has grown, then buys what has shrunk',
  config,
  check({ maxWeight, method, minWeight, weights }, { symbols }) {
    if (method !== 'fixed') return boundsProblem(minWeight, maxWeight, symbols.length);
    const stranger = Object.keys(weights).find((symbol) => !symbols.includes(symbol));
    if (stranger !== undefined) {
      return { field: 'weights', message: `names ${stranger}, which is not among the symbols` };
    }
    const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
    if (sum === 0) return { field: 'weights', message: 'has to give a weight to at least one symbol' };
    return sum <= 1 + ROUNDING ? null : { field: 'weights', message: `has to sum to 1 at most, not ${sum}` };
  },
  uses: (given) => usedOptimizers(given),
  inputs: (given, _run, tools) => ({ warmup: weightMethod(given, tools).bars - 1 }),
  create(given, ctx): StrategyHooks {
    const { symbols } = ctx;
    const method = weightMethod(given, ctx);
    const closes = new Closes(symbols, method.bars);
    const book = new Book(symbols, given);
    let started = false;
    return {
      *onStart({ market }): Effects {
        const problem = portfolioProblem(symbols, market);
        started = problem === null;
        if (problem !== null) yield log('ERROR', `trades nothing: ${problem}`);
      },
      *onBar(bar, view): Effects {
        const isRound = closes.update(bar);
        if (!started) return;
        const { isReady, last, series } = closes;
        yield* book.onBar(bar.symbol, view, last);
        if (!isRound) return;
        const nothing = { weights: null, problem: null };
        const weigh = (current: readonly number[]) =>
          isReady ? method.weigh({ symbols, closes: series, current }) : nothing;
        yield* book.onRound(weigh, view, last);
      },
      *onOrderEvent(event, view): Effects {
        yield* book.onOrderEvent(event, view, closes.last);
      },
      snapshot: () => ({ started, closes: closes.snapshot(), book: book.snapshot() }),
      restore(snapshot) {
        const saved = snapshot as Saved;
        started = saved.started;
        closes.restore(saved.closes);
        book.restore(saved.book);
      },
    };
  },
});
