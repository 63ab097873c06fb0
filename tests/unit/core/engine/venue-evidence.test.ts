import { describe, expect, it } from '@jest/globals';
import type { BrokerOutcome, VenueOrder } from '@omniquant/plugin-sdk';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { statusOf } from '../../../../core/orders/status.ts';
import { EngineFixture, LIMIT, MARKET } from '../../../support/engine-fixture.ts';

const submitted = (): EngineFixture => {
  const engine = new EngineFixture();
  engine.place(LIMIT('AAPL', 'BUY', '10', '99'), { orderId: 'o' });
  return engine;
};

const answer = (engine: EngineFixture, outcome: BrokerOutcome): void => {
  engine.run({ kind: 'brokerOutcome', request: 'submit', orderId: 'o', revision: 0, outcome });
};

const venueOrder = (engine: EngineFixture, found: Partial<VenueOrder>): void => {
  const order: VenueOrder = {
    account: 'A1',
    venueOrderId: 'OQ-o-0',
    brokerOrderId: 'B-o',
    status: 'WORKING',
    terms: LIMIT('AAPL', 'BUY', '10', '99'),
    filledQuantity: '0',
    stopPrice: null,
    message: null,
    at: engine.now,
    ...found,
  };
  engine.run({ kind: 'venueOrder', order });
};

const status = (engine: EngineFixture): string => statusOf(engine.order('o'));
const rejected = { kind: 'rejected', code: 'INSUFFICIENT_FUNDS', message: 'no', at: 0 } as const;
const unknown = { kind: 'unknown', reason: 'timeout' } as const;

describe('an answer to a submit', () => {
  it('ends the order when it was refused or provably not sent', () => {
    const refused = submitted();
    answer(refused, rejected);
    expect([status(refused), refused.order('o').reason]).toEqual(['REJECTED', 'INSUFFICIENT_FUNDS: no']);
    const unsent = submitted();
    answer(unsent, { kind: 'notSent', reason: 'no connection' });
    expect([status(unsent), unsent.order('o').reason]).toEqual(['REJECTED', 'NOT_SENT: no connection']);
    expect(unsent.state.exposure.size).toBe(0);
  });

  it('that never came is a doubt, which keeps its reservation', () => {
    const engine = submitted();
    answer(engine, unknown);
    expect(status(engine)).toBe('IN_DOUBT');
    expect(engine.state.exposure.get('AAPL')?.buyNotional).toBe(parseDecimal('990'));
    expect(engine.alerts()).toContain('ORDER_IN_DOUBT');
  });

  it('is not waited for after a restart', () => {
    const engine = submitted();
    engine.run({ kind: 'recover' });
    expect(status(engine)).toBe('IN_DOUBT');
  });

  it('to a second sending says nothing about the first', () => {
    const engine = submitted();
    answer(engine, unknown);
    engine.run({ kind: 'resubmit', orderId: 'o' });
    expect(engine.journal.at(-1)?.event).toMatchObject({ type: 'SUBMITTED', venueOrderId: 'OQ-o-0' });
    answer(engine, rejected);
    expect(status(engine)).toBe('IN_DOUBT');
    engine.run({ kind: 'resubmit', orderId: 'o' });
    answer(engine, { kind: 'rejected', code: 'DUPLICATE_ORDER_ID', message: 'twice', at: 0 });
    expect(status(engine)).toBe('IN_DOUBT');
    venueOrder(engine, {});
    expect(status(engine)).toBe('ACCEPTED');
  });

  it('is not sent again to a venue that takes duplicates', () => {
    const engine = submitted();
    answer(engine, unknown);
    engine.capabilities = { ...engine.capabilities, refusesDuplicates: false };
    engine.run({ kind: 'resubmit', orderId: 'o' });
    expect(status(engine)).toBe('IN_DOUBT');
  });
});

describe('an order in doubt', () => {
  it.each([
    ['WORKING', 'ACCEPTED'],
    ['CANCELED', 'CANCELED'],
    ['EXPIRED', 'EXPIRED'],
    ['REJECTED', 'REJECTED'],
    ['FILLED', 'ACCEPTED'],
  ] as const)('that the venue shows %s becomes %s', (there, here) => {
    const engine = submitted();
    answer(engine, unknown);
    venueOrder(engine, { status: there, filledQuantity: there === 'FILLED' ? '10' : '0' });
    expect(status(engine)).toBe(here);
  });

  it('that the venue never had is rejected, and a late fill still books', () => {
    const engine = submitted();
    answer(engine, unknown);
    engine.run({ kind: 'notAtVenue', orderId: 'o', revision: 0, evidence: 'three lookups' });
    expect(engine.order('o').reason).toBe('NOT_AT_VENUE: three lookups');
    engine.fill('o', 'x', '4', '99');
    expect(engine.state.positions.get('AAPL')?.quantity).toBe(parseDecimal('4'));
    expect(engine.alerts()).toContain('LATE_FILL');
  });

  it('is settled by an operator', () => {
    const engine = submitted();
    answer(engine, unknown);
    engine.run({ kind: 'resolveOrder', orderId: 'o', resolution: 'CANCELED', reason: 'phoned the broker' });
    expect(status(engine)).toBe('CANCELED');
    expect(engine.journal.at(-1)?.event).toMatchObject({
      type: 'OPERATOR_ACTED',
      action: 'resolveOrder',
      target: 'o',
    });
    expect(() =>
      engine.run({ kind: 'resolveOrder', orderId: 'o', resolution: 'EXPIRED', reason: 'again' }),
    ).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });
});

describe('a venue order that the journal lacks or has closed', () => {
  it('is taken over, alarmed, and blocks entries until an operator has looked', () => {
    const engine = submitted();
    answer(engine, unknown);
    engine.run({ kind: 'notAtVenue', orderId: 'o', revision: 0, evidence: 'three lookups' });
    venueOrder(engine, {});
    expect(status(engine)).toBe('ACCEPTED');
    expect(engine.alerts()).toContain('ORDER_ADOPTED');
    expect(engine.place(MARKET('AAPL', 'BUY', '1')).result).toMatchObject({
      denial: { code: 'RECONCILING' },
    });
    engine.run({ kind: 'resolveMismatch', symbol: null, reason: 'seen' });
    expect(engine.place(MARKET('AAPL', 'BUY', '1')).result.kind).toBe('orderPlaced');
  });

  it('is not opened again by a list that is older than its end', () => {
    const engine = submitted();
    engine.accept('o');
    const listedAt = engine.now;
    engine.now += 1_000;
    engine.message('o', { kind: 'canceled', reason: null });
    venueOrder(engine, { at: listedAt });
    expect([status(engine), engine.state.entryBlocks.size]).toEqual(['CANCELED', 0]);
    venueOrder(engine, { at: engine.now + 1 });
    expect([status(engine), engine.state.entryBlocks.size]).toEqual(['ACCEPTED', 1]);
  });

  it('is made from what the venue says when nothing is known of it', () => {
    const engine = new EngineFixture();
    engine.fill('lost', 'x', '4', '99');
    expect(engine.state.entryBlocks.size).toBe(1);
    venueOrder(engine, { venueOrderId: 'OQ-lost-0', filledQuantity: '4' });
    engine.fill('lost', 'x', '4', '99');
    const order = engine.order('lost');
    expect([order.origin, statusOf(order), order.filledQuantity]).toEqual([
      'EXTERNAL',
      'PARTIALLY_FILLED',
      parseDecimal('4'),
    ]);
    expect(engine.state.positions.get('AAPL')?.quantity).toBe(parseDecimal('4'));
    expect(engine.alerts().filter((code) => code === 'ORDER_ADOPTED')).toHaveLength(1);
    engine.run({ kind: 'cancelOrder', orderId: 'lost', reason: null });
    expect(order.pendingCancel).toBe(true);
  });

  it('is shown and never touched when it is somebody else’s', () => {
    const engine = new EngineFixture();
    venueOrder(engine, { venueOrderId: null, brokerOrderId: 'B77' });
    const [order] = [...engine.state.orders.values()];
    expect([order?.origin, order === undefined ? null : statusOf(order)]).toEqual(['EXTERNAL', 'ACCEPTED']);
    expect([engine.state.entryBlocks.size, engine.alerts()]).toEqual([0, ['EXTERNAL_ORDER']]);
    const orderId = order?.id ?? '';
    expect(engine.run({ kind: 'cancelOrder', orderId, reason: null })).toMatchObject({
      denial: { code: 'ORDER_NOT_OPEN' },
    });
    expect(engine.run({ kind: 'cancelAllOrders', symbol: null, reason: null })).toEqual({
      kind: 'cancelRequested',
      orderIds: [],
    });
    venueOrder(engine, { venueOrderId: null, brokerOrderId: 'B77', status: 'CANCELED' });
    expect(order === undefined ? null : statusOf(order)).toBe('CANCELED');
  });
});

describe('what the venue reports of the account', () => {
  it('is asked for from where all fills were handed over, not from the last one heard', () => {
    const engine = submitted();
    engine.fill('o', 'x1', '1', '99');
    expect(engine.state.fillCursor).toBeNull();
    engine.run({ kind: 'fillsSynced', cursor: 'x1' });
    engine.fill('o', 'x3', '1', '99');
    expect(engine.state.fillCursor).toBe('x1');
  });

  it('books a transfer once', () => {
    const engine = new EngineFixture();
    const event = {
      kind: 'transfer',
      account: 'A1',
      at: 0,
      reference: 't1',
      currency: 'USD',
      amount: '-100',
      reason: 'fee',
    } as const;
    engine.run({ kind: 'brokerEvent', event });
    engine.run({ kind: 'brokerEvent', event });
    expect(engine.state.cash.get('USD')).toBe(parseDecimal('999900'));
  });

  it('counts the starting cash once, told as such; under another name it is a mismatch that stops entries', () => {
    const engine = new EngineFixture();
    const deposit = {
      kind: 'transfer',
      account: 'A1',
      at: 0,
      currency: 'USD',
      amount: '1000000',
      reason: '',
    } as const;
    const theirs = {
      kind: 'venueSnapshot',
      positions: [],
      balances: [{ currency: 'USD', total: '1000000' }],
    } as const;
    engine.run({ kind: 'brokerEvent', event: { ...deposit, reference: 'starting-cash' } });
    engine.run(theirs);
    expect(engine.place(MARKET('AAPL', 'BUY', '1')).result).toMatchObject({ kind: 'orderPlaced' });

    engine.run({ kind: 'brokerEvent', event: { ...deposit, reference: 'wire 17' } });
    engine.run(theirs);
    expect(engine.alerts()).toEqual(['BALANCE_MISMATCH']);
    expect(engine.place(MARKET('AAPL', 'BUY', '1')).result).toMatchObject({
      denial: { code: 'RECONCILING' },
    });
    engine.run({ kind: 'resolveMismatch', symbol: null, reason: 'one deposit' });
    expect(engine.state.cash.get('USD')).toBe(parseDecimal('1000000'));
    expect(engine.place(MARKET('AAPL', 'BUY', '1')).result).toMatchObject({ kind: 'orderPlaced' });
  });

  it('is compared, never written over, until an operator takes it over', () => {
    const engine = new EngineFixture();
    const order = engine.working(MARKET('AAPL', 'BUY', '10'));
    engine.fill(order.id, 'x', '10');
    const theirs = {
      kind: 'venueSnapshot',
      positions: [{ symbol: 'AAPL', quantity: '12' }],
      balances: [{ currency: 'USD', total: '999000' }],
    } as const;
    engine.run(theirs);
    const { seq } = engine.state;
    engine.run(theirs);
    expect(engine.state.seq).toBe(seq);
    expect([engine.alerts(), engine.state.positions.get('AAPL')?.quantity]).toEqual([
      ['POSITION_MISMATCH'],
      parseDecimal('10'),
    ]);
    expect(engine.place(MARKET('AAPL', 'BUY', '1')).result).toMatchObject({
      denial: { code: 'RECONCILING' },
    });
    engine.run({ kind: 'resolveMismatch', symbol: 'AAPL', reason: 'split' });
    expect(engine.state.positions.get('AAPL')).toMatchObject({
      quantity: parseDecimal('12'),
      cost: parseDecimal('1200'),
    });
    expect(engine.state.transfers.get('USD')).toBe(parseDecimal('1000200'));
    expect(() => engine.run({ kind: 'resolveMismatch', symbol: 'AAPL', reason: 'again' })).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    );
  });

  it('clears by itself when the figures agree again', () => {
    const engine = new EngineFixture();
    engine.run({ kind: 'venueSnapshot', positions: [], balances: [{ currency: 'USD', total: '5' }] });
    engine.run({ kind: 'venueSnapshot', positions: [], balances: [{ currency: 'USD', total: '1000000' }] });
    expect([engine.state.mismatches.size, engine.alerts()]).toEqual([
      0,
      ['BALANCE_MISMATCH', 'MISMATCH_RESOLVED'],
    ]);
  });
});
