import { expect } from '@jest/globals';

import type { OrderCheck } from '../../../../core/risk/check-order.ts';

/** Why an order is denied; null for one that passes. */
export const code = (check: OrderCheck): string | null => check.denial?.code ?? null;

/** The id of an order that has to have passed. */
export const placed = (result: { orderId: string | undefined; check: OrderCheck }): string => {
  expect(result.check.denial).toBeNull();
  return result.orderId ?? '';
};
