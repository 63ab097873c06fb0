import { describe, expect, it } from '@jest/globals';
import type { ApprovedOrder } from '@omniquant/plugin-sdk';

import { approveOrder, NotApprovedError } from '../../../../core/risk/approve.ts';
import { terms } from './defaults.ts';
import { createDesk } from './desk.ts';

describe('approving an order', () => {
  it('gives the broker the venue terms of what was submitted', () => {
    const desk = createDesk();
    const order = desk.state.orders.get(desk.place(terms()).orderId ?? '')!;
    expect(approveOrder(order, terms({ type: 'MARKET', limitPrice: null }), 'oq-1-0', 'acc', 'tp')).toEqual({
      ...terms({ type: 'MARKET', limitPrice: null }),
      account: 'acc',
      venueOrderId: 'oq-1-0',
      traceparent: 'tp',
    });
  });

  it('refuses an order that was never submitted', () => {
    const desk = createDesk();
    const placed = desk.state.orders.get(desk.place(terms()).orderId ?? '')!;
    const initialized = { ...placed, lifecycle: 'INITIALIZED' as const, sent: false };
    expect(() => approveOrder(initialized, terms(), 'v', 'acc', null)).toThrow(NotApprovedError);
  });

  it('cannot be got round by writing the fields', () => {
    const fields = { ...terms(), account: 'acc', venueOrderId: 'v', traceparent: null };
    // @ts-expect-error only core/risk has the brand that a broker asks for
    const forged: ApprovedOrder = fields;
    expect(forged).toBe(fields);
  });
});
