import { beforeEach, describe, expect, it } from '@jest/globals';

import { market, terms } from './defaults.ts';
import { createDesk, type Desk } from './desk.ts';
import { code } from './verdict.ts';

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});

describe('unknown-symbol', () => {
  it('denies a symbol that the market does not list, and names it', () => {
    const { denial, candidate } = desk.check(terms({ symbol: 'NOPE' }));
    expect(denial).toMatchObject({ code: 'UNKNOWN_SYMBOL', details: { field: 'symbol', symbol: 'NOPE' } });
    expect(candidate).toBeNull();
  });
});

describe('what is no decimal', () => {
  it.each(['quantity', 'limitPrice', 'displayQuantity'] as const)('is denied by the name of %s', (field) => {
    expect(desk.check(terms({ [field]: '1e3' })).denial).toMatchObject({
      code: 'INVALID_ORDER',
      details: { field },
    });
  });
});

describe('price-precision', () => {
  it('takes prices on the tick and denies one a thousandth off it', () => {
    expect(code(desk.check(terms({ limitPrice: '99.99' })))).toBeNull();
    expect(desk.check(terms({ limitPrice: '99.991' })).denial).toEqual({
      code: 'PRICE_PRECISION',
      message: 'limitPrice 99.991 is no price of AAPL: give a multiple of its tick size 0.01 above zero',
      details: { field: 'limitPrice', price: '99.991', tickSize: '0.01' },
    });
  });

  it('denies prices that are not above zero', () => {
    expect(code(desk.check(terms({ limitPrice: '0' })))).toBe('PRICE_PRECISION');
    expect(code(desk.check(terms({ limitPrice: '-1' })))).toBe('PRICE_PRECISION');
  });

  it('looks at the stop and at a trailing offset in units of price, not at one in percent', () => {
    const stop = terms({ type: 'STOP_LIMIT', stopPrice: '100.005' });
    expect(desk.check(stop).denial?.details).toMatchObject({ field: 'stopPrice' });
    const trailing = market({ type: 'TRAILING_STOP', trailingOffset: '0.015', trailingOffsetType: 'PRICE' });
    expect(desk.check(trailing).denial?.details).toMatchObject({ field: 'trailingOffset' });
    expect(code(desk.check({ ...trailing, trailingOffsetType: 'PERCENT' }))).toBeNull();
  });

  it('also holds for closing orders and legs', () => {
    desk.hold('AAPL', '100', '100');
    const leg = terms({ side: 'SELL', limitPrice: '110.001', reduceOnly: true });
    expect(code(desk.check(leg, { isLeg: true }))).toBe('PRICE_PRECISION');
    expect(code(desk.check(leg))).toBe('PRICE_PRECISION');
  });

  it('denies a trailing offset that takes the price beyond what can be stored', () => {
    const order = market({
      type: 'TRAILING_STOP',
      trailingOffset: '99999999999999999999',
      trailingOffsetType: 'PRICE',
    });
    expect(code(desk.check(order))).toBe('PRICE_PRECISION');
  });
});

describe('quantity-precision', () => {
  it('takes whole lots and denies what lies between', () => {
    desk.instrument({ lotSize: '10' });
    expect(code(desk.check(terms({ quantity: '20' })))).toBeNull();
    expect(desk.check(terms({ quantity: '21' })).denial).toMatchObject({
      code: 'QUANTITY_PRECISION',
      details: { field: 'quantity', quantity: '21', lotSize: '10' },
    });
  });

  it('takes fractions only where instrument and broker trade them', () => {
    expect(code(desk.check(terms({ quantity: '1.5' })))).toBe('QUANTITY_PRECISION');
    desk.instrument({ fractionable: true, lotSize: '0.001' });
    expect(code(desk.check(terms({ quantity: '1.5' })))).toBeNull();
    expect(code(desk.check(terms({ quantity: '1.0005' })))).toBe('QUANTITY_PRECISION');
    desk.capabilities({ fractional: false });
    expect(desk.check(terms({ quantity: '1.5' })).denial?.message).toContain(
      'the broker trades whole units only',
    );
    expect(code(desk.check(terms({ quantity: '2' })))).toBeNull();
  });

  it('holds the display quantity to the same', () => {
    expect(desk.check(terms({ displayQuantity: '0.5' })).denial).toMatchObject({
      code: 'QUANTITY_PRECISION',
      details: { field: 'displayQuantity' },
    });
  });
});

describe('min-quantity and max-quantity', () => {
  beforeEach(() => {
    desk.instrument({ minQuantity: '10', maxQuantity: '200' });
  });

  it('take the bounds themselves and deny one lot beyond', () => {
    expect(code(desk.check(terms({ quantity: '10' })))).toBeNull();
    expect(desk.check(terms({ quantity: '9' })).denial).toMatchObject({
      code: 'MIN_QUANTITY',
      details: { field: 'quantity', quantity: '9', minQuantity: '10' },
    });
    expect(code(desk.check(terms({ quantity: '200' })))).toBeNull();
    expect(desk.check(terms({ quantity: '201' })).denial).toMatchObject({
      code: 'MAX_QUANTITY',
      details: { field: 'quantity', quantity: '201', maxQuantity: '200' },
    });
  });

  it('are off where the venue sets none', () => {
    desk.instrument({});
    expect(code(desk.check(terms({ quantity: '1' })))).toBeNull();
    expect(code(desk.check(terms({ quantity: '1999' })))).toBeNull();
  });

  it('hold the estimate of a notional order', () => {
    const notional = (amount: string) => market({ quantity: null, notional: amount });
    expect(desk.check(notional('1000')).denial).toMatchObject({
      code: 'MIN_QUANTITY',
      details: { field: 'notional' },
    });
    expect(code(desk.check(notional('1000.1')))).toBeNull();
    expect(code(desk.check(notional('20003')))).toBe('MAX_QUANTITY');
  });

  it('deny an estimate too large to be stored', () => {
    desk.instrument({ minQuantity: null });
    desk.quote('AAPL', '0.01', '0.01');
    const order = market({ quantity: null, notional: '99999999999999999999' });
    expect(code(desk.check(order))).toBe('MAX_QUANTITY');
  });
});
