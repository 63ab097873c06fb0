import { describe, expect, it } from '@jest/globals';
import { abs, type Fixed, formatDecimal, max, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { fillNotional } from '../../../../core/portfolio/apply-fill.ts';
import { exposureOf, reservedByCurrency, restingPrice } from '../../../../core/risk/reservation.ts';
import { market, terms } from './defaults.ts';
import { createDesk, type Desk } from './desk.ts';

/**
 * The claim behind the reservations: whatever orders are let in, whatever is cancelled, and in whatever
 * order they then fill at their reserve prices, what was compared with the limits is not passed.
 */

const LIMIT = { leverage: '1.5', position: '60000', concentration: '0.7' };
const SYMBOLS = ['AAPL', 'MSFT', 'TSLA'] as const;
const PRICE = parseDecimal('100');

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('place' as const),
      symbol: fc.constantFrom(...SYMBOLS),
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      quantity: fc.integer({ min: 1, max: 700 }),
      type: fc.constantFrom('LIMIT' as const, 'MARKET' as const),
      reduceOnly: fc.boolean(),
      // Fills are at 100: what is reserved above it is reserved in excess.
      limit: fc.integer({ min: 100, max: 105 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('fill' as const),
      pick: fc.nat(),
      part: fc.integer({ min: 1, max: 100 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), pick: fc.nat() }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const msft = (side: 'BUY' | 'SELL', quantity: number, reduceOnly = false): Step => ({
  ...{ kind: 'place', symbol: 'MSFT', type: 'LIMIT', limit: 100 },
  ...{ side, quantity, reduceOnly },
});
const fill = (pick: number, part = 100): Step => ({ kind: 'fill', pick, part });

/** A reduce-only order closes what the others had counted on closing; asked for before them, and after. */
const REDUCED_FIRST: [Step[], number[]][] = [
  [
    [msft('SELL', 300), fill(0), msft('BUY', 100, true), msft('BUY', 900), msft('BUY', 800)],
    [0, 0, 0],
  ],
  [
    [msft('SELL', 300), fill(0), msft('BUY', 900), msft('BUY', 100, true), msft('BUY', 800)],
    [1, 0, 0],
  ],
];

const openDesk = (): Desk => {
  const desk = createDesk();
  for (const symbol of SYMBOLS) {
    desk.instrument({ symbol });
    desk.quote(symbol, '100', '100');
  }
  desk.limits({
    maxLeverage: LIMIT.leverage,
    maxPositionNotional: LIMIT.position,
    maxConcentration: LIMIT.concentration,
  });
  return desk;
};

const pickOpen = (desk: Desk, pick: number) => {
  const open = [...desk.state.openOrderIds];
  return desk.state.orders.get(open[pick % Math.max(open.length, 1)] ?? '');
};

/** A reduce-only order fills no further than the venue lets it: to a flat position. */
const fillable = (desk: Desk, order: NonNullable<ReturnType<typeof pickOpen>>): Fixed => {
  const left = (order.quantity ?? 0n) - order.filledQuantity;
  if (!order.reduceOnly) return left;
  const position = desk.state.positions.get(order.symbol)?.quantity ?? 0n;
  const closable = order.side === 'BUY' ? max(-position, 0n) : max(position, 0n);
  return left < closable ? left : closable;
};

const fillPart = (desk: Desk, pick: number, part: number): void => {
  const order = pickOpen(desk, pick);
  if (order === undefined) return;
  const units = (fillable(desk, order) / 10n ** 18n) * BigInt(part);
  const whole = (units + 99n) / 100n;
  if (whole > 0n) desk.fill(order.id, String(whole), '100');
};

const run = (desk: Desk, action: Step): void => {
  switch (action.kind) {
    case 'place': {
      const { symbol, side, type, reduceOnly } = action;
      const quantity = String(action.quantity);
      const order = { symbol, side, quantity, reduceOnly };
      // Post-only at one price: no order can be denied for crossing another.
      desk.place(
        type === 'LIMIT'
          ? terms({ ...order, limitPrice: String(action.limit), postOnly: true })
          : market({ ...order }),
      );
      return;
    }
    case 'fill':
      fillPart(desk, action.pick, action.part);
      return;
    case 'cancel': {
      const order = pickOpen(desk, action.pick);
      if (order !== undefined) desk.cancel(order.id);
      return;
    }
  }
};

const grossExposure = ({ state }: Desk): Fixed => {
  let gross = 0n;
  for (const { quantity } of state.positions.values()) {
    gross += abs(fillNotional(PRICE, quantity, 10n ** 18n));
  }
  return gross;
};

const largestPosition = ({ state }: Desk): Fixed =>
  [...state.positions.values()]
    .map(({ quantity }) => abs(fillNotional(PRICE, quantity, 10n ** 18n)))
    .reduce(max, 0n);

describe('a burst of orders', () => {
  it('never passes a limit together, however it fills', () => {
    let denied = 0;
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 5, maxLength: 40 }),
        fc.array(fc.nat(), { maxLength: 60 }),
        (steps, rest) => {
          const desk = openDesk();
          for (const action of steps) {
            run(desk, action);
            const reserved = reservedByCurrency(desk.state).get('USD') ?? 0n;
            expect(grossExposure(desk) + reserved).toBeLessThanOrEqual(parseDecimal('150000'));
          }
          denied += steps.filter(({ kind }) => kind === 'place').length - desk.state.orders.size;
          // All at one price: equity stays 100,000, and only what is let in can pass a limit.
          for (const pick of rest) fillPart(desk, pick, 100);
          expect(grossExposure(desk)).toBeLessThanOrEqual(parseDecimal('150000'));
          expect(largestPosition(desk)).toBeLessThanOrEqual(parseDecimal(LIMIT.position));
        },
      ),
      { numRuns: 300, examples: REDUCED_FIRST },
    );
    // Otherwise nothing was put to the test.
    expect(denied).toBeGreaterThan(100);
  });

  it('keeps sums that equal a walk over all open orders', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const desk = openDesk();
        for (const action of steps) run(desk, action);
        for (const symbol of SYMBOLS) {
          const orders = [...desk.state.openOrderIds].flatMap((id) => desk.state.orders.get(id) ?? []);
          const buys = orders.filter((order) => order.symbol === symbol && order.side === 'BUY');
          const total = buys.reduce((sum, order) => sum + exposureOf(order).notional, 0n);
          expect(formatDecimal(desk.state.exposure.get(symbol)?.buyNotional ?? 0n)).toBe(
            formatDecimal(total),
          );
          expect([...(desk.state.exposure.get(symbol)?.buyOrderIds ?? [])].sort()).toEqual(
            buys.map(({ id }) => id).sort(),
          );
          const resting = buys.map(restingPrice).filter((price) => price !== null);
          expect(desk.state.exposure.get(symbol)?.buyRestingPrices ?? []).toEqual(
            resting.sort((one, other) => (one < other ? -1 : 1)),
          );
        }
      }),
      { numRuns: 100 },
    );
  });
});
