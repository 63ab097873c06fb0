import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { OrderRecord } from '../../../../core/orders/order-record.ts';
import { orderToRecord } from '../../../../core/orders/order-record-codec.ts';
import { stateText, termsText, toRecord } from '../../../../gateway/database/order-text.ts';
import { orderRecord } from '../../../support/journal-fixtures.ts';
import { anyOrder } from '../../../support/order-arbitrary.ts';

const roundTrip = (record: OrderRecord): OrderRecord =>
  toRecord({ terms: termsText(record), state: stateText(record) }, record.fills);

describe('an order as two texts', () => {
  it('comes back as it was', () => {
    const record = orderRecord('o-1', {
      reason: 'quotes " and \\ and ü',
      pendingReplace: null,
      legIds: ['a', 'b'],
    });
    expect(roundTrip(record)).toEqual(record);
  });

  it('comes back as it was, whatever it holds', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        const record = orderToRecord(order, { fills: true });
        expect(roundTrip(record)).toEqual(record);
      }),
    );
  });

  it('says nothing of what is blank, and reads it back', () => {
    const record = orderRecord('o-1', { doneReason: null, pendingCancel: false, filledQuantity: '0' });
    expect(stateText(record)).not.toMatch(/doneReason|pendingCancel|filledQuantity|null|false/);
    expect(roundTrip(record)).toMatchObject({ doneReason: null, pendingCancel: false, filledQuantity: '0' });
  });

  it('keeps a field that this version does not know', () => {
    const record = { ...orderRecord('o-1'), later: { nested: [1] } };
    expect(roundTrip(record)).toEqual(record);
    expect(roundTrip(orderRecord('o-2'))).toEqual(orderRecord('o-2'));
  });

  it('has in its terms only what no later event changes', () => {
    const before = orderRecord('o-1');
    const after: OrderRecord = {
      ...before,
      quantity: '3',
      limitPrice: '1',
      timeInForce: 'DAY',
      lifecycle: 'WORKING',
      brokerOrderId: 'b',
      lastSeq: 99,
    };
    expect(termsText(after)).toBe(termsText(before));
    expect(stateText(after)).not.toBe(stateText(before));
  });
});
