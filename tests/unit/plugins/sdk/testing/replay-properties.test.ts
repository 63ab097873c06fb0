import { describe, expect, it } from '@jest/globals';
import {
  type Bar,
  cancel,
  close,
  place,
  replace,
  type StrategyEffect,
  type StrategyOrder,
} from '@omniquant/plugin-sdk';
import { formatDecimal, multiply, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import { randomBars, replay, type ReplayOptions, type ReplayResult } from '@omniquant/plugin-sdk/testing';
import fc from 'fast-check';

import { scripted } from '../../../../support/scripted-strategy.ts';

const BARS = 40;
const SYMBOLS = ['A', 'B'];

const price = fc.integer({ min: 8_000, max: 12_000 }).map((cents) => (cents / 100).toFixed(2));
const percent = { trailingOffset: '0.03', trailingOffsetType: 'PERCENT' } as const;

const terms: fc.Arbitrary<Partial<StrategyOrder>> = fc.oneof(
  fc.constant({}),
  price.map((limitPrice) => ({ type: 'LIMIT' as const, limitPrice })),
  price.map((stopPrice) => ({ type: 'STOP' as const, stopPrice })),
  price.map((stopPrice) => ({ type: 'MARKET_IF_TOUCHED' as const, stopPrice })),
  fc
    .tuple(price, price)
    .map(([stopPrice, limitPrice]) => ({ type: 'STOP_LIMIT' as const, stopPrice, limitPrice })),
  fc.tuple(price, price).map(([stopPrice, limitPrice]) => ({
    ...{ type: 'LIMIT_IF_TOUCHED' as const, stopPrice, limitPrice },
  })),
  fc.constant({ type: 'TRAILING_STOP' as const, ...percent }),
  price.map((limitPrice) => ({ type: 'TRAILING_STOP_LIMIT' as const, limitPrice, ...percent })),
  fc.constant({ takeProfit: { limitPrice: '104' }, stopLoss: { stopPrice: '96.5' } }),
  fc.constant({ stopLoss: percent }),
);

const order = fc
  .record({
    given: terms,
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    quantity: fc.integer({ min: 1, max: 90_000 }).map((thousandths) => String(thousandths / 1_000)),
    timeInForce: fc.constantFrom('DAY' as const, 'GTC' as const),
    reduceOnly: fc.boolean(),
  })
  .map(({ given, reduceOnly, ...rest }) => ({
    ...{ ...rest, ...given },
    reduceOnly: reduceOnly && given.stopLoss === undefined,
  }));

const script = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 2 * BARS - 1 }),
      fc.constantFrom(...SYMBOLS),
      fc.oneof(
        { weight: 6, arbitrary: order },
        { weight: 1, arbitrary: fc.constantFrom('close', 'cancel', 'replace') },
      ),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map((asked) => {
    const bars: Record<number, StrategyEffect[]> = {};
    asked.forEach(([at, symbol, what], index) => {
      const before = `o${String(index - 1)}`;
      const effect =
        what === 'close'
          ? close(symbol)
          : what === 'cancel'
            ? cancel(before)
            : what === 'replace'
              ? replace(before, { quantity: '3.5' })
              : place({ ...(what as StrategyOrder), symbol, ref: `o${String(index)}` });
      (bars[at] ??= []).push(effect);
    });
    return { bars };
  });

const options = fc.record({
  commission: fc.constantFrom({}, { perUnit: '0.0035', rate: '0.00013' }),
  instruments: fc.constantFrom([], [{ symbol: 'A', multiplier: '50' }]),
}) satisfies fc.Arbitrary<ReplayOptions>;

const thin = fc.constantFrom<ReplayOptions>({}, { maxVolumeShare: '0.003' });

const barsOfSeed = (seed: number): Bar[] =>
  SYMBOLS.flatMap((symbol) =>
    randomBars({
      symbol,
      seed: String(seed),
      count: BARS,
      volatility: 0.03,
      haltChance: 0.02,
      gapChance: 0.2,
    }),
  );

const forAll = (check: (result: ReplayResult, bars: readonly Bar[], given: ReplayOptions) => void) =>
  fc.assert(
    fc.asyncProperty(fc.nat(), script, options, thin, async (seed, said, costs, volume) => {
      const bars = barsOfSeed(seed);
      const given = { ...costs, ...volume, leverage: null };
      check(await replay(scripted(said).definition, bars, given), bars, given);
    }),
    { numRuns: 150 },
  );

describe('a replay of any orders', () => {
  it('has at every bar an equity of cash and positions at the last close, exactly', async () => {
    await forAll(({ fills, statistics }, bars, { instruments = [] }) => {
      const multiplier = (symbol: string) =>
        parseDecimal(instruments.find((one) => one.symbol === symbol)?.multiplier ?? '1');
      for (const { at, equity } of statistics.equityCurve) {
        let worth = parseDecimal('100000');
        const held = new Map<string, bigint>();
        for (const fill of fills.filter((one) => one.at <= at)) {
          const signed = parseDecimal(fill.quantity) * (fill.side === 'BUY' ? 1n : -1n);
          held.set(fill.symbol, (held.get(fill.symbol) ?? 0n) + signed);
          worth -= multiply(multiply(signed, parseDecimal(fill.price)), multiplier(fill.symbol));
          worth -= parseDecimal(fill.fee);
        }
        for (const [symbol, quantity] of held) {
          const last = bars.findLast((bar) => bar.symbol === symbol && bar.at < at)?.close ?? 0;
          worth += multiply(multiply(quantity, parseDecimal(String(last))), multiplier(symbol));
        }
        expect(equity).toBe(formatDecimal(worth));
      }
    });
  });

  it('fills within the range of a bar that begins after the order, and no more than was asked for', async () => {
    await forAll(({ fills, orders }, bars) => {
      for (const { ref, price: paid, barAt, symbol } of fills) {
        const bar = bars.find((one) => one.symbol === symbol && one.at === barAt);
        expect(Number(paid)).toBeGreaterThanOrEqual(bar?.low ?? Infinity);
        expect(Number(paid)).toBeLessThanOrEqual(bar?.high ?? 0);
        expect(orders.some((one) => one.ref === ref && one.placedAt <= barAt)).toBe(true);
      }
      for (const one of orders) {
        const own = fills.filter(({ ref }) => ref === one.ref);
        const filled = own.reduce((sum, { quantity }) => sum + parseDecimal(quantity), 0n);
        expect(formatDecimal(filled)).toBe(one.filledQuantity);
        if (one.quantity !== null) expect(filled).toBeLessThanOrEqual(parseDecimal(one.quantity));
        expect(one.status === 'FILLED').toBe(one.filledQuantity === one.quantity);
        if (one.type !== 'LIMIT') continue;
        const [limit, sign] = [Number(one.limitPrice), one.side === 'BUY' ? 1 : -1];
        for (const { price: paid } of own) expect(sign * (limit - Number(paid))).toBeGreaterThanOrEqual(0);
      }
    });
  });

  it('never closes more with the legs of a bracket than its entry has opened', async () => {
    await forAll(({ orders }) => {
      for (const entry of orders) {
        const legs = orders.filter(({ ref }) => ref.startsWith(`${entry.ref}.`));
        const closed = legs.reduce((sum, { filledQuantity }) => sum + parseDecimal(filledQuantity), 0n);
        expect(closed).toBeLessThanOrEqual(parseDecimal(entry.filledQuantity));
      }
    });
  });

  it('comes out the same again, and with another hash where an order differs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), script, async (seed, said) => {
        const bars = barsOfSeed(seed);
        const again = () => replay(scripted(said).definition, bars, { leverage: null });
        const [first, second] = [await again(), await again()];
        expect(second).toEqual(first);
        expect(first.hash).toMatch(/^[0-9a-f]{16}$/);
        const more = { bars: { ...said.bars, 0: [place({ symbol: 'A', side: 'BUY', quantity: '1' })] } };
        const other = await replay(scripted(more).definition, bars, { leverage: null });
        expect(other.hash).not.toBe(first.hash);
      }),
      { numRuns: 50 },
    );
  });
});
