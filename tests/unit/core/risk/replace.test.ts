import { beforeEach, describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { reservedByCurrency } from '../../../../core/risk/reservation.ts';
import { terms } from './defaults.ts';
import { createDesk, type Desk } from './desk.ts';
import { code } from './verdict.ts';

let desk: Desk;
let orderId: string;
beforeEach(() => {
  desk = createDesk();
  desk.limits({ maxPositionNotional: '100000' });
  orderId = desk.place(terms({ quantity: '500', limitPrice: '100' })).orderId ?? '';
  desk.accept(orderId);
});

const replace = (quantity: string, limitPrice: string) =>
  desk.check(terms({ quantity, limitPrice }), { replaces: desk.state.orders.get(orderId) ?? null });
const reserved = () => reservedByCurrency(desk.state).get('USD') ?? 0n;

describe('a replacement', () => {
  it('has only its increase counted, up to the limit exactly', () => {
    expect(code(replace('1000', '100'))).toBeNull();
    expect(replace('1001', '100').denial).toMatchObject({
      code: 'MAX_POSITION_NOTIONAL',
      details: { positionNotional: '50000', positionNotionalAfter: '100100' },
    });
  });

  it('is checked by the larger quantity and the higher price of both revisions, as either may fill', () => {
    expect(code(replace('600', '150'))).toBeNull();
    // Together 500 units at 250: the old quantity may still fill when the new price is up.
    expect(replace('100', '250').denial?.details).toMatchObject({ positionNotionalAfter: '125000' });
  });

  it('with a lower price still has the higher one counted for its new quantity', () => {
    expect(code(replace('1000', '90'))).toBeNull();
    expect(replace('1001', '90').denial?.details).toMatchObject({ positionNotionalAfter: '100100' });
  });

  it('of a sell that closes and opens counts its own units once', () => {
    desk = createDesk();
    desk.quote('AAPL', '100', '100');
    desk.hold('AAPL', '300', '100');
    const sell = (quantity: string) => terms({ side: 'SELL', quantity, limitPrice: '100' });
    orderId = desk.place(sell('500')).orderId ?? '';
    const replaces = desk.state.orders.get(orderId) ?? null;
    // 200 of the 500 would open a short; of 600 it would be 300.
    expect(desk.check(sell('600'), { replaces }).candidate?.figures).toMatchObject({
      reserved: parseDecimal('20000'),
      reservedAfter: parseDecimal('30000'),
      positionNotionalAfter: parseDecimal('30000'),
    });
  });

  it('reserves the larger of both while pending, and the one that stands afterwards', () => {
    const { reservePrice } = replace('300', '110');
    expect(reservePrice).toBe(parseDecimal('110'));
    desk.requestReplace(orderId, { quantity: '300', limitPrice: '110' }, '110');
    expect(reserved()).toBe(parseDecimal('55000'));
    const revision = desk.state.orders.get(orderId)?.lastRevision ?? 0;
    desk.apply({ type: 'REPLACED', orderId, revision, brokerOrderId: null });
    expect(reserved()).toBe(parseDecimal('33000'));
  });

  it('goes back to what it reserved when the venue refuses', () => {
    desk.requestReplace(orderId, { quantity: '800', limitPrice: '110' }, '110');
    expect(reserved()).toBe(parseDecimal('88000'));
    const revision = desk.state.orders.get(orderId)?.lastRevision ?? 0;
    desk.apply({ type: 'REPLACE_REJECTED', orderId, revision, code: 'TOO_LATE', message: 'filled' });
    expect(reserved()).toBe(parseDecimal('50000'));
  });

  it('that asks for less passes although the account is beyond its limits and may take no entries', () => {
    desk.limits({
      maxPositionNotional: '1',
      maxLeverage: '0.01',
      maxConcentration: '0.01',
      maxOrderNotional: '1',
    });
    desk.apply({ type: 'TRADING_STATE_CHANGED', state: 'REDUCING', source: 'OPERATOR', reason: 'r' });
    desk.apply({ type: 'ENTRIES_BLOCKED', cause: 'adopted' });
    expect(code(replace('400', '99'))).toBeNull();
    expect(code(replace('500', '100'))).toBeNull();
    expect(code(replace('501', '100'))).toBe('REDUCE_ONLY_STATE');
    expect(code(replace('500', '100.01'))).toBe('REDUCE_ONLY_STATE');
  });

  it('counts what is left of a partly filled order', () => {
    desk.quote('AAPL', '100', '100');
    desk.fill(orderId, '200', '100');
    expect(replace('1000', '100').candidate?.quantity).toBe(parseDecimal('800'));
    expect(code(replace('1000', '100'))).toBeNull();
    expect(code(replace('1001', '100'))).toBe('MAX_POSITION_NOTIONAL');
  });
});
