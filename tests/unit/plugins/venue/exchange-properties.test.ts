import { describe, expect, it } from '@jest/globals';
import type { OrderTerms } from '@omniquant/plugin-sdk';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';
import { leavesOf } from '@omniquant/venue/order-state';
import fc from 'fast-check';

import { TestExchange } from '../../../support/venue/test-exchange.ts';

type Step =
  | { readonly kind: 'submit'; readonly account: 'A' | 'B'; readonly terms: Partial<OrderTerms> }
  | { readonly kind: 'replace'; readonly target: number; readonly terms: Partial<OrderTerms> }
  | { readonly kind: 'cancel'; readonly target: number }
  | { readonly kind: 'quote'; readonly last: number; readonly volume: number }
  | { readonly kind: 'bust'; readonly target: number }
  | { readonly kind: 'session' };

const price = fc.integer({ min: 9_900, max: 10_100 });
const asPrice = (cents: number): string =>
  `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`.replace(/\.?0+$/, '');

const terms = fc
  .record({
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    type: fc.constantFrom(
      'MARKET',
      'LIMIT',
      'LIMIT',
      'STOP',
      'STOP_LIMIT',
      'TRAILING_STOP',
      'LIMIT_IF_TOUCHED' as const,
    ),
    timeInForce: fc.constantFrom('GTC', 'GTC', 'DAY', 'IOC', 'FOK', 'OPG', 'CLS' as const),
    quantity: fc.integer({ min: 1, max: 80 }),
    limit: price,
    stop: price,
    reduceOnly: fc.boolean(),
    postOnly: fc.boolean(),
    display: fc.option(fc.integer({ min: 1, max: 10 })),
  })
  .map(({ type, limit, stop, quantity, display, ...rest }): Partial<OrderTerms> => {
    const hasLimit = type.includes('LIMIT');
    return {
      ...rest,
      type,
      timeInForce: rest.timeInForce,
      quantity: String(quantity),
      limitPrice: hasLimit ? asPrice(limit) : null,
      stopPrice: ['STOP', 'STOP_LIMIT', 'LIMIT_IF_TOUCHED'].includes(type) ? asPrice(stop) : null,
      trailingOffset: type === 'TRAILING_STOP' ? '0.4' : null,
      trailingOffsetType: type === 'TRAILING_STOP' ? 'PRICE' : null,
      postOnly: rest.postOnly && hasLimit,
      displayQuantity: hasLimit && display !== null && display <= quantity ? String(display) : null,
    };
  });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      account: fc.constantFrom('A' as const, 'B' as const),
      terms,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('replace' as const), target: fc.nat(60), terms }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), target: fc.nat(60) }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('quote' as const), last: price, volume: fc.nat(100) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bust' as const), target: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'session' as const }) },
);

/** Plays steps; revisions of submit number n are named o<n>, those of replace number n too. */
const play = (steps: readonly Step[]): TestExchange => {
  const venue = new TestExchange({
    fees: { perUnit: '0.01', rate: '0', minimum: '0' },
    partialFillProbability: 0.2,
    slippageProbability: 0.3,
    slippageTicks: 3,
    lateFeeProbability: 0.2,
    bustProbability: 0.05,
  }).open(10_000);
  venue.exchange.openAccount('B', 'USD', '10000');
  for (const [index, each] of steps.entries()) {
    if (each.kind === 'submit') venue.submit(`o${index}`, each.terms, each.account);
    else if (each.kind === 'replace') venue.replace(`o${each.target}`, `o${index}`, each.terms);
    else if (each.kind === 'cancel') venue.cancel(`o${each.target}`);
    else if (each.kind === 'quote') venue.quote(each.last, { volume: each.volume });
    else if (each.kind === 'bust') venue.exchange.bust(`E${each.target}`);
    else venue.close(10_000).open(10_010);
    venue.drain();
  }
  return venue;
};

describe('the exchange', () => {
  it('has books that are the sum of what it reported', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const venue = play(steps);
        const { cash, lots } = booksFrom(venue);
        for (const id of ['A', 'B']) {
          expect(venue.position(id)).toBe(lots.get(id));
          expect(venue.exchange.account(id)?.cash.get('USD')).toBe(cash.get(id));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never fills more than an order asks for, numbers messages without holes and ties up no funds for nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const venue = play(steps);
        for (const output of venue.outputs) {
          for (const order of output.orders) {
            expect(order.filled).toBeGreaterThanOrEqual(0);
            expect(leavesOf(order)).toBeGreaterThanOrEqual(0);
          }
        }
        for (const id of ['A', 'B']) {
          const numbers = venue.messages.filter(({ account }) => account === id).map(({ seq }) => seq);
          expect(numbers).toEqual(numbers.map((_, index) => index + 1));
        }
        for (const { venueOrderId, account } of venue.exchange.liveOrders()) {
          venue.exchange.execute({ kind: 'cancel', account, venueOrderId, brokerOrderId: null });
        }
        expect(venue.exchange.accounts().map(({ reserved }) => reserved)).toEqual([0n, 0n]);
      }),
      { numRuns: 200 },
    );
  });

  it('answers whatever is asked of it', () => {
    const odd = fc.oneof(
      fc.constantFrom(
        '0',
        '-1',
        '1e9',
        'NaN',
        '',
        '0.000000000000000001',
        '99999999999999999999',
        '1',
        '100.01',
      ),
      fc.string({ maxLength: 25 }),
    );
    const text = fc.option(odd);
    const anything = fc.record({
      symbol: fc.constantFrom('ACME', '', '__proto__'),
      side: fc.constantFrom('BUY', 'SELL', 'buy', '__proto__'),
      type: fc.constantFrom('MARKET', 'LIMIT', 'STOP_LIMIT', 'TRAILING_STOP', 'TRAILING_STOP_LIMIT', 'X'),
      quantity: text,
      notional: text,
      limitPrice: text,
      stopPrice: text,
      trailingOffset: text,
      trailingOffsetType: fc.constantFrom('PRICE', 'PERCENT', 'X', null),
      timeInForce: fc.constantFrom('GTC', 'GTD', 'IOC', 'CLS', 'X'),
      expireAt: fc.option(fc.double({ noNaN: true })),
      postOnly: fc.boolean(),
      reduceOnly: fc.boolean(),
      displayQuantity: text,
      extendedHours: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 10 }), (orders) => {
        const venue = new TestExchange().open(10_000);
        for (const [index, order] of orders.entries()) {
          const outcome = venue.submit(`o${index}`, order as Partial<OrderTerms>);
          expect(['accepted', 'rejected']).toContain(outcome.kind);
          venue.quote(10_000 + index);
        }
        expect(venue.outputs.every((output) => JSON.stringify(output.orders) !== '')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('says the same to the same', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        expect(play(steps).messages).toEqual(play(steps).messages);
      }),
      { numRuns: 50 },
    );
  });
});

/** Cash and positions as somebody who only heard the messages would have them. */
const booksFrom = (venue: TestExchange): { cash: Map<string, bigint>; lots: Map<string, number> } => {
  const cash = new Map(['A', 'B'].map((id) => [id, parseDecimal('10000')]));
  const lots = new Map(['A', 'B'].map((id) => [id, 0]));
  const add = (account: string, amount: bigint, quantity: number): void => {
    cash.set(account, (cash.get(account) ?? 0n) + amount);
    lots.set(account, (lots.get(account) ?? 0) + quantity);
  };
  for (const { event } of venue.messages) {
    if (event.kind === 'feeCharged') add(event.account, -parseDecimal(event.fee), 0);
    if (event.kind !== 'filled' && event.kind !== 'busted') continue;
    const execution = venue.archive.execution(event.executionId);
    if (execution === undefined) throw new Error('an execution was reported and not kept');
    const signed = execution.side === 'BUY' ? execution.lots : -execution.lots;
    const paid = parseDecimal('0.005') * BigInt(execution.price * signed);
    if (event.kind === 'filled') add(event.account, -paid - parseDecimal(event.fee ?? '0'), signed);
    else add(event.account, paid + chargedFor(venue, event.executionId), -signed);
  }
  return { cash, lots };
};

/** What a busted execution had been charged, as the stream had told it. */
const chargedFor = (venue: TestExchange, executionId: string): bigint => {
  let charged = 0n;
  for (const { event } of venue.messages) {
    if (!('executionId' in event) || event.executionId !== executionId) continue;
    if (event.kind === 'filled' || event.kind === 'feeCharged') charged += parseDecimal(event.fee ?? '0');
  }
  return charged;
};
