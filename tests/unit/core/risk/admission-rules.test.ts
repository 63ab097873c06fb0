import { beforeEach, describe, expect, it } from '@jest/globals';

import { market, terms } from './defaults.ts';
import { createDesk, type Desk, WALL } from './desk.ts';
import { code } from './verdict.ts';

/* Whether an order may come in now: the rate, the state of account, books, symbol and market. */

let desk: Desk;
beforeEach(() => {
  desk = createDesk();
});

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
