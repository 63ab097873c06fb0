import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { statusOf } from '../../../../core/orders/status.ts';
import { replacementTerms } from '../../../../core/orders/venue-terms.ts';
import { EngineFixture, LIMIT } from '../../../support/engine-fixture.ts';
import { buying, replace, resting } from './resting-order.ts';

describe('a replace', () => {
  it('goes out under an id of its own, reserves the larger of both revisions, and then works', () => {
    const engine = resting();
    const order = engine.order('o');
    expect(replace(engine, 'r1', { quantity: '5', limitPrice: '99.5' })).toEqual({
      kind: 'replaceRequested',
      orderId: 'o',
    });
    expect(order.pendingReplace?.revision).toBe(1);
    expect(replacementTerms(order, engine.capabilities)).toMatchObject({ quantity: '5', limitPrice: '99.5' });
    expect(buying(engine)).toBe(parseDecimal('995'));
    engine.message('o', { kind: 'replaced' }, 1);
    expect([order.revision, order.quantity, order.limitPrice]).toEqual([
      1,
      parseDecimal('5'),
      parseDecimal('99.5'),
    ]);
    expect(buying(engine)).toBe(parseDecimal('497.5'));
  });

  it('to a lower price reserves the higher one until it works', () => {
    const engine = resting();
    replace(engine, 'r1', { limitPrice: '95' });
    expect(buying(engine)).toBe(parseDecimal('990'));
    engine.message('o', { kind: 'replaced' }, 1);
    expect(buying(engine)).toBe(parseDecimal('950'));
  });

  it('that is refused leaves the order and its reservation as they were', () => {
    const engine = resting();
    replace(engine, 'r1', { quantity: '20' });
    expect(buying(engine)).toBe(parseDecimal('1980'));
    engine.message('o', { kind: 'replaceRejected', code: 'TOO_LATE', message: 'late' }, 1);
    expect([engine.order('o').quantity, buying(engine)]).toEqual([parseDecimal('10'), parseDecimal('990')]);
  });

  it('asked for twice with one request id is one', () => {
    const engine = resting();
    replace(engine, 'r1', { quantity: '20' });
    const { seq } = engine.state;
    expect(replace(engine, 'r1', { quantity: '20' })).toEqual({ kind: 'replaceRequested', orderId: 'o' });
    expect(engine.state.seq).toBe(seq);
  });

  it('is one at a time, and not while a cancel or the first answer is under way', () => {
    const engine = resting();
    replace(engine, 'r1', { quantity: '20' });
    expect(replace(engine, 'r2', { quantity: '30' })).toMatchObject({ denial: { code: 'NOT_REPLACEABLE' } });
    const unanswered = engine.place(LIMIT('AAPL', 'BUY', '1', '98'));
    const early = {
      kind: 'replaceOrder',
      orderId: unanswered.orderId,
      requestId: 'r',
      quantity: '2',
    } as const;
    expect(engine.run(early)).toMatchObject({ denial: { code: 'NOT_REPLACEABLE' } });
    engine.run({ kind: 'cancelOrder', orderId: 'o', reason: null });
    engine.message('o', { kind: 'replaceRejected', code: 'TOO_LATE', message: 'late' }, 1);
    expect(replace(engine, 'r3', { quantity: '30' })).toMatchObject({ denial: { code: 'NOT_REPLACEABLE' } });
  });

  it.each([
    [{ quantity: '4' }, 'INVALID_ORDER'],
    [{ quantity: 'x' }, 'INVALID_ORDER'],
    [{ stopPrice: '90' }, 'INVALID_ORDER'],
    [{ timeInForce: 'GTD' }, 'INVALID_ORDER'],
    [{ limitPrice: '99.001' }, 'PRICE_PRECISION'],
  ] as const)('to %j is denied %s', (change, code) => {
    const engine = resting();
    engine.fill('o', 'x1', '4', '99');
    expect(replace(engine, 'r1', change)).toMatchObject({ kind: 'denied', orderId: 'o', denial: { code } });
    expect(engine.order('o').pendingReplace).toBeNull();
  });

  it('leaves a trailing stop where it has trailed to by then', () => {
    const engine = new EngineFixture();
    const trail = { type: 'TRAILING_STOP', trailingOffset: '2', trailingOffsetType: 'PRICE' } as const;
    engine.working({ ...LIMIT('AAPL', 'SELL', '10', '99'), limitPrice: null, ...trail }, { orderId: 'o' });
    engine.message('o', { kind: 'stopMoved', stopPrice: '98', limitPrice: null });
    replace(engine, 'r1', { quantity: '5' });
    expect(replacementTerms(engine.order('o'), engine.capabilities)?.stopPrice).toBeNull();
    engine.message('o', { kind: 'stopMoved', stopPrice: '98.5', limitPrice: null });
    engine.message('o', { kind: 'replaced' }, 1);
    expect(engine.order('o').triggerPrice).toBe(parseDecimal('98.5'));
    // Another offset begins at the level that stands.
    replace(engine, 'r2', { trailingOffset: '3' });
    expect(replacementTerms(engine.order('o'), engine.capabilities)?.stopPrice).toBe('98.5');
  });

  it('that crosses a fill ends filled', () => {
    const engine = resting();
    replace(engine, 'r1', { quantity: '20' });
    engine.fill('o', 'x1', '10', '99');
    engine.message('o', { kind: 'replaceRejected', code: 'TOO_LATE', message: 'late' }, 1);
    expect([statusOf(engine.order('o')), engine.order('o').pendingReplace]).toEqual(['FILLED', null]);
    expect(engine.state.exposure.size).toBe(0);
  });

  it('below what fills meanwhile flags the excess', () => {
    const engine = resting();
    replace(engine, 'r1', { quantity: '4' });
    engine.fill('o', 'x1', '6', '99');
    engine.message('o', { kind: 'replaced' }, 1);
    expect([statusOf(engine.order('o')), engine.order('o').overfilled]).toEqual(['FILLED', true]);
    expect(engine.alerts()).toContain('OVERFILLED');
  });

  it('stays pending when its answer is lost, and is settled by what the venue shows', () => {
    const engine = resting();
    replace(engine, 'r1', { quantity: '20' });
    const outcome = { kind: 'unknown', reason: 'timeout' } as const;
    engine.run({ kind: 'brokerOutcome', request: 'replace', orderId: 'o', revision: 1, outcome });
    expect(engine.order('o').pendingReplace?.revision).toBe(1);
    engine.run({ kind: 'notAtVenue', orderId: 'o', revision: 1, evidence: 'three lookups' });
    expect([engine.order('o').pendingReplace, engine.order('o').quantity]).toEqual([
      null,
      parseDecimal('10'),
    ]);
  });
});

describe('a replace to less than is executed by the time it is through', () => {
  const crossed = (): EngineFixture => {
    const engine = resting();
    engine.run({ kind: 'replaceOrder', orderId: 'o', requestId: 'r', quantity: '5' });
    const fill = { executionId: 'x', quantity: '5', price: '99', fee: null, feeCurrency: null } as const;
    engine.message('o', { kind: 'filled', ...fill, liquidity: null, cursor: null }, 0);
    expect(statusOf(engine.order('o'))).toBe('PARTIALLY_FILLED');
    return engine;
  };

  it.each(['replaced', 'canceled', 'expired'] as const)(
    'has filled the order when the venue says %s',
    (kind) => {
      const engine = crossed();
      engine.message('o', { kind, reason: null }, 1);
      expect([statusOf(engine.order('o')), engine.order('o').quantity]).toEqual([
        'FILLED',
        parseDecimal('5'),
      ]);
    },
  );

  it.each(['triggered', 'stopMoved'] as const)('has filled a stop order when the venue says %s', (kind) => {
    const engine = new EngineFixture();
    const stop = { ...LIMIT('AAPL', 'SELL', '10', '99'), type: 'STOP_LIMIT', stopPrice: '98' } as const;
    engine.working(stop, { orderId: 'o' });
    engine.run({ kind: 'replaceOrder', orderId: 'o', requestId: 'r', quantity: '5' });
    const fill = { executionId: 'x', quantity: '5', price: '99', fee: null, feeCurrency: null } as const;
    engine.message('o', { kind: 'filled', ...fill, liquidity: null, cursor: null }, 0);
    engine.message('o', { kind, stopPrice: '98.5', limitPrice: null }, 1);
    expect(statusOf(engine.order('o'))).toBe('FILLED');
  });
});

describe('what an order reserves that the venue shows after its end', () => {
  const shown = (engine: EngineFixture, revision: number, limitPrice: string): void => {
    const order = {
      account: 'A1',
      venueOrderId: `OQ-o-${revision}`,
      brokerOrderId: 'B',
      status: 'WORKING',
      terms: LIMIT('AAPL', 'BUY', '10', limitPrice),
      filledQuantity: '0',
      stopPrice: null,
      message: null,
      at: engine.now,
    } as const;
    engine.run({ kind: 'venueOrder', order });
  };

  it('is what the revision does that it works by, not what was asked for meanwhile', () => {
    const engine = resting();
    engine.run({ kind: 'replaceOrder', orderId: 'o', requestId: 'r', limitPrice: '110' });
    engine.run({ kind: 'notAtVenue', orderId: 'o', revision: 0, evidence: 'e' });
    engine.accept('o');
    expect(buying(engine)).toBe(parseDecimal('990'));
  });

  it('is what it does by the terms of a replace that was taken for lost', () => {
    const engine = resting();
    engine.run({ kind: 'replaceOrder', orderId: 'o', requestId: 'r', limitPrice: '101' });
    engine.run({ kind: 'notAtVenue', orderId: 'o', revision: 1, evidence: 'e' });
    expect(buying(engine)).toBe(parseDecimal('990'));
    shown(engine, 1, '101');
    expect([engine.order('o').revision, buying(engine)]).toEqual([1, parseDecimal('1010')]);
    // Another one is under way meanwhile: the higher of both.
    engine.run({ kind: 'resolveMismatch', symbol: null, reason: 'seen' });
    engine.run({ kind: 'replaceOrder', orderId: 'o', requestId: 's', limitPrice: '102' });
    engine.run({ kind: 'notAtVenue', orderId: 'o', revision: 2, evidence: 'e' });
    engine.run({ kind: 'replaceOrder', orderId: 'o', requestId: 't', limitPrice: '100' });
    shown(engine, 2, '102');
    expect(buying(engine)).toBe(parseDecimal('1020'));
    engine.message('o', { kind: 'replaced' }, 3);
    expect(buying(engine)).toBe(parseDecimal('1000'));
  });

  it('stays as it was when its terms there cannot be read', () => {
    const engine = resting();
    engine.run({ kind: 'notAtVenue', orderId: 'o', revision: 0, evidence: 'e' });
    shown(engine, 0, 'much');
    expect([statusOf(engine.order('o')), buying(engine)]).toEqual(['ACCEPTED', parseDecimal('990')]);
  });
});
