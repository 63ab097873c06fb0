import { beforeEach, describe, expect, it } from '@jest/globals';

import { createDesk, type Desk, market, terms, WALL } from './desk.ts';

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});

const code = (check: { denial: { code: string } | null }) => check.denial?.code ?? null;
const placed = (result: { orderId: string | undefined; check: { denial: unknown } }): string => {
  expect(result.check.denial).toBeNull();
  return result.orderId ?? '';
};

describe('order-rate', () => {
  const atLimit = () => {
    desk.limits({ maxOrdersPerSecond: 2 });
    for (const wall of [WALL - 999, WALL - 500, WALL]) {
      desk.context = { ...desk.context, wall };
      if (wall < WALL) desk.force(terms());
    }
  };

  it('takes as many orders a second as the limit says and says when the next may come', () => {
    atLimit();
    expect(desk.check(terms()).denial).toMatchObject({
      code: 'ORDER_RATE',
      details: { limitName: 'maxOrdersPerSecond', limit: 2, retryAfterMs: 1 },
    });
    desk.context = { ...desk.context, wall: WALL + 1 };
    expect(code(desk.check(terms()))).toBeNull();
  });

  it('is off without a limit, and lets legs and the gateway through', () => {
    atLimit();
    expect(code(desk.check(terms({ reduceOnly: true, side: 'SELL' }), { isLeg: true }))).toBeNull();
    desk.hold('AAPL', '10', '100');
    const flatten = market({ side: 'SELL', quantity: '10', reduceOnly: true });
    expect(code(desk.check(flatten))).toBe('ORDER_RATE');
    expect(code(desk.check(flatten, { origin: 'GATEWAY' }))).toBeNull();
    desk.limits({ maxOrdersPerSecond: null });
    expect(code(desk.check(terms()))).toBeNull();
  });

  it('takes nothing at a limit of zero', () => {
    desk.limits({ maxOrdersPerSecond: 0 });
    expect(code(desk.check(terms()))).toBe('ORDER_RATE');
  });
});

describe('trading-state', () => {
  const reduce = market({ side: 'SELL', quantity: '10', reduceOnly: true });
  const set = (state: 'ACTIVE' | 'REDUCING' | 'HALTED') =>
    desk.apply({ type: 'TRADING_STATE_CHANGED', state, source: 'OPERATOR', reason: 'maintenance' });

  beforeEach(() => {
    desk.hold('AAPL', '50', '100');
  });

  it('takes nothing while the account is HALTED but what the gateway closes and legs', () => {
    set('HALTED');
    expect(desk.check(terms()).denial).toMatchObject({
      code: 'TRADING_HALTED',
      details: { scope: 'account', tradingState: 'HALTED', reason: 'maintenance' },
    });
    expect(code(desk.check(reduce))).toBe('TRADING_HALTED');
    expect(code(desk.check(terms(), { origin: 'GATEWAY' }))).toBe('TRADING_HALTED');
    expect(code(desk.check(reduce, { origin: 'GATEWAY' }))).toBeNull();
    expect(code(desk.check(reduce, { isLeg: true }))).toBeNull();
  });

  it('takes what only reduces while REDUCING, reduce-only or not', () => {
    set('REDUCING');
    expect(desk.check(terms()).denial).toMatchObject({
      code: 'REDUCE_ONLY_STATE',
      details: { scope: 'account', tradingState: 'REDUCING' },
    });
    expect(code(desk.check(reduce))).toBeNull();
    expect(code(desk.check(market({ side: 'SELL', quantity: '50' })))).toBeNull();
    expect(code(desk.check(market({ side: 'SELL', quantity: '51' })))).toBe('REDUCE_ONLY_STATE');
    set('ACTIVE');
    expect(code(desk.check(terms()))).toBeNull();
  });

  it('goes by the gateway before the account', () => {
    desk.context = { ...desk.context, gatewayTradingState: 'REDUCING' };
    expect(desk.check(terms()).denial).toMatchObject({
      code: 'REDUCE_ONLY_STATE',
      details: { scope: 'gateway' },
    });
    expect(code(desk.check(reduce))).toBeNull();
    desk.context = { ...desk.context, gatewayTradingState: 'HALTED' };
    expect(desk.check(reduce).denial).toMatchObject({
      code: 'TRADING_HALTED',
      details: { scope: 'gateway' },
    });
  });

  it('keeps the last room on the disk of the journal for what takes risk away', () => {
    desk.context = { ...desk.context, isJournalLow: true };
    expect(desk.check(terms()).denial).toMatchObject({
      code: 'REDUCE_ONLY_STATE',
      details: { scope: 'journal' },
    });
    expect(code(desk.check(reduce))).toBeNull();
  });

  it('stops a strategy by its own kill switch and no other', () => {
    desk.context = {
      ...desk.context,
      settings: { ...desk.context.settings, haltedStrategies: new Set(['s1']) },
    };
    expect(desk.check(terms(), { strategyId: 's1' }).denial).toMatchObject({
      code: 'TRADING_HALTED',
      details: { scope: 'strategy', strategyId: 's1' },
    });
    expect(code(desk.check(terms(), { strategyId: 's2' }))).toBeNull();
    expect(code(desk.check(terms()))).toBeNull();
  });
});

describe('reconciling', () => {
  it('blocks entries while a mismatch stands and names both figures; closing passes', () => {
    desk.hold('AAPL', '50', '100');
    const mismatch = { symbol: 'AAPL', currency: null };
    desk.apply({ type: 'MISMATCH_FOUND', ...mismatch, ours: '50', theirs: '40' });
    expect(desk.check(terms()).denial).toMatchObject({ code: 'RECONCILING', details: { mismatches: 1 } });
    expect(desk.check(terms()).denial?.message).toContain('AAPL: 50 here, 40 at the broker');
    expect(code(desk.check(market({ side: 'SELL', quantity: '50' })))).toBeNull();
    desk.apply({ type: 'MISMATCH_CLEARED', ...mismatch, resolution: null });
    expect(code(desk.check(terms()))).toBeNull();
  });

  it('blocks entries while an adopted order is unresolved', () => {
    desk.apply({ type: 'ENTRIES_BLOCKED', cause: 'order o-9 was adopted' });
    expect(desk.check(terms()).denial).toMatchObject({
      code: 'RECONCILING',
      details: { entryBlocks: 1, causes: 'order o-9 was adopted' },
    });
    desk.apply({ type: 'ENTRIES_UNBLOCKED', cause: 'order o-9 was adopted', reason: 'seen to' });
    expect(code(desk.check(terms()))).toBeNull();
  });
});

describe('restricted-symbol', () => {
  it('lets positions be closed and nothing else', () => {
    desk.hold('AAPL', '10', '100');
    desk.context = {
      ...desk.context,
      settings: { ...desk.context.settings, restrictedSymbols: new Set(['AAPL']) },
    };
    expect(desk.check(terms()).denial).toMatchObject({
      code: 'RESTRICTED_SYMBOL',
      details: { symbol: 'AAPL' },
    });
    expect(code(desk.check(market({ side: 'SELL', quantity: '10' })))).toBeNull();
    expect(code(desk.check(market({ side: 'SELL', quantity: '11' })))).toBe('RESTRICTED_SYMBOL');
  });
});

describe('market-closed', () => {
  const gtc = terms({ timeInForce: 'GTC' });
  const table = [
    // terms, then whether OPEN, PRE, POST, CLOSED take it
    ['DAY', terms(), true, false, false, false],
    ['DAY with extended hours', terms({ extendedHours: true }), true, true, true, false],
    ['IOC', terms({ timeInForce: 'IOC' }), true, false, false, false],
    ['FOK', terms({ timeInForce: 'FOK' }), true, false, false, false],
    ['GTC', gtc, true, true, true, true],
    ['GTD', terms({ timeInForce: 'GTD', expireAt: 9 }), true, true, true, true],
    ['GTC market', market({ timeInForce: 'GTC' }), true, false, false, false],
    ['OPG', terms({ timeInForce: 'OPG' }), false, true, true, true],
    ['CLS', terms({ timeInForce: 'CLS' }), true, true, false, true],
  ] as const;

  it.each(table)('takes %s where it can trade or rest', (_name, order, open, pre, post, closed) => {
    const takes = (['OPEN', 'PRE', 'POST', 'CLOSED'] as const).map((session) => {
      desk.sessions.set('AAPL', session);
      return code(desk.check(order));
    });
    expect(takes).toEqual([open, pre, post, closed].map((taken) => (taken ? null : 'MARKET_CLOSED')));
  });

  it('says which session it is', () => {
    desk.sessions.set('AAPL', 'CLOSED');
    expect(desk.check(terms()).denial?.details).toMatchObject({ session: 'CLOSED', timeInForce: 'DAY' });
  });

  it('denies everything but legs while the symbol is halted', () => {
    desk.halted.add('AAPL');
    expect(desk.check(gtc).denial).toMatchObject({ code: 'TRADING_HALTED', details: { scope: 'symbol' } });
    expect(code(desk.check(terms({ side: 'SELL', reduceOnly: true }), { isLeg: true }))).toBeNull();
  });
});

describe('reduce-only', () => {
  const close = (quantity: string) => market({ side: 'SELL', quantity, reduceOnly: true });

  it('needs a position on the other side', () => {
    expect(code(desk.check(close('1')))).toBe('NO_POSITION');
    desk.hold('AAPL', '-10', '100');
    expect(desk.check(close('1')).denial).toMatchObject({
      code: 'NO_POSITION',
      details: { position: '-10' },
    });
    expect(code(desk.check(market({ quantity: '10', reduceOnly: true })))).toBeNull();
  });

  it('takes the whole position and not a lot more, other closing orders counted', () => {
    desk.hold('AAPL', '100', '100');
    expect(code(desk.check(close('100')))).toBeNull();
    expect(desk.check(close('101')).denial).toMatchObject({
      code: 'WOULD_INCREASE_POSITION',
      details: { quantity: '101', openReduceOnly: '0', position: '100', reducible: '100' },
    });
    placed(desk.place(close('60')));
    expect(code(desk.check(close('40')))).toBeNull();
    expect(desk.check(close('41')).denial?.details).toMatchObject({ openReduceOnly: '60', reducible: '40' });
  });

  it('leaves room for the legs of a bracket, which give way', () => {
    desk.hold('AAPL', '100', '100');
    desk.force(terms({ side: 'SELL', limitPrice: '110', reduceOnly: true }), 'TAKE_PROFIT');
    desk.force(market({ side: 'SELL', type: 'STOP', stopPrice: '90', reduceOnly: true }), 'STOP_LOSS');
    expect(code(desk.check(close('100')))).toBeNull();
  });

  it('counts plain orders too where the venue does not enforce reduce-only', () => {
    desk.hold('AAPL', '100', '100');
    placed(desk.place(terms({ side: 'SELL', quantity: '30', limitPrice: '120' })));
    expect(code(desk.check(close('100')))).toBeNull();
    desk.capabilities({ reduceOnly: false });
    expect(code(desk.check(close('100')))).toBe('WOULD_INCREASE_POSITION');
    expect(code(desk.check(close('70')))).toBeNull();
  });

  it('does not count the order that is replaced', () => {
    desk.hold('AAPL', '100', '100');
    const orderId = placed(
      desk.place(terms({ side: 'SELL', quantity: '80', limitPrice: '120', reduceOnly: true })),
    );
    const replaces = desk.state.orders.get(orderId) ?? null;
    const bigger = (quantity: string) =>
      terms({ side: 'SELL', quantity, limitPrice: '121', reduceOnly: true });
    expect(code(desk.check(bigger('100'), { replaces }))).toBeNull();
    expect(code(desk.check(bigger('101'), { replaces }))).toBe('WOULD_INCREASE_POSITION');
  });
});

describe('not-shortable', () => {
  const sell = (quantity: string) => terms({ side: 'SELL', quantity, limitPrice: '120' });

  it('lets the position be sold and nothing more, open sells counted', () => {
    desk.instrument({ shortable: false });
    desk.hold('AAPL', '100', '100');
    expect(code(desk.check(sell('100')))).toBeNull();
    expect(desk.check(sell('101')).denial).toMatchObject({
      code: 'NOT_SHORTABLE',
      details: { quantity: '101', position: '100', openSellQuantity: '0', sellable: '100' },
    });
    placed(desk.place(sell('60')));
    expect(code(desk.check(sell('40')))).toBeNull();
    expect(code(desk.check(sell('41')))).toBe('NOT_SHORTABLE');
    placed(desk.place(market({ side: 'SELL', quantity: '30', reduceOnly: true })));
    expect(code(desk.check(sell('10')))).toBeNull();
    expect(code(desk.check(sell('11')))).toBe('NOT_SHORTABLE');
  });

  it('goes by the broker as well', () => {
    expect(code(desk.check(sell('1')))).toBeNull();
    desk.capabilities({ shortSelling: false });
    expect(desk.check(sell('1')).denial?.message).toContain('the broker cannot be sold short');
    expect(code(desk.check(terms()))).toBeNull();
  });

  it('lets a replacement through that sells no more than before', () => {
    desk.hold('AAPL', '100', '100');
    const replaces = desk.state.orders.get(placed(desk.place(sell('100')))) ?? null;
    desk.instrument({ shortable: false });
    expect(code(desk.check(sell('90'), { replaces }))).toBeNull();
    expect(code(desk.check(sell('101'), { replaces }))).toBe('NOT_SHORTABLE');
  });
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
