import { beforeEach, describe, expect, it } from '@jest/globals';

import { market, terms } from './defaults.ts';
import { createDesk, type Desk } from './desk.ts';
import { code, placed } from './verdict.ts';

/* What an order may cost: limits in money, losses, buying power, leverage. */

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});

const sell = (quantity: string) => terms({ side: 'SELL', quantity, limitPrice: '100.01' });

const at100 = (quantity: string) => terms({ side: 'SELL', quantity, limitPrice: '100' });

describe('max-order-notional', () => {
  it('takes the limit exactly and denies a share more, the multiplier counted', () => {
    desk.instrument({ multiplier: '10' });
    desk.limits({ maxOrderNotional: '10000' });
    expect(code(desk.check(terms({ quantity: '10' })))).toBeNull();
    expect(desk.check(terms({ quantity: '11' })).denial).toMatchObject({
      code: 'MAX_ORDER_NOTIONAL',
      details: { notional: '11000', limit: '10000', currency: 'USD' },
    });
    desk.limits({ maxOrderNotional: null });
    expect(code(desk.check(terms({ quantity: '11' })))).toBeNull();
  });

  it('takes a notional order by what it asks for', () => {
    desk.instrument({ fractionable: true, lotSize: '0.000001' });
    desk.limits({ maxOrderNotional: '1000' });
    const order = (notional: string) => market({ quantity: null, notional });
    expect(code(desk.check(order('1000')))).toBeNull();
    expect(code(desk.check(order('1000.01')))).toBe('MAX_ORDER_NOTIONAL');
  });

  it('values in the base currency', () => {
    desk.instrument({ symbol: 'SAP', currency: 'EUR' });
    desk.quote('SAP', '100', '100');
    desk.quote('EUR/USD', '1.25', '1.25');
    desk.limits({ maxOrderNotional: '1250' });
    expect(code(desk.check(terms({ symbol: 'SAP', quantity: '10' })))).toBeNull();
    expect(code(desk.check(terms({ symbol: 'SAP', quantity: '11' })))).toBe('MAX_ORDER_NOTIONAL');
  });

  it('does not stand in the way of closing', () => {
    desk.hold('AAPL', '500', '100');
    desk.limits({ maxOrderNotional: '10' });
    expect(code(desk.check(sell('500')))).toBeNull();
    expect(code(desk.check(sell('501')))).toBe('MAX_ORDER_NOTIONAL');
  });
});

describe('max-position-notional', () => {
  beforeEach(() => {
    desk.limits({ maxPositionNotional: '50000' });
    desk.quote('AAPL', '100', '100');
  });

  it('counts the position, open orders of the side and this one', () => {
    desk.hold('AAPL', '200', '100');
    placed(desk.place(terms({ quantity: '200' })));
    expect(code(desk.check(terms({ quantity: '100' })))).toBeNull();
    expect(desk.check(terms({ quantity: '101' })).denial).toMatchObject({
      code: 'MAX_POSITION_NOTIONAL',
      details: { positionNotional: '40000', positionNotionalAfter: '50100', limit: '50000' },
    });
  });

  it('counts shorts as well and flips from zero', () => {
    desk.hold('AAPL', '200', '100');
    const at = (quantity: string) => terms({ side: 'SELL', quantity, limitPrice: '100' });
    expect(code(desk.check(at('700')))).toBeNull();
    expect(code(desk.check(at('701')))).toBe('MAX_POSITION_NOTIONAL');
  });

  it('lets a position beyond the limit be made smaller', () => {
    desk.hold('AAPL', '900', '100');
    expect(code(desk.check(at100('900')))).toBeNull();
    expect(code(desk.check(terms({ quantity: '1' })))).toBe('MAX_POSITION_NOTIONAL');
    desk.limits({ maxPositionNotional: null });
    expect(code(desk.check(terms({ quantity: '1' })))).toBeNull();
  });
});

describe('daily-loss and drawdown', () => {
  beforeEach(() => {
    desk.quote('AAPL', '90', '90');
    desk.hold('AAPL', '100', '100');
    desk.apply({ type: 'DAY_OPENED', day: '2026-01-05', equity: '100000', previous: null });
    desk.apply({ type: 'EQUITY_PEAKED', equity: '110000' });
    // Equity is 100,000 - 100 x 10 = 99,000.
  });

  it('takes entries at the daily loss limit and none a cent beyond it', () => {
    desk.limits({ maxDailyLoss: '1000' });
    expect(code(desk.check(terms()))).toBeNull();
    desk.limits({ maxDailyLoss: '999.99' });
    expect(desk.check(terms()).denial).toMatchObject({
      code: 'MAX_DAILY_LOSS',
      details: { loss: '1000', limit: '999.99', dayOpenEquity: '100000', equity: '99000' },
    });
    expect(code(desk.check(market({ side: 'SELL', quantity: '100' })))).toBeNull();
    desk.limits({ maxDailyLoss: null });
    expect(code(desk.check(terms()))).toBeNull();
  });

  it('takes entries at the drawdown limit and none beyond it', () => {
    desk.limits({ maxDrawdown: '0.1' });
    expect(code(desk.check(terms()))).toBeNull();
    desk.quote('AAPL', '89.99', '89.99');
    expect(desk.check(terms({ limitPrice: '80' })).denial).toMatchObject({
      code: 'MAX_DRAWDOWN',
      details: { peakEquity: '110000', equity: '98999', limit: '0.1' },
    });
    expect(code(desk.check(market({ side: 'SELL', quantity: '100' })))).toBeNull();
    desk.limits({ maxDrawdown: null });
    expect(code(desk.check(terms()))).toBeNull();
  });
});

describe('buying-power', () => {
  const buy = (quantity: string) => terms({ quantity, limitPrice: '100' });

  it('takes equity x multiplier exactly, in one order or in several', () => {
    expect(code(desk.check(buy('2000')))).toBeNull();
    expect(desk.check(buy('2001')).denial).toMatchObject({
      code: 'INSUFFICIENT_BUYING_POWER',
      details: { required: '200100', available: '200000', reserved: '0', cumulative: false },
    });
    placed(desk.place(buy('1500')));
    expect(code(desk.check(buy('500')))).toBeNull();
    expect(desk.check(buy('501')).denial).toMatchObject({
      code: 'INSUFFICIENT_BUYING_POWER',
      details: { required: '50100', available: '50000', reserved: '150000', cumulative: true },
    });
  });

  it('counts fees and what is held', () => {
    desk.capabilities({ fees: { perUnit: '0.01', rate: '0', minimum: '1' } });
    expect(code(desk.check(buy('2000')))).toBe('INSUFFICIENT_BUYING_POWER');
    expect(desk.check(buy('1999')).denial).toBeNull();
    desk.capabilities({ fees: { perUnit: '0', rate: '0', minimum: '0' } });
    desk.quote('AAPL', '100', '100');
    desk.hold('AAPL', '1000', '100');
    expect(code(desk.check(buy('1000')))).toBeNull();
    expect(code(desk.check(buy('1001')))).toBe('INSUFFICIENT_BUYING_POWER');
  });

  it('values a short at the bid where that is above its limit', () => {
    desk.quote('AAPL', '200', '200');
    expect(code(desk.check(terms({ side: 'SELL', quantity: '1000', limitPrice: '1' })))).toBeNull();
    expect(code(desk.check(terms({ side: 'SELL', quantity: '1001', limitPrice: '1' })))).toBe(
      'INSUFFICIENT_BUYING_POWER',
    );
  });

  it('reserves the larger of buys and sells of a symbol, as both cannot enlarge the position', () => {
    placed(desk.place(buy('2000')));
    const short = (quantity: string) => terms({ side: 'SELL', quantity, limitPrice: '110' });
    expect(code(desk.check(short('1800')))).toBeNull();
    expect(code(desk.check(short('1819')))).toBe('INSUFFICIENT_BUYING_POWER');
  });

  it('gives back what a cancel frees', () => {
    const orderId = placed(desk.place(buy('2000')));
    expect(code(desk.check(buy('1')))).toBe('INSUFFICIENT_BUYING_POWER');
    desk.cancel(orderId);
    expect(code(desk.check(buy('2000')))).toBeNull();
  });

  it('takes closing orders of an account that has none left', () => {
    desk.hold('AAPL', '3000', '100');
    expect(code(desk.check(buy('1')))).toBe('INSUFFICIENT_BUYING_POWER');
    expect(code(desk.check(sell('3000')))).toBeNull();
  });
});

describe('max-leverage and max-concentration', () => {
  const buy = (quantity: string) => terms({ quantity, limitPrice: '100' });

  it('takes the leverage limit exactly and denies a share more, other symbols counted', () => {
    desk.limits({ maxLeverage: '1.5' });
    desk.instrument({ symbol: 'MSFT' });
    desk.quote('MSFT', '50', '50');
    desk.hold('MSFT', '1000', '50');
    expect(code(desk.check(buy('1000')))).toBeNull();
    expect(desk.check(buy('1001')).denial).toMatchObject({
      code: 'MAX_LEVERAGE',
      details: { exposureAfter: '150100', equity: '100000', leverage: '1.501', limit: '1.5' },
    });
    desk.limits({ maxLeverage: null });
    expect(code(desk.check(buy('1001')))).toBeNull();
  });

  it('takes the concentration limit exactly and denies a share more, open orders counted', () => {
    desk.limits({ maxConcentration: '0.25' });
    desk.quote('AAPL', '100', '100');
    desk.hold('AAPL', '100', '100');
    placed(desk.place(buy('100')));
    expect(code(desk.check(buy('50')))).toBeNull();
    expect(desk.check(buy('51')).denial).toMatchObject({
      code: 'MAX_CONCENTRATION',
      details: { positionNotionalAfter: '25100', concentration: '0.251', limit: '0.25' },
    });
    const short = (quantity: string) => terms({ side: 'SELL', quantity, limitPrice: '110' });
    expect(code(desk.check(short('327')))).toBeNull();
    expect(code(desk.check(short('328')))).toBe('MAX_CONCENTRATION');
    desk.limits({ maxConcentration: null });
    expect(code(desk.check(buy('51')))).toBeNull();
  });

  it('deny every entry of an account without equity', () => {
    desk.deposit('USD', '-100000');
    desk.capabilities({ buyingPowerMultiplier: '1' });
    expect(code(desk.check(buy('1')))).toBe('INSUFFICIENT_BUYING_POWER');
  });
});
