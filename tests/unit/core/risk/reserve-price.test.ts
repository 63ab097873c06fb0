import { describe, expect, it } from '@jest/globals';
import { type Fixed, formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { type OrderPrices, reservePrice } from '../../../../core/risk/reserve-price.ts';

const read = (text: string | null | undefined): Fixed | null =>
  text === null || text === undefined ? null : parseDecimal(text);
const quote = (bid: string | null, ask: string | null, last: string | null = null) => ({
  symbol: 'A',
  at: 1,
  receivedAt: 1,
  bid: read(bid),
  ask: read(ask),
  last: read(last),
});

interface Prices {
  limit?: string;
  stop?: string;
  offset?: string;
  percent?: string;
}

const order = (side: 'BUY' | 'SELL', { limit, stop, offset, percent }: Prices): OrderPrices => ({
  side,
  limitPrice: read(limit),
  stopPrice: read(stop),
  trailingOffset: read(offset ?? percent),
  trailingOffsetType: percent === undefined ? 'PRICE' : 'PERCENT',
});

describe('an order reserves', () => {
  it.each<[string, 'BUY' | 'SELL', Prices, string]>([
    ['a market buy at the ask', 'BUY', {}, '101'],
    ['a market sell at the bid', 'SELL', {}, '100'],
    ['a buy at its limit, however far', 'BUY', { limit: '150' }, '150'],
    ['a sell at its limit', 'SELL', { limit: '120' }, '120'],
    ['a sell at the bid when its limit is lower, as it may get more', 'SELL', { limit: '1' }, '100'],
    ['a stop buy at its stop', 'BUY', { stop: '110' }, '110'],
    ['a stop buy at the ask when that is higher', 'BUY', { stop: '90' }, '101'],
    ['a stop sell at the bid', 'SELL', { stop: '90' }, '100'],
    ['a sell touched above the market at its trigger', 'SELL', { stop: '110', limit: '109' }, '110'],
    ['a trailing buy at its first trigger', 'BUY', { offset: '5' }, '106'],
    ['a trailing buy in percent likewise', 'BUY', { percent: '0.1' }, '111.1'],
    ['a trailing buy with a given level at that', 'BUY', { offset: '5', stop: '103' }, '103'],
    ['a trailing sell at the bid', 'SELL', { offset: '5' }, '100'],
  ])('%s', (_name, side, prices, expected) => {
    const price = reservePrice(order(side, prices), quote('100', '101'));
    expect(price === null ? null : formatDecimal(price)).toBe(expected);
  });

  it('by the last trade where the book has no such side, and nothing without a price', () => {
    expect(reservePrice(order('BUY', {}), quote('100', null, '100.5'))).toBe(parseDecimal('100.5'));
    expect(reservePrice(order('BUY', {}), quote('100', null))).toBeNull();
    expect(reservePrice(order('SELL', {}), undefined)).toBeNull();
    expect(reservePrice(order('BUY', { offset: '5' }), undefined)).toBeNull();
    expect(reservePrice(order('BUY', { stop: '110' }), undefined)).toBe(parseDecimal('110'));
  });
});
