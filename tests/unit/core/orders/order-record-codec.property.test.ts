import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { OrderRecord } from '../../../../core/orders/order-record.ts';
import { orderFromRecord, orderToRecord } from '../../../../core/orders/order-record-codec.ts';
import { anyOrder } from '../../../support/order-arbitrary.ts';

describe('an order as a record', () => {
  it('comes back from JSON as it was', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        const json = JSON.stringify(orderToRecord(order, { fills: true }));
        expect(orderFromRecord(JSON.parse(json) as OrderRecord)).toEqual(order);
      }),
    );
  });

  it('leaves out the fills, and only them, when they are not asked for', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        expect(orderToRecord(order, { fills: false })).toEqual({
          ...orderToRecord(order, { fills: true }),
          fills: [],
        });
      }),
    );
  });
});
