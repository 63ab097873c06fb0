import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { Backtest } from '../../../../core/backtest/backtest.ts';
import type { BacktestResult } from '../../../../core/backtest/backtest-result.ts';
import type { BacktestSpec } from '../../../../core/backtest/backtest-spec.ts';
import { type BacktestData, type BarColumns, columnsSource } from '../../../../core/backtest/bar-source.ts';
import type { FeeSettings } from '../../../../core/backtest/fees-schema.ts';
import type { FillSettings } from '../../../../core/backtest/fills-schema.ts';
import { noisy } from '../../../support/backtest/noisy-strategy.ts';
import { randomWalk } from '../../../support/backtest/random-walk.ts';
import { MINUTE, runAll, settingsWith, START } from '../../../support/backtest/run-backtest.ts';

const SYMBOLS = ['A', 'B'];
const BARS = 100;

interface Case {
  readonly seed: number;
  readonly fills: FillSettings;
  readonly fees: FeeSettings;
  readonly latencyMs: number;
  readonly maxDrawdown: string | null;
}

const path = fc.constantFrom<FillSettings['path'][]>('ADAPTIVE', 'OHLC', 'OLHC');
const fills: fc.Arbitrary<FillSettings> = fc.oneof(
  fc.record({ model: fc.constant('BEST_PRICE' as const), path }),
  fc.record({ model: fc.constant('SLIPPAGE' as const), path, ticks: fc.integer({ min: 0, max: 5 }) }),
  fc.record({
    ...{ model: fc.constant('PROBABILISTIC' as const), path, ticks: fc.constant(2) },
    ...{ touchProbability: fc.constant(0.5), slippageProbability: fc.constant(0.5) },
  }),
  fc.record({
    ...{ model: fc.constant('VOLUME_SHARE' as const), path },
    ...{ share: fc.constantFrom('0.001', '0.005'), priceImpact: fc.constant(0.5) },
  }),
  fc.record({ model: fc.constant('SQUARE_ROOT_IMPACT' as const), path, coefficient: fc.constant(1) }),
);
const fees: fc.Arbitrary<FeeSettings> = fc.constantFrom(
  { model: 'NONE' },
  { model: 'PER_ORDER', amount: '1' },
  { model: 'MAKER_TAKER', maker: '-0.0001', taker: '0.0003' },
  {
    model: 'TIERED',
    tiers: [
      { from: '0', maker: '0.001', taker: '0.001' },
      { from: '5000', maker: '0', taker: '0.0005' },
    ],
  },
);
const cases: fc.Arbitrary<Case> = fc.record({
  ...{ seed: fc.integer({ min: 0, max: 1_000_000 }), fills, fees },
  latencyMs: fc.constantFrom(0, 150, 30_000, 90_000),
  maxDrawdown: fc.constantFrom(null, null, '0.001'),
});

const specOf = ({ fees: charged, fills: filled, latencyMs: ms, maxDrawdown, seed }: Case): BacktestSpec => {
  const settings = settingsWith({
    ...{ strategy: 'noisy', symbols: SYMBOLS, seed, fees: charged, fills: filled },
    latency: { model: 'CONSTANT', ms },
  });
  return { strategy: noisy, settings: { ...settings, limits: { ...settings.limits, maxDrawdown } } };
};

/** The second symbol lacks every third minute, so that bars of the two do not go together. */
const columnsFor = (seed: number): readonly BarColumns[] =>
  SYMBOLS.map((symbol, place) => {
    const whole = randomWalk(`${symbol}${String(seed)}`, BARS, (index) => START + index * MINUTE);
    return place === 0 ? whole : keep(whole, (_, index) => index % 3 !== 1);
  });

const keep = (columns: BarColumns, isKept: (at: number, index: number) => boolean): BarColumns => {
  const indices = [...columns.at.keys()].filter((index) => isKept(columns.at[index]!, index));
  const column = (name: keyof BarColumns): Float64Array =>
    Float64Array.from(indices, (index) => columns[name][index]!);
  return {
    ...{ at: column('at'), open: column('open'), high: column('high') },
    ...{ low: column('low'), close: column('close'), volume: column('volume') },
  };
};

const cut = (columns: BarColumns, count: number): BarColumns =>
  keep(columns, (at) => at < START + count * MINUTE);

const dataFor = (seed: number, count = BARS): BacktestData => ({
  sources: columnsFor(seed).map((columns, index) =>
    columnsSource({ symbol: SYMBOLS[index]!, interval: 'MINUTE_1' }, cut(columns, count)),
  ),
});

const run = (one: Case, count = BARS): BacktestResult => runAll(specOf(one), dataFor(one.seed, count));
const RUNS = { numRuns: 12 };

describe('a random strategy over random bars', () => {
  it('does enough to say something', () => {
    const quiet: Case = {
      seed: 1,
      fills: { model: 'BEST_PRICE', path: 'OHLC' },
      fees: { model: 'NONE' },
      latencyMs: 0,
      maxDrawdown: null,
    };
    const { counts, failure, orders } = run(quiet);
    expect(failure).toBeNull();
    expect(counts.fills).toBeGreaterThan(20);
    const met = new Set(orders.map(({ status }) => status));
    for (const status of ['FILLED', 'CANCELED', 'EXPIRED']) expect(met).toContain(status);
  });

  it('gives the same hash for the same spec, however it is sliced', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 50 }), (one, slice) => {
        const whole = run(one);
        expect(runAll(specOf(one), dataFor(one.seed), slice).resultHash).toBe(whole.resultHash);
      }),
      RUNS,
    );
  });

  it('gives the same result when it is saved and restored at any bar', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 2 * BARS - 1 }), (one, after) => {
        const first = new Backtest(specOf(one), dataFor(one.seed));
        first.advance(after);
        const snapshot: unknown = JSON.parse(JSON.stringify(first.save()));
        const second = Backtest.restore(specOf(one), dataFor(one.seed), snapshot as never);
        while (!second.advance(37).done);
        const whole = run(one);
        const restored = second.result();
        expect(restored).toEqual(whole);
        expect(restored.resultHash).toBe(whole.resultHash);
      }),
      RUNS,
    );
  });

  it('places the same orders whatever comes later', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 10, max: BARS - 1 }), (one, count) => {
        const until = START + count * MINUTE;
        const placed = ({ orders }: BacktestResult) =>
          orders
            .filter(({ at }) => at < until)
            .map(({ at, id, side, symbol, type }) => [at, id, symbol, side, type]);
        expect(placed(run(one, count))).toEqual(placed(run(one)));
        const filled = ({ fills: all }: BacktestResult) => all.filter(({ at }) => at < until);
        expect(filled(run(one, count))).toEqual(filled(run(one)));
      }),
      RUNS,
    );
  });

  it('is worth its cash and positions, and neither earns nor loses what it did not trade', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { equity, fills: all, settings } = run(one);
        const held = new Map<string, bigint>();
        let cash = parseDecimal(settings.startingCash);
        for (const { fee, price, quantity, side, symbol } of all) {
          const units = (side === 'BUY' ? 1n : -1n) * parseDecimal(quantity);
          held.set(symbol, (held.get(symbol) ?? 0n) + units);
          cash -= (units / 10n ** 18n) * parseDecimal(price) + parseDecimal(fee);
        }
        const columns = columnsFor(one.seed);
        let worth = cash;
        let gross = 0n;
        SYMBOLS.forEach((symbol, index) => {
          const close = parseDecimal(String(columns[index]!.close.at(-1)));
          const value = ((held.get(symbol) ?? 0n) / 10n ** 18n) * close;
          worth += value;
          gross += value < 0n ? -value : value;
        });
        const last = equity.at(-1)!;
        expect(parseDecimal(last.cash)).toBe(cash);
        expect(parseDecimal(last.equity)).toBe(worth);
        expect(parseDecimal(last.grossExposure)).toBe(gross);
      }),
      RUNS,
    );
  });

  it('fills nothing before its order has come to the venue, and nothing outside its bar', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { fills: all, orders } = run(one);
        const byId = new Map(orders.map((order) => [order.id, order]));
        const columns = new Map(SYMBOLS.map((symbol, index) => [symbol, columnsFor(one.seed)[index]!]));
        const slips = one.fills.model !== 'BEST_PRICE';
        for (const { at, orderId, price, symbol } of all) {
          const order = byId.get(orderId)!;
          // Legs of brackets are sent when their entry has filled, orders of the strategy when they are placed.
          const sentAt = order.parentId === null ? order.at : byId.get(order.parentId)!.at;
          expect(at).toBeGreaterThanOrEqual(sentAt + one.latencyMs);
          const { at: starts, high, low } = columns.get(symbol)!;
          // A bar that is of this minute: no fill is of a minute without one.
          const bar = starts.indexOf(START + Math.floor((at - START) / MINUTE) * MINUTE);
          expect(bar).toBeGreaterThanOrEqual(0);
          if (!slips) {
            expect(Number(price)).toBeLessThanOrEqual(high[bar]!);
            expect(Number(price)).toBeGreaterThanOrEqual(low[bar]!);
          }
        }
      }),
      RUNS,
    );
  });
});
