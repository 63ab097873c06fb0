import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { BacktestResult } from '../../../../core/backtest/backtest-result.ts';
import type { CorporateAction } from '../../../../core/backtest/corporate-actions.ts';
import type { TickColumns, TickKind } from '../../../../core/backtest/tick-source.ts';
import { backtestExtensionsOf } from '../../../../gateway/backtests/backtest-extensions.ts';
import type { BacktestRequest } from '../../../../gateway/backtests/backtest-request.ts';
import type { MarketDataSource } from '../../../../gateway/backtests/market-data/market-data-source.ts';
import { adjustedTicks } from '../../../../gateway/backtests/market-data/split-adjusted-ticks.ts';
import { prepareBacktest } from '../../../../gateway/backtests/prepare-backtest.ts';
import { runBacktest } from '../../../../gateway/backtests/run-backtest.ts';
import { noisy } from '../../../support/backtest/noisy-strategy.ts';
import { randomLevels, randomOrders, randomQuotes } from '../../../support/backtest/random-ticks.ts';
import { START } from '../../../support/backtest/run-backtest.ts';
import {
  levelColumns,
  orderColumns,
  quoteColumns,
  tradeColumns,
} from '../../../support/backtest/tick-rows.ts';
import { memoryMarketData } from './memory-market-data.ts';

/*
 * A market around the midnight of a split, told once in the units of the time and once in those of the last day: a
 * strategy does the same in both.
 */

const { signal } = new AbortController();
const MINUTE = 60_000;
const STEPS = 1_500;
const MIDNIGHT = Math.ceil(START / 86_400_000) * 86_400_000;
/** The middle of the steps is the midnight. */
const FIRST = MIDNIGHT - 9 * MINUTE;
const EX_DAY = new Date(MIDNIGHT).toISOString().slice(0, 10);

type Ticks = { readonly [K in TickKind]?: TickColumns[K] };

/** Sizes that both units have whole, at the times of the test. */
function settle<C extends { readonly at: Float64Array }>(columns: C, ...names: readonly (keyof C)[]): C {
  const sized = names.map((name) => [name, (columns[name] as Float64Array).map((size) => size * 6)] as const);
  return { ...columns, ...Object.fromEntries(sized), at: columns.at.map((at) => at - START + FIRST) };
}

const PRICES = ['bid', 'ask', 'price'];
const SIZES = ['bidSize', 'askSize', 'size'];

/** As they were traded, where one unit became `to`. */
function asTraded<C extends { readonly at: Float64Array }>(columns: C, to: number): C {
  const changed = Object.entries(columns).map(([name, column]: [string, Float64Array]) => {
    const factor = PRICES.includes(name) ? to : SIZES.includes(name) ? 1 / to : 1;
    return [name, column.map((value, row) => (columns.at[row]! < MIDNIGHT ? value * factor : value))];
  });
  return Object.fromEntries(changed) as C;
}

function worldOf(ticks: Ticks, unitsBefore: number): MarketDataSource {
  const middles = (ticks.QUOTES ?? quoteColumns(randomQuotes('bars', STEPS).quotes)).bid;
  const rows = Array.from({ length: 17 }, (_, index) => {
    const at = FIRST + index * MINUTE;
    const close = middles[Math.min(middles.length - 1, Math.floor((index * MINUTE) / 700))] ?? 100;
    const price = (Number.isNaN(close) ? 100 : close) * (at < MIDNIGHT ? unitsBefore : 1);
    return { at, open: price, high: price, low: price, close: price, volume: 600 };
  });
  const told = Object.entries(ticks) as [TickKind, TickColumns[TickKind]][];
  return {
    ...memoryMarketData([{ symbol: 'X', interval: 'MINUTE_1', rows }]),
    ticks: () =>
      told.map(([kind, { at }]) => ({
        ...{ symbol: 'X', kind, rows: at.length, source: 'a test', first: at[0] ?? 0, last: at.at(-1) ?? 0 },
      })),
    async *readTicks<K extends TickKind>({ kind }: { readonly kind: K }): AsyncGenerator<TickColumns[K]> {
      await Promise.resolve();
      const columns = ticks[kind];
      if (columns === undefined) throw new Error(`there are no ${kind}`);
      yield asTraded(columns, unitsBefore);
    },
  };
}

async function run(data: MarketDataSource, request: Partial<BacktestRequest>): Promise<BacktestResult> {
  const common = { strategy: 'noisy', symbols: ['X'], interval: 'MINUTE_1' } as const;
  const limits = { maxConcentration: null, priceCollar: null, maxOrderNotional: null };
  const surroundings = { extensions: backtestExtensionsOf([noisy]), data };
  const prepared = await prepareBacktest({ ...common, limits, ...request }, surroundings, signal);
  return runBacktest(prepared, { signal });
}

const WORLDS: readonly [string, Partial<BacktestRequest>, (seed: string) => Ticks][] = [
  [
    'quotes and trades',
    { data: ['BARS', 'QUOTES', 'TRADES'], fills: { model: 'QUEUE_POSITION' } },
    (seed) => {
      const { quotes, trades } = randomQuotes(seed, STEPS);
      return {
        QUOTES: settle(quoteColumns(quotes), 'bidSize', 'askSize'),
        TRADES: settle(tradeColumns(trades), 'size'),
      };
    },
  ],
  [
    'price levels',
    { data: ['BARS', 'L2'], fills: { model: 'L2_WALK' } },
    (seed) => ({ L2: settle(levelColumns(randomLevels(seed, STEPS).levels), 'size') }),
  ],
  [
    'single orders',
    { data: ['BARS', 'L3'], fills: { model: 'L3_FIFO' } },
    (seed) => ({ L3: settle(orderColumns(randomOrders(seed, STEPS).orders), 'size') }),
  ],
];

describe('a split beside ticks of raw prices', () => {
  it.each(WORLDS)('changes nothing that a strategy does on %s', async (_what, request, ticksOf) => {
    let fills = 0;
    await fc.assert(
      fc.asyncProperty(fc.uuid(), fc.constantFrom(2, 3), fc.nat(), async (walk, to, seed) => {
        const split: CorporateAction = { kind: 'SPLIT', symbol: 'X', exDay: EX_DAY, to, from: 1 };
        const ticks = ticksOf(walk);
        const whole = await run(worldOf(ticks, 1), { ...request, seed });
        const parted = await run(worldOf(ticks, to), { ...request, seed, corporateActions: [split] });
        fills += whole.fills.length;
        expect(parted.fills).toEqual(whole.fills);
        expect(parted.orders).toEqual(whole.orders);
        expect(parted.equity).toEqual(whole.equity);
      }),
      { numRuns: 10 },
    );
    expect(fills).toBeGreaterThan(20);
  });

  it('is refused for single orders that it turns into fractions', async () => {
    const split: CorporateAction = { kind: 'SPLIT', symbol: 'X', exDay: EX_DAY, to: 3, from: 2 };
    const [, , [, orders, ticksOf]] = WORLDS as [unknown, unknown, (typeof WORLDS)[number]];
    const refused = run(worldOf(ticksOf('a'), 1), { ...orders, corporateActions: [split] });
    await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'data' });
  });

  it('leaves a lot of what rested, where it was less than one new unit', () => {
    const size = Float64Array.of(0, 5, 300, NaN);
    const price = Float64Array.of(1, 1, 1, NaN);
    const at = Float64Array.of(1, 2, 3, 4);
    const units = { ratios: at.map(() => 0.01), lot: 1 };
    const quotes = adjustedTicks(
      'QUOTES',
      { at, bid: price, bidSize: size, ask: price, askSize: size },
      units,
    );
    expect([...quotes.bidSize]).toEqual([0, 1, 3, NaN]);
    expect([...quotes.askSize]).toEqual([0, 1, 3, NaN]);
    expect([...quotes.ask]).toEqual([100, 100, 100, NaN]);
    const trades = adjustedTicks('TRADES', { at, price, size, side: new Int8Array(4) }, units);
    expect([...trades.size]).toEqual([0, 0.05, 3, NaN]);
  });
});
