import { describe, expect, it } from '@jest/globals';
import type { OrderTerms } from '@omniquant/plugin-sdk';

import { TestExchange } from '../../../support/venue/test-exchange.ts';

const code = (outcome: { kind: string; code?: string }): string => outcome.code ?? outcome.kind;

describe('what the exchange refuses', () => {
  const refusals: readonly [string, Partial<OrderTerms>, string][] = [
    ['a symbol that it does not have', { symbol: 'NOPE' }, 'UNKNOWN_SYMBOL'],
    ['a price off the tick', { type: 'LIMIT', limitPrice: '100.001' }, 'INVALID_ORDER'],
    ['a price that is not above zero', { type: 'LIMIT', limitPrice: '0' }, 'INVALID_ORDER'],
    ['a price that is no decimal', { type: 'LIMIT', limitPrice: '1e2' }, 'INVALID_ORDER'],
    ['a quantity off the lot', { quantity: '0.3' }, 'INVALID_ORDER'],
    ['a quantity above the maximum', { quantity: '1000.5' }, 'INVALID_ORDER'],
    ['both quantity and notional', { notional: '100' }, 'INVALID_ORDER'],
    ['neither quantity nor notional', { quantity: null }, 'INVALID_ORDER'],
    ['a limit order without a limit', { type: 'LIMIT' }, 'INVALID_ORDER'],
    ['a market order with a limit', { limitPrice: '100' }, 'INVALID_ORDER'],
    ['a stop without its price', { type: 'STOP' }, 'INVALID_ORDER'],
    ['a trail without an offset', { type: 'TRAILING_STOP' }, 'INVALID_ORDER'],
    [
      'a trail of a hundred percent',
      { type: 'TRAILING_STOP', trailingOffset: '1', trailingOffsetType: 'PERCENT' },
      'INVALID_ORDER',
    ],
    ['GTD without a date', { timeInForce: 'GTD' }, 'INVALID_ORDER'],
    ['GTD in the past', { timeInForce: 'GTD', expireAt: 5 }, 'INVALID_ORDER'],
    [
      'an immediate order with a trigger',
      { type: 'STOP', stopPrice: '101', timeInForce: 'IOC' },
      'INVALID_ORDER',
    ],
    ['a post-only market order', { postOnly: true }, 'INVALID_ORDER'],
    [
      'showing more than there is',
      { type: 'LIMIT', limitPrice: '99', displayQuantity: '11' },
      'INVALID_ORDER',
    ],
    ['reducing a position that is not there', { reduceOnly: true }, 'INVALID_ORDER'],
    ['more than equity times two carries', { quantity: '200' }, 'INSUFFICIENT_FUNDS'],
  ];

  it.each(refusals)('%s', (_, terms, expected) => {
    const venue = new TestExchange().open(10_000);
    expect(code(venue.submit('x', terms))).toBe(expected);
    expect(venue.story('x')).toEqual([`rejected ${expected}`]);
    expect(venue.exchange.order('A', 'x')).toMatchObject({ status: 'REJECTED' });
    expect(venue.exchange.liveOrders()).toEqual([]);
  });

  it('a second order with an id, whatever became of the first', () => {
    const venue = new TestExchange().open(10_000);
    venue.submit('filled', {});
    venue.submit('refused', { quantity: '0.3' });
    venue.submit('resting', { type: 'LIMIT', limitPrice: '90' });
    for (const id of ['filled', 'refused', 'resting']) {
      expect(code(venue.submit(id, {}))).toBe('DUPLICATE_ORDER_ID');
    }
    expect(venue.position()).toBe(20);
  });

  it('selling short what cannot be sold short', () => {
    const venue = new TestExchange({}, { shortable: false }).open(10_000);
    expect(code(venue.submit('s', { side: 'SELL' }))).toBe('NOT_SHORTABLE');
  });

  it('an account that it does not know', () => {
    const venue = new TestExchange().open(10_000);
    expect(code(venue.submit('x', {}, 'nobody'))).toBe('OTHER');
  });
});

describe('funds', () => {
  it('live orders tie up funds until they end', () => {
    const venue = new TestExchange().open(10_000);
    const half = { type: 'LIMIT' as const, limitPrice: '90', quantity: '110' };
    expect(code(venue.submit('1', half))).toBe('accepted');
    expect(code(venue.submit('2', half))).toBe('accepted');
    expect(code(venue.submit('3', half))).toBe('INSUFFICIENT_FUNDS');
    venue.cancel('1');
    expect(code(venue.submit('4', half))).toBe('accepted');
    venue.cancel('2');
    venue.cancel('4');
    expect(venue.exchange.account('A')?.reserved).toBe(0n);
  });

  it('an order that only makes a position smaller needs none', () => {
    const venue = new TestExchange().open(10_000);
    venue.submit('buy', { quantity: '199' });
    venue.quote(5_100);
    expect(code(venue.submit('more', { quantity: '1' }))).toBe('INSUFFICIENT_FUNDS');
    expect(code(venue.submit('less', { side: 'SELL', quantity: '199' }))).toBe('accepted');
  });
});

describe('reduce-only', () => {
  it('never turns a position round, also when two orders compete for it', () => {
    const venue = new TestExchange().open(10_000);
    venue.submit('buy', {});
    const exit = { side: 'SELL' as const, reduceOnly: true, type: 'LIMIT' as const, limitPrice: '101' };
    venue.submit('exit-1', exit);
    venue.submit('exit-2', exit);
    venue.quote(10_200);
    expect(venue.story('exit-1')).toEqual(['accepted', 'filled 10@101 MAKER']);
    expect(venue.story('exit-2')).toEqual(['accepted', 'canceled']);
    expect(venue.position()).toBe(0);
  });

  it('fills only what is left of the position', () => {
    const venue = new TestExchange().open(10_000);
    venue.submit('buy', { quantity: '4' });
    venue.submit('exit', { side: 'SELL', reduceOnly: true });
    expect(venue.story('exit')).toEqual(['accepted', 'filled 4@99.99 TAKER', 'canceled']);
  });
});

describe('replace and cancel', () => {
  const limit = { type: 'LIMIT' as const, limitPrice: '99', quantity: '10' };

  it('a revision that only shrinks keeps its place, any other goes to the end', () => {
    const venue = new TestExchange().open(10_000);
    for (const id of ['a-0', 'b-0']) venue.submit(id, limit);
    venue.replace('a-0', 'a-1', { ...limit, quantity: '6' });
    venue.replace('b-0', 'b-1', { ...limit, quantity: '20' });
    venue.submit('c', limit);
    venue.quote(9_900, { volume: 60 });
    expect(venue.story('a-1')).toEqual(['replaced', 'filled 6@99 MAKER']);
    expect(venue.story('b-1')).toEqual(['replaced', 'filled 20@99 MAKER']);
    expect(venue.story('c')).toEqual(['accepted', 'filled 4@99 MAKER']);
    expect(venue.archive.order('A', 'a-0')).toMatchObject({ status: 'REPLACED' });
  });

  it('counts what earlier revisions filled', () => {
    const venue = new TestExchange().open(10_000);
    venue.submit('r-0', limit);
    venue.quote(9_900, { volume: 8 });
    expect(code(venue.replace('r-0', 'r-1', { ...limit, quantity: '4' }))).toBe('INVALID_ORDER');
    expect(code(venue.replace('r-0', 'r-2', { ...limit, quantity: '5' }))).toBe('accepted');
    venue.quote(9_800);
    expect(venue.story('r-2')).toEqual(['replaced', 'filled 1@99 MAKER']);
    expect(venue.archive.order('A', 'r-2')).toMatchObject({ status: 'FILLED', filled: 10, lots: 10 });
  });

  it('a replacement that crosses the market trades at once', () => {
    const venue = new TestExchange().open(10_000);
    venue.submit('r-0', limit);
    venue.replace('r-0', 'r-1', { ...limit, limitPrice: '101' });
    expect(venue.story('r-1')).toEqual(['replaced', 'filled 10@100.01 TAKER']);
  });

  it('frees the funds of the revision before', () => {
    const venue = new TestExchange().open(10_000);
    venue.submit('r-0', { ...limit, quantity: '200' });
    expect(code(venue.replace('r-0', 'r-1', { ...limit, quantity: '201' }))).toBe('accepted');
    expect(code(venue.replace('r-1', 'r-2', { ...limit, quantity: '999' }))).toBe('INSUFFICIENT_FUNDS');
    expect(venue.exchange.order('A', 'r-1')).toMatchObject({ status: 'WORKING' });
  });

  it('comes too late for what has ended, and finds nothing that never was', () => {
    const venue = new TestExchange().open(10_000);
    venue.submit('done', {});
    expect(code(venue.cancel('done'))).toBe('TOO_LATE');
    expect(venue.story('done').at(-1)).toBe('cancelRejected TOO_LATE');
    expect(code(venue.replace('done', 'd-1', {}))).toBe('TOO_LATE');
    expect(venue.story('d-1')).toEqual(['replaceRejected TOO_LATE']);
    expect(code(venue.cancel('never'))).toBe('UNKNOWN_ORDER');
    expect(code(venue.replace('never', 'n-1', {}))).toBe('UNKNOWN_ORDER');
  });

  it('keeps a trailing stop where it trailed when only the quantity changes', () => {
    const venue = new TestExchange().open(10_000);
    const trail = {
      type: 'TRAILING_STOP' as const,
      side: 'SELL' as const,
      trailingOffset: '1',
      trailingOffsetType: 'PRICE' as const,
    };
    venue.submit('t-0', trail);
    venue.quote(10_300).quote(10_250);
    venue.replace('t-0', 't-1', { ...trail, quantity: '5' });
    expect(venue.exchange.order('A', 't-1')).toMatchObject({ stop: 10_200 });
  });
});

describe('quality of execution', () => {
  it('fees are the larger of the minimum and what quantity and value make', () => {
    const fees = { perUnit: '0.01', rate: '0.001', minimum: '1.5' };
    const venue = new TestExchange({ fees }).open(10_000);
    venue.submit('small', { quantity: '1' });
    venue.submit('large', { quantity: '20' });
    const charged = venue.messages.flatMap(({ event }) => (event.kind === 'filled' ? event.fee : []));
    expect(charged).toEqual(['1.5', '2.2002']);
  });

  it('slips up to so many ticks, but not beyond a limit', () => {
    const venue = new TestExchange({ slippageProbability: 1, slippageTicks: 5 }).open(10_000);
    venue.submit('limit', { type: 'LIMIT', limitPrice: '100.02', quantity: '1' });
    for (let index = 0; index < 80; index += 1) venue.submit(`m${index}`, { quantity: '1' });
    const prices = venue.messages.flatMap(({ event }) =>
      event.kind === 'filled' ? Number(event.price) : [],
    );
    expect(prices[0]).toBe(100.02);
    expect(Math.min(...prices.slice(1))).toBeGreaterThanOrEqual(100.02);
    expect(Math.max(...prices)).toBe(100.06);
  });

  it('fills in parts when told to, and completely in the end', () => {
    const venue = new TestExchange({ partialFillProbability: 0.95 }).open(10_000);
    venue.submit('m', { quantity: '100' });
    for (let index = 0; index < 40; index += 1) venue.quote(10_000);
    expect(venue.story('m').length).toBeGreaterThan(2);
    expect(venue.position()).toBe(200);
  });

  it('refuses at random and busts at random, with the books right again after it', () => {
    const venue = new TestExchange({ rejectProbability: 0.5, bustProbability: 0.5 }).open(10_000);
    for (let index = 0; index < 40; index += 1) venue.submit(`o${index}`, { quantity: '1' });
    for (let index = 0; index < 6; index += 1) venue.quote(10_000);
    const kinds = venue.messages.map(({ event }) => event.kind);
    const count = (kind: string): number => kinds.filter((each) => each === kind).length;
    expect(count('rejected')).toBeGreaterThan(5);
    expect(count('busted')).toBeGreaterThan(2);
    expect(venue.position()).toBe(2 * (count('filled') - count('busted')));
  });

  it('charges late fees later', () => {
    const fees = { perUnit: '0', rate: '0', minimum: '1' };
    const venue = new TestExchange({ fees, lateFeeProbability: 1 }).open(10_000);
    venue.submit('m', { quantity: '1' });
    const cash = (): bigint | undefined => venue.exchange.account('A')?.cash.get('USD');
    const before = cash() ?? 0n;
    venue.quote(10_000).quote(10_000);
    expect(venue.story('m')).toEqual(['accepted', 'filled 1@100.01 TAKER', 'feeCharged']);
    expect(before - (cash() ?? 0n)).toBe(10n ** 18n);
  });
});
