import { beforeEach, describe, expect, it } from '@jest/globals';

import { market, terms } from './defaults.ts';
import { createDesk, type Desk, STALE_AFTER } from './desk.ts';
import { code } from './verdict.ts';

/* What is asked of prices: quotes that are fresh, limits near the market. */

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});

const sell = (quantity: string) => terms({ side: 'SELL', quantity, limitPrice: '100.01' });

describe('stale-quote', () => {
  it('takes a market order at the age limit exactly and denies it a millisecond later, with both numbers', () => {
    desk.quote('AAPL', '99', '101', { age: STALE_AFTER });
    expect(code(desk.check(market()))).toBeNull();
    desk.quote('AAPL', '99', '101', { age: STALE_AFTER + 1 });
    expect(desk.check(market()).denial).toMatchObject({
      code: 'STALE_QUOTE',
      details: { symbols: 'AAPL', ageMs: STALE_AFTER + 1, limitMs: STALE_AFTER },
    });
  });

  it('does not need the quote for a buy with a limit, and needs it for a short', () => {
    desk.forgetQuote('AAPL');
    expect(code(desk.check(terms()))).toBeNull();
    expect(code(desk.check(sell('1')))).toBe('STALE_QUOTE');
    expect(code(desk.check(market()))).toBe('STALE_QUOTE');
    expect(code(desk.check(market({ type: 'STOP', stopPrice: '110' })))).toBe('STALE_QUOTE');
  });

  it('lets the last quote hold while the market is closed or halted', () => {
    desk.quote('AAPL', '99', '101', { age: STALE_AFTER + 1 });
    desk.sessions.set('AAPL', 'CLOSED');
    expect(code(desk.check(market({ timeInForce: 'OPG' })))).toBeNull();
  });

  it('denies entries while a position cannot be valued, names it, and lets it be closed', () => {
    desk.instrument({ symbol: 'MSFT' });
    desk.quote('MSFT', '50', '50');
    desk.hold('MSFT', '10', '50');
    expect(code(desk.check(terms()))).toBeNull();
    desk.quote('MSFT', '50', '50', { age: STALE_AFTER + 1 });
    expect(desk.check(terms()).denial).toMatchObject({ code: 'STALE_QUOTE', details: { symbols: 'MSFT' } });
    expect(code(desk.check(market({ symbol: 'MSFT', side: 'SELL', quantity: '10' })))).toBeNull();
  });

  it('lets an unpriced position be closed by a reduce-only order, as what is not valued could open unseen', () => {
    desk.hold('AAPL', '10', '100');
    desk.forgetQuote('AAPL');
    const close = market({ side: 'SELL', quantity: '10' });
    expect(code(desk.check(close))).toBe('STALE_QUOTE');
    expect(code(desk.check({ ...close, reduceOnly: true }))).toBeNull();
  });

  it('denies entries in a currency without a rate and names the pair', () => {
    desk.instrument({ symbol: 'SAP', currency: 'EUR' });
    desk.quote('SAP', '100', '100');
    expect(desk.check(terms({ symbol: 'SAP' })).denial?.details).toMatchObject({ symbols: 'EUR/USD' });
    desk.quote('EUR/USD', '1.1', '1.1');
    expect(code(desk.check(terms({ symbol: 'SAP' })))).toBeNull();
  });

  it('cannot size a notional order without a price', () => {
    desk.forgetQuote('AAPL');
    const order = market({ side: 'SELL', quantity: null, notional: '100' });
    expect(code(desk.check(order))).toBe('STALE_QUOTE');
    expect(code(desk.check({ ...order, reduceOnly: true }))).not.toBeNull();
  });
});

describe('price-collar', () => {
  beforeEach(() => {
    desk.limits({ priceCollar: '0.05' });
    desk.quote('AAPL', '100', '101');
  });

  it('takes a limit at the collar and denies one tick beyond, away from the market everything', () => {
    expect(code(desk.check(terms({ limitPrice: '106.05' })))).toBeNull();
    expect(desk.check(terms({ limitPrice: '106.06' })).denial).toMatchObject({
      code: 'PRICE_COLLAR',
      details: { limitPrice: '106.06', reference: '101', collar: '0.05', bound: '106.05' },
    });
    expect(code(desk.check(terms({ limitPrice: '1' })))).toBeNull();
    expect(code(desk.check(terms({ side: 'SELL', limitPrice: '95' })))).toBeNull();
    expect(code(desk.check(terms({ side: 'SELL', limitPrice: '94.99' })))).toBe('PRICE_COLLAR');
    expect(code(desk.check(terms({ side: 'SELL', limitPrice: '500' })))).toBeNull();
  });

  it('measures a stop-limit order from its stop', () => {
    const order = (limitPrice: string) => terms({ type: 'STOP_LIMIT', stopPrice: '120', limitPrice });
    expect(code(desk.check(order('126')))).toBeNull();
    expect(code(desk.check(order('126.01')))).toBe('PRICE_COLLAR');
  });

  it('exempts market orders and legs, and is off without a limit', () => {
    expect(code(desk.check(market()))).toBeNull();
    expect(code(desk.check(terms({ limitPrice: '200', reduceOnly: true }), { isLeg: true }))).toBeNull();
    desk.limits({ priceCollar: null });
    expect(code(desk.check(terms({ limitPrice: '200', quantity: '1' })))).toBeNull();
  });

  it('denies an entry that it cannot compare, and lets a closing one pass', () => {
    desk.hold('AAPL', '10', '100');
    desk.quote('AAPL', '100', '101', { age: STALE_AFTER + 1 });
    expect(desk.check(terms()).denial).toMatchObject({ code: 'STALE_QUOTE' });
    expect(
      code(desk.check(terms({ side: 'SELL', quantity: '10', limitPrice: '50', reduceOnly: true }))),
    ).toBeNull();
  });

  it('denies an entry in a symbol without any quote', () => {
    desk.forgetQuote('AAPL');
    expect(desk.check(terms()).denial).toMatchObject({
      code: 'STALE_QUOTE',
      details: { limitName: 'priceCollar' },
    });
  });
});
