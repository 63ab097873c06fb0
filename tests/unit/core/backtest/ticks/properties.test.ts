import { describe, expect, it } from '@jest/globals';
import { cancelAll, place, type StrategyDefinition, type StrategyEffect } from '@omniquant/plugin-sdk';
import { parseDecimal, toNumber } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { Backtest } from '../../../../../core/backtest/backtest.ts';
import type { BacktestResult } from '../../../../../core/backtest/backtest-result.ts';
import type { BacktestSpec } from '../../../../../core/backtest/backtest-spec.ts';
import { type BacktestData, columnsSource } from '../../../../../core/backtest/bar-source.ts';
import type { FillSettings } from '../../../../../core/backtest/fills-schema.ts';
import type { LatencySettings } from '../../../../../core/backtest/latency-schema.ts';
import { type MarketSource, tickBlocks } from '../../../../../core/backtest/tick-source.ts';
import { noisy } from '../../../../support/backtest/noisy-strategy.ts';
import { randomLevels, randomOrders, randomQuotes } from '../../../../support/backtest/random-ticks.ts';
import { randomWalk } from '../../../../support/backtest/random-walk.ts';
import { MINUTE, runAll, settingsWith, START } from '../../../../support/backtest/run-backtest.ts';
import {
  levelColumns,
  orderColumns,
  quoteColumns,
  type TickRows,
  tickSources,
  tradeColumns,
} from '../../../../support/backtest/tick-rows.ts';

const STEPS = 200;
const BARS = 5;

/** As the noisy strategy at its bars; and at ticks it rests where the market is, takes, or takes back. */
const noisyTicks: StrategyDefinition = {
  ...noisy,
  inputs: () => ({ quotes: true, trades: true }),
  create(config, ctx) {
    const act = function* (symbol: string, bid: number, ask: number): Generator<StrategyEffect> {
      const chance = ctx.random();
      const quantity = String(1 + Math.floor(ctx.random() * 8));
      const side = ctx.random() < 0.5 ? 'BUY' : 'SELL';
      const rests = { type: 'LIMIT', limitPrice: String(side === 'BUY' ? bid : ask) } as const;
      if (chance < 0.15) yield place({ symbol, side, quantity, ...rests });
      else if (chance < 0.2) yield place({ symbol, side, quantity });
      else if (chance < 0.22) yield cancelAll(symbol);
    };
    return {
      ...noisy.create(config, ctx),
      onQuote: ({ ask, bid, symbol }) => (bid === null || ask === null ? undefined : act(symbol, bid, ask)),
      onTrade: ({ price, symbol }) => act(symbol, price, price),
    };
  },
};

interface Case {
  readonly seed: number;
  readonly kind: 'QUOTES' | 'TRADES' | 'L2' | 'L3';
  readonly fills: FillSettings;
  readonly latency: LatencySettings;
}

const path = 'ADAPTIVE';
const replenish = fc.constantFrom('UPDATE' as const, 'ADDED' as const, 'EMPTIED' as const);
const best = fc.constantFrom<FillSettings[]>(
  { model: 'BEST_PRICE', path },
  { model: 'SLIPPAGE', path, ticks: 1 },
  { model: 'PROBABILISTIC', path, touchProbability: 0.5, slippageProbability: 0.5, ticks: 2 },
);
const queue: fc.Arbitrary<FillSettings> = fc.record({
  ...{ model: fc.constant('QUEUE_POSITION' as const), path: fc.constant(path), replenish },
  queue: fc.constantFrom('RISK_AVERSE', 'POWER', 'POWER_2', 'POWER_3', 'LOG', 'LOG_2'),
  exponent: fc.constantFrom(1, 2.5),
});
const fifo: fc.Arbitrary<FillSettings> = fc.record({
  ...{ model: fc.constant('L3_FIFO' as const), path: fc.constant(path), replenish },
});
const kinds = fc.oneof(
  fc.record({ kind: fc.constant('QUOTES' as const), fills: fc.oneof(best, queue) }),
  fc.record({ kind: fc.constant('TRADES' as const), fills: best }),
  fc.record({ kind: fc.constant('L2' as const), fills: fc.oneof(best, queue) }),
  fc.record({ kind: fc.constant('L3' as const), fills: fc.oneof(best, queue, fifo) }),
);
const latency = fc.constantFrom<LatencySettings[]>(
  { model: 'CONSTANT', ms: 0 },
  { model: 'CONSTANT', ms: 450, response: 900 },
  {
    model: 'RECORDED',
    interpolation: 'LINEAR',
    rows: [
      { at: START, order: 0.5, response: 100 },
      { at: START + 200_000, order: 3_000, response: 0 },
    ],
  },
);
const cases: fc.Arbitrary<Case> = fc
  .record({ seed: fc.integer({ min: 0, max: 1_000_000 }), kind: kinds, latency })
  .map(({ kind, ...rest }) => ({ ...rest, ...kind }));

const rowsFor = ({ kind, seed }: Case): TickRows => {
  const name = String(seed);
  if (kind === 'L3') return randomOrders(name, STEPS);
  if (kind === 'L2') return randomLevels(name, STEPS);
  const { quotes, trades } = randomQuotes(name, STEPS);
  return kind === 'QUOTES' ? { quotes, trades } : { trades };
};

/** X has ticks and bars. A queue needs sizes of all symbols, so that another one with bars alone is only there without. */
const specOf = (one: Case): BacktestSpec => ({
  strategy: noisyTicks,
  settings: settingsWith({
    ...{ strategy: 'noisy', symbols: one.fills.model === 'BEST_PRICE' ? ['X', 'B'] : ['X'] },
    ...{ seed: one.seed, fills: one.fills, latency: one.latency },
  }),
});

const barsFor = ({ seed }: Case): BacktestData['sources'] =>
  ['X', 'B'].map((symbol) => {
    const bars = randomWalk(`${symbol}${String(seed)}`, BARS, (index) => START + index * MINUTE);
    return columnsSource({ symbol, interval: 'MINUTE_1' }, bars);
  });

const dataFor = (one: Case, rows = rowsFor(one)): BacktestData => ({
  sources: barsFor(one),
  ticks: tickSources(rows),
});
const run = (one: Case): BacktestResult => runAll(specOf(one), dataFor(one));
const RUNS = { numRuns: 6 };

describe('a random strategy over random ticks', () => {
  it.each(['QUOTES', 'TRADES', 'L2', 'L3'] as const)('does enough on %s to say something', (kind) => {
    const one: Case = {
      ...{ seed: 3, kind, fills: { model: 'BEST_PRICE', path } },
      latency: { model: 'CONSTANT', ms: 0 },
    };
    const { counts, failure, fills } = run(one);
    expect(failure).toBeNull();
    expect(counts.fills).toBeGreaterThan(10);
    expect(fills.some(({ symbol, liquidity }) => symbol === 'X' && liquidity === 'MAKER')).toBe(true);
  });

  it('gives the same hash however it is sliced, and however its blocks are cut', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 90 }), (one, slice) => {
        const whole = run(one);
        expect(runAll(specOf(one), dataFor(one), slice).resultHash).toBe(whole.resultHash);
        const feeds = blocksOf(rowsFor(one), slice);
        const backtest = new Backtest(specOf(one), {
          sources: barsFor(one),
          ticks: feeds.map(({ source }) => source),
        });
        for (let now = backtest.advance(Infinity); !now.done; now = backtest.advance(Infinity)) {
          const waits = now.waitsFor;
          if (waits !== null && 'kind' in waits) {
            feeds.find(({ source }) => source.series.kind === waits.kind)?.push();
          }
        }
        expect(backtest.result().resultHash).toBe(whole.resultHash);
      }),
      RUNS,
    );
  });

  it('gives the same result when it is saved and restored at any row', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: STEPS }), (one, after) => {
        const first = new Backtest(specOf(one), dataFor(one));
        first.advance(after);
        const snapshot: unknown = JSON.parse(JSON.stringify(first.save()));
        const second = Backtest.restore(specOf(one), dataFor(one), snapshot as never);
        while (!second.advance(137).done);
        expect(second.result()).toEqual(run(one));
      }),
      RUNS,
    );
  });

  it('places and fills the same whatever comes later', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 20_000, max: 200_000 }), (one, until) => {
        const rows = rowsFor(one);
        const cut = <R extends readonly [number, ...unknown[]]>(all: readonly R[] | undefined) =>
          all?.filter(([at]) => at <= until);
        const short = runAll(specOf(one), {
          sources: barsFor(one).map((source) => source),
          ticks: tickSources({
            ...(rows.quotes && { quotes: cut(rows.quotes)! }),
            ...(rows.trades && { trades: cut(rows.trades)! }),
            ...(rows.levels && { levels: cut(rows.levels)! }),
            ...(rows.orders && { orders: cut(rows.orders)! }),
          }),
        });
        const upTo = ({ fills, orders }: BacktestResult) => [
          fills.filter(({ at }) => at < START + until),
          orders.filter(({ at }) => at < START + until).map(({ at, id, side, type }) => [at, id, side, type]),
        ];
        expect(upTo(short)).toEqual(upTo(run(one)));
      }),
      RUNS,
    );
  });

  it('is worth its cash and positions, and trades no more than the market did', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { equity, fills, settings } = run(one);
        let cash = toNumber(parseDecimal(settings.startingCash));
        for (const { price, quantity, side } of fills) {
          cash += (side === 'SELL' ? 1 : -1) * Number(price) * Number(quantity);
        }
        expect(Number(equity.at(-1)?.cash)).toBeCloseTo(cash, 6);
        if (one.kind !== 'TRADES') return;
        const traded = new Map<number, number>();
        for (const [at, , size] of rowsFor(one).trades ?? []) traded.set(at, (traded.get(at) ?? 0) + size);
        for (const { at } of fills.filter(({ symbol }) => symbol === 'X')) {
          // Where orders of its own meet each other, nobody else trades.
          const net = fills
            .filter((each) => each.symbol === 'X' && each.at === at)
            .reduce((sum, { quantity, side }) => sum + (side === 'BUY' ? 1 : -1) * Number(quantity), 0);
          expect(Math.abs(net)).toBeLessThanOrEqual(traded.get(at - START) ?? 0);
        }
      }),
      RUNS,
    );
  });
});

/** Sources that are given blocks of so many rows, one at a time. */
function blocksOf(rows: TickRows, size: number): { readonly source: MarketSource; push(): void }[] {
  const feed = <S extends MarketSource & { end(): void }>(
    source: S,
    count: number,
    push: (from: number) => void,
  ) => {
    let from = 0;
    return {
      source,
      push(): void {
        if (from >= count) source.end();
        else push(from);
        from += size;
      },
    };
  };
  const { levels, orders, quotes, trades } = rows;
  const feeds: { readonly source: MarketSource; push(): void }[] = [];
  if (quotes !== undefined) {
    const blocks = tickBlocks({ symbol: 'X', kind: 'QUOTES' });
    feeds.push(
      feed(blocks, quotes.length, (at) => {
        blocks.push(quoteColumns(quotes.slice(at, at + size)));
      }),
    );
  }
  if (trades !== undefined) {
    const blocks = tickBlocks({ symbol: 'X', kind: 'TRADES' });
    feeds.push(
      feed(blocks, trades.length, (at) => {
        blocks.push(tradeColumns(trades.slice(at, at + size)));
      }),
    );
  }
  if (levels !== undefined) {
    const blocks = tickBlocks({ symbol: 'X', kind: 'L2' });
    feeds.push(
      feed(blocks, levels.length, (at) => {
        blocks.push(levelColumns(levels.slice(at, at + size)));
      }),
    );
  }
  if (orders !== undefined) {
    const blocks = tickBlocks({ symbol: 'X', kind: 'L3' });
    feeds.push(
      feed(blocks, orders.length, (at) => {
        blocks.push(orderColumns(orders.slice(at, at + size)));
      }),
    );
  }
  return feeds;
}
