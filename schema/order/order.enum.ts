import type { OrderSide, OrderType, TimeInForce, TrailingOffsetType } from '@omniquant/plugin-sdk';

import type { HeldAt, OrderOrigin, OrderRole } from '../../core/orders/order.ts';
import { ORDER_TYPES } from '../../core/orders/order-types.ts';
import type { OrderStatus, PendingAction } from '../../core/orders/status.ts';
import { enumType } from '../enum.ts';

export const OrderSideEnum = enumType<OrderSide>('OrderSide', ['BUY', 'SELL']);

export const OrderTypeEnum = enumType<OrderType>('OrderType', ORDER_TYPES);

export const TimeInForceEnum = enumType<TimeInForce>(
  'TimeInForce',
  ['DAY', 'GTC', 'GTD', 'IOC', 'FOK', 'OPG', 'CLS'],
  undefined,
  {
    DAY: 'Until the regular session ends.',
    GTC: 'Until canceled.',
    GTD: 'Until `expireAt`.',
    IOC: 'What does not trade at once is canceled.',
    FOK: 'All at once or nothing.',
    OPG: 'In the opening auction only.',
    CLS: 'In the closing auction only.',
  },
);

export const TrailingOffsetTypeEnum = enumType<TrailingOffsetType>(
  'TrailingOffsetType',
  ['PRICE', 'PERCENT'],
  undefined,
  { PRICE: 'An amount of price.', PERCENT: 'A fraction of the price: 0.05 is 5 %.' },
);

export const OrderStatusEnum = enumType<OrderStatus>(
  'OrderStatus',
  [
    'INITIALIZED',
    'DENIED',
    'HELD',
    'SUBMITTED',
    'IN_DOUBT',
    'ACCEPTED',
    'TRIGGERED',
    'PARTIALLY_FILLED',
    'FILLED',
    'CANCELED',
    'EXPIRED',
    'REJECTED',
  ],
  "Derived from the lifecycle and the fills. IN_DOUBT: sent, and the broker's answer is not known yet.",
);

export const PendingActionEnum = enumType<PendingAction>('PendingAction', ['REPLACE', 'CANCEL']);

export const HeldAtEnum = enumType<HeldAt>('HeldAt', ['GATEWAY', 'VENUE']);

export const OrderRoleEnum = enumType<OrderRole>('OrderRole', [
  'SIMPLE',
  'ENTRY',
  'TAKE_PROFIT',
  'STOP_LOSS',
]);

export const OrderOriginEnum = enumType<OrderOrigin>(
  'OrderOrigin',
  ['API', 'STRATEGY', 'GATEWAY', 'EXTERNAL'],
  'EXTERNAL: found at the venue, not placed here; shown, never touched.',
);

export type OrderResolution = 'NOT_AT_VENUE' | 'CANCELED' | 'EXPIRED';
export const OrderResolutionEnum = enumType<OrderResolution>('OrderResolution', [
  'NOT_AT_VENUE',
  'CANCELED',
  'EXPIRED',
]);
