import { beforeEach, describe, expect, it } from '@jest/globals';

import { market, terms } from './defaults.ts';
import { createDesk, type Desk } from './desk.ts';
import { code, placed } from './verdict.ts';

/* What the own orders that are open leave room for. */

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});

describe('self-trade', () => {
  const rest = (side: 'BUY' | 'SELL', limitPrice: string) =>
    placed(desk.place(terms({ side, limitPrice, timeInForce: 'GTC', quantity: '10' })));

  it('denies a limit at the price of an own resting order, and takes one a tick away', () => {
    const orderId = rest('SELL', '105');
    expect(desk.check(terms({ limitPrice: '105' })).denial).toMatchObject({
      code: 'SELF_TRADE',
      details: { limitPrice: '105', restingPrice: '105', restingOrderId: orderId },
    });
    expect(code(desk.check(terms({ limitPrice: '104.99' })))).toBeNull();
  });

  it('works on the sell side likewise', () => {
    rest('BUY', '95');
    expect(code(desk.check(terms({ side: 'SELL', limitPrice: '95' })))).toBe('SELF_TRADE');
    expect(code(desk.check(terms({ side: 'SELL', limitPrice: '95.01' })))).toBeNull();
    expect(code(desk.check(market({ side: 'SELL' })))).toBeNull();
  });

  it('denies a market order when an own order rests at the touch or before it, not behind it', () => {
    // A take profit far above must not keep its owner from buying more.
    rest('SELL', '500');
    expect(code(desk.check(market({ quantity: '1' })))).toBeNull();
    const atTheTouch = rest('SELL', '100.01');
    expect(code(desk.check(market({ quantity: '1' })))).toBe('SELF_TRADE');
    desk.cancel(atTheTouch);
    expect(code(desk.check(market({ quantity: '1' })))).toBeNull();
  });

  it('looks at the other side of the same symbol only', () => {
    desk.instrument({ symbol: 'MSFT' });
    desk.quote('MSFT', '99', '101');
    rest('BUY', '101');
    placed(desk.place(terms({ symbol: 'MSFT', side: 'SELL', limitPrice: '101', quantity: '10' })));
    expect(code(desk.check(terms({ limitPrice: '101' })))).toBeNull();
  });

  it('goes by the price that a pending replace may bring', () => {
    const orderId = rest('SELL', '105');
    desk.accept(orderId);
    desk.requestReplace(orderId, { limitPrice: '103' }, '103');
    expect(code(desk.check(terms({ limitPrice: '103' })))).toBe('SELF_TRADE');
    expect(code(desk.check(terms({ limitPrice: '102.99' })))).toBeNull();
  });

  it('does not look at stops that wait, nor at what cannot take', () => {
    placed(
      desk.place(
        terms({ side: 'SELL', type: 'STOP_LIMIT', stopPrice: '95', limitPrice: '94', quantity: '1' }),
      ),
    );
    expect(code(desk.check(market({ quantity: '1' })))).toBeNull();
    rest('SELL', '105');
    expect(code(desk.check(terms({ limitPrice: '106', postOnly: true })))).toBeNull();
    expect(code(desk.check(terms({ type: 'STOP_LIMIT', stopPrice: '110', limitPrice: '111' })))).toBeNull();
    expect(code(desk.check(terms({ limitPrice: '106', reduceOnly: true }), { isLeg: true }))).toBeNull();
  });

  it('sees a stop-limit order that has triggered', () => {
    const orderId = placed(
      desk.place(
        terms({ side: 'SELL', type: 'STOP_LIMIT', stopPrice: '95', limitPrice: '94', quantity: '1' }),
      ),
    );
    desk.accept(orderId);
    desk.apply({ type: 'TRIGGERED', orderId, price: '95' });
    expect(code(desk.check(terms({ limitPrice: '94' })))).toBe('SELF_TRADE');
  });
});

describe('max-open-orders', () => {
  it('takes as many as the limit says, legs counted with their entry', () => {
    desk.limits({ maxOpenOrders: 3 });
    placed(desk.place(terms({ quantity: '1' })));
    expect(code(desk.check(terms(), { legs: 1 }))).toBeNull();
    expect(desk.check(terms(), { legs: 2 }).denial).toMatchObject({
      code: 'MAX_OPEN_ORDERS',
      details: { limitName: 'maxOpenOrders', openOrders: 1, orders: 3, limit: 3 },
    });
    placed(desk.place(terms({ quantity: '1' })));
    const last = placed(desk.place(terms({ quantity: '1' })));
    expect(code(desk.check(terms()))).toBe('MAX_OPEN_ORDERS');
    const replaces = desk.state.orders.get(last) ?? null;
    expect(code(desk.check(terms({ quantity: '2' }), { replaces }))).toBeNull();
    desk.cancel(last);
    expect(code(desk.check(terms()))).toBeNull();
    desk.limits({ maxOpenOrders: null });
    expect(code(desk.check(terms(), { legs: 9 }))).toBeNull();
  });
});
