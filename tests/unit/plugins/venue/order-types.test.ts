import { describe, expect, it } from '@jest/globals';

import { TestExchange } from '../../../support/venue/test-exchange.ts';

const code = (outcome: { kind: string; code?: string }): string => outcome.code ?? outcome.kind;

describe('market and limit orders', () => {
  it('a market order takes the quote, then the levels behind it', () => {
    const venue = new TestExchange({}, { maxQuantity: null }).open(10_000);
    venue.exchange.openAccount('B', 'USD', '10000000');
    venue.submit('m', { quantity: '250' }, 'B');
    expect(venue.story('m')).toEqual([
      'accepted',
      'filled 100@100.01 TAKER',
      'filled 100@100.03 TAKER',
      'filled 50@100.05 TAKER',
    ]);
  });

  it('what is left of a market order when all levels are gone goes on at the next tick', () => {
    const venue = new TestExchange({}, { maxQuantity: null }).open(100);
    venue.submit('m', { quantity: '1500' });
    expect(venue.story('m').at(-1)).toBe('filled 100@1.19 TAKER');
    venue.quote(100, { askSize: 2_000 });
    expect(venue.story('m').at(-1)).toBe('filled 500@1.01 TAKER');
    expect(venue.archive.order('A', 'm')).toMatchObject({ status: 'FILLED', filled: 3_000 });
  });

  it('a limit order rests and fills at its price when the market reaches it', () => {
    const venue = new TestExchange().open(10_000);
    venue.submit('l', { type: 'LIMIT', limitPrice: '99.5' });
    venue.quote(9_960);
    expect(venue.story('l')).toEqual(['accepted']);
    venue.quote(9_940);
    expect(venue.story('l')).toEqual(['accepted', 'filled 10@99.5 MAKER']);
  });

  it('a trade at its price fills a resting order, as much as was traded', () => {
    const venue = new TestExchange().open(10_000);
    venue.submit('l', { type: 'LIMIT', limitPrice: '99.5' });
    venue.quote(9_950, { volume: 6 });
    expect(venue.story('l')).toEqual(['accepted', 'filled 3@99.5 MAKER']);
  });

  it('clients trade with each other where that is better than the quote', () => {
    const venue = new TestExchange().open(10_000);
    venue.exchange.openAccount('B', 'USD', '10000');
    venue.submit('sell', { type: 'LIMIT', side: 'SELL', limitPrice: '100', postOnly: true }, 'B');
    venue.submit('buy', { quantity: '12' });
    expect(venue.story('sell')).toEqual(['accepted', 'filled 10@100 MAKER']);
    expect(venue.story('buy')).toEqual(['accepted', 'filled 10@100 TAKER', 'filled 2@100.01 TAKER']);
    expect([venue.position('A'), venue.position('B')]).toEqual([24, -20]);
  });

  it('immediate orders never wait', () => {
    const venue = new TestExchange({}, { maxQuantity: null }).open(100);
    venue.submit('ioc', { type: 'LIMIT', limitPrice: '1.01', quantity: '150', timeInForce: 'IOC' });
    expect(venue.story('ioc')).toEqual(['accepted', 'filled 100@1.01 TAKER', 'canceled']);
    venue.quote(100);
    venue.submit('fok', { type: 'LIMIT', limitPrice: '1.01', quantity: '150', timeInForce: 'FOK' });
    expect(venue.story('fok')).toEqual(['accepted', 'canceled']);
    venue.submit('whole', { type: 'LIMIT', limitPrice: '1.03', quantity: '150', timeInForce: 'FOK' });
    expect(venue.story('whole')).toEqual(['accepted', 'filled 100@1.01 TAKER', 'filled 50@1.03 TAKER']);
  });

  it('a post-only order that would take is refused', () => {
    const venue = new TestExchange().open(10_000);
    expect(code(venue.submit('p', { type: 'LIMIT', limitPrice: '100.01', postOnly: true }))).toBe(
      'WOULD_TAKE_LIQUIDITY',
    );
    expect(venue.story('p')).toEqual(['rejected WOULD_TAKE_LIQUIDITY']);
  });

  it('an amount of money buys what it pays for, and the venue says how much that is', () => {
    const venue = new TestExchange().open(10_000);
    venue.submit('n', { quantity: null, notional: '260' });
    expect(venue.messages[0]?.event).toMatchObject({ kind: 'accepted', quantity: '2.5' });
    expect(venue.story('n')).toEqual(['accepted', 'filled 2.5@100.01 TAKER']);
  });
});

describe('triggers', () => {
  it.each([
    ['STOP', 'BUY', '101', 10_110, 'filled 10@101.11 TAKER'],
    ['STOP', 'SELL', '99', 9_890, 'filled 10@98.89 TAKER'],
    ['MARKET_IF_TOUCHED', 'BUY', '99', 9_890, 'filled 10@98.91 TAKER'],
    ['MARKET_IF_TOUCHED', 'SELL', '101', 10_110, 'filled 10@101.09 TAKER'],
  ] as const)('%s %s waits for its price', (type, side, stopPrice, last, fill) => {
    const venue = new TestExchange().open(10_000);
    venue.submit('t', { type, side, stopPrice });
    venue.quote(10_050).quote(9_950);
    expect(venue.story('t')).toEqual(['accepted']);
    venue.quote(last);
    expect(venue.story('t')).toEqual(['accepted', 'triggered', fill]);
  });

  it.each([
    ['STOP_LIMIT', 'BUY', '101', '101.05', 10_110],
    ['LIMIT_IF_TOUCHED', 'BUY', '99', '98.8', 9_890],
  ] as const)('%s becomes a limit order', (type, side, stopPrice, limitPrice, last) => {
    const venue = new TestExchange().open(10_000);
    venue.submit('t', { type, side, stopPrice, limitPrice });
    venue.quote(last);
    expect(venue.story('t')).toEqual(['accepted', 'triggered']);
    expect(venue.exchange.order('A', 't')).toMatchObject({ status: 'TRIGGERED' });
    venue.quote(Number(limitPrice) * 100 - 5);
    expect(venue.story('t').at(-1)).toBe(`filled 10@${limitPrice} MAKER`);
  });

  it('a trigger that is met already sets off at once', () => {
    const venue = new TestExchange().open(10_000);
    venue.submit('t', { type: 'STOP', stopPrice: '99' });
    expect(venue.story('t')).toEqual(['accepted', 'triggered', 'filled 10@100.01 TAKER']);
  });

  it('a trailing stop follows the market and never goes back; moves are reported every five seconds', () => {
    const venue = new TestExchange().open(10_000);
    venue.submit('t', {
      type: 'TRAILING_STOP',
      side: 'SELL',
      trailingOffset: '1',
      trailingOffsetType: 'PRICE',
    });
    for (const last of [10_100, 10_200, 10_150, 10_120, 10_110, 10_105]) venue.quote(last);
    const moves = ['accepted', 'stopMoved 100', 'stopMoved 101'];
    expect(venue.story('t')).toEqual(moves);
    venue.quote(10_100);
    expect(venue.story('t')).toEqual([...moves, 'triggered', 'filled 10@100.99 TAKER']);
  });

  it('a trailing stop limit keeps its limit at the same distance from its trigger', () => {
    const venue = new TestExchange().open(10_000);
    const trail = { trailingOffset: '0.02', trailingOffsetType: 'PERCENT' as const };
    venue.submit('t', { type: 'TRAILING_STOP_LIMIT', side: 'SELL', limitPrice: '97.5', ...trail });
    for (let index = 0; index < 6; index += 1) venue.quote(11_000);
    expect(venue.story('t').at(-1)).toBe('stopMoved 107.8 107.3');
    venue.quote(10_700, { bid: 10_600 });
    expect(venue.story('t').at(-1)).toBe('triggered');
    venue.quote(10_740, { bid: 10_735 });
    expect(venue.story('t').at(-1)).toBe('filled 10@107.3 MAKER');
  });
});

describe('sessions', () => {
  it('auctions fill OPG orders at the open and CLS orders at the close, within their limits', () => {
    const venue = new TestExchange();
    venue.exchange.showTick('ACME', {
      at: 0,
      last: 10_000,
      volume: 0,
      bid: 9_999,
      ask: 10_001,
      bidSize: 1,
      askSize: 1,
    });
    venue.submit('opg', { timeInForce: 'OPG' });
    venue.submit('opg-low', { timeInForce: 'OPG', type: 'LIMIT', limitPrice: '99' });
    venue.submit('cls', { timeInForce: 'CLS', side: 'SELL' });
    venue.open(10_020);
    expect(venue.story('opg')).toEqual(['accepted', 'filled 10@100.2 AUCTION']);
    expect(venue.story('opg-low')).toEqual(['accepted', 'expired']);
    venue.quote(10_200).close(10_210);
    expect(venue.story('cls')).toEqual(['accepted', 'filled 10@102.1 AUCTION']);
  });

  it('orders for the day end with it, dated ones with their date, others stay', () => {
    const venue = new TestExchange().open(10_000);
    const limit = { type: 'LIMIT' as const, limitPrice: '90' };
    venue.submit('day', { ...limit, timeInForce: 'DAY' });
    venue.submit('gtd', { ...limit, timeInForce: 'GTD', expireAt: 1_002_500 });
    venue.submit('gtc', limit);
    venue.quote(10_000);
    expect(venue.story('gtd')).toEqual(['accepted']);
    venue.quote(10_000);
    expect(venue.story('gtd')).toEqual(['accepted', 'expired']);
    venue.close(10_000);
    expect(venue.story('day')).toEqual(['accepted', 'expired']);
    expect(venue.exchange.liveOrders().map(({ venueOrderId }) => venueOrderId)).toEqual(['gtc']);
  });

  it('a closed market queues orders until it opens, but no immediate ones', () => {
    const venue = new TestExchange().open(10_000).close(10_000);
    expect(code(venue.submit('ioc', { timeInForce: 'IOC' }))).toBe('MARKET_CLOSED');
    expect(code(venue.submit('cash', { quantity: null, notional: '100' }))).toBe('MARKET_CLOSED');
    venue.submit('q', { timeInForce: 'DAY' });
    expect(venue.story('q')).toEqual(['accepted']);
    venue.open(10_050);
    expect(venue.story('q')).toEqual(['accepted', 'filled 10@100.51 TAKER']);
  });
});
