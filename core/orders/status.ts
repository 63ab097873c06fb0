import { divide, type Fixed, max } from '@omniquant/plugin-sdk/decimal';

import type { Order } from './order.ts';

/** The API's status: derived from the lifecycle and the fills, and never asked whether a fill may book. */
export type OrderStatus =
  | 'INITIALIZED'
  | 'DENIED'
  | 'HELD'
  | 'SUBMITTED'
  | 'IN_DOUBT'
  | 'ACCEPTED'
  | 'TRIGGERED'
  | 'PARTIALLY_FILLED'
  | 'FILLED'
  | 'CANCELED'
  | 'EXPIRED'
  | 'REJECTED';

export type PendingAction = 'REPLACE' | 'CANCEL';

type StatusFacts = Pick<Order, 'lifecycle' | 'doneReason' | 'filledQuantity'>;

export const statusOf = ({ lifecycle, doneReason, filledQuantity }: StatusFacts): OrderStatus => {
  switch (lifecycle) {
    case 'INITIALIZED':
    case 'DENIED':
    case 'HELD':
    case 'IN_DOUBT':
      return lifecycle;
    case 'SUBMITTED':
    case 'TRIGGERED':
      return filledQuantity > 0n ? 'PARTIALLY_FILLED' : lifecycle;
    case 'WORKING':
      return filledQuantity > 0n ? 'PARTIALLY_FILLED' : 'ACCEPTED';
    case 'DONE':
      return doneReason ?? 'CANCELED';
  }
};

/** Neither done nor denied. */
export const isOpen = ({ lifecycle }: Pick<Order, 'lifecycle'>): boolean =>
  lifecycle !== 'DONE' && lifecycle !== 'DENIED';

/** Open, and nothing of it has ever been at the venue. */
export const isAtGateway = (order: Pick<Order, 'lifecycle' | 'sent'>): boolean =>
  !order.sent && isOpen(order);

/** Units executed, those taken back included. */
export const executedQuantity = ({
  filledQuantity,
  bustedQuantity,
}: Pick<Order, 'filledQuantity' | 'bustedQuantity'>): Fixed => filledQuantity + bustedQuantity;

/** Units that may still trade; zero once the order is over, null while a notional order's quantity is not known. */
export const leavesQuantity = (
  order: Pick<Order, 'lifecycle' | 'quantity' | 'filledQuantity' | 'bustedQuantity'>,
): Fixed | null => {
  if (!isOpen(order)) return 0n;
  return order.quantity === null ? null : max(order.quantity - executedQuantity(order), 0n);
};

/** Of the fills that stand, half-even to 18 decimals; null without any. */
export const averageFillPrice = ({
  filledQuantity,
  filledNotional,
}: Pick<Order, 'filledQuantity' | 'filledNotional'>): Fixed | null =>
  filledQuantity === 0n ? null : divide(filledNotional, filledQuantity);

export const pendingActions = (
  order: Pick<Order, 'pendingCancel'> & { readonly pendingReplace: object | null },
): readonly PendingAction[] => [
  ...(order.pendingReplace === null ? [] : (['REPLACE'] as const)),
  ...(order.pendingCancel ? (['CANCEL'] as const) : []),
];
