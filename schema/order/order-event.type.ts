import { Field } from 'type-graphql';

import { enumType } from '../enum.ts';
import { PlainType } from '../object-type.ts';
import { PageInfo } from '../pagination/page-info.type.ts';
import { DateTime } from '../scalars/date-time.ts';
import { Fill } from './fill.type.ts';
import type { ShownEventType } from './fold-order-events.ts';
import { Order } from './order.type.ts';

const OrderEventTypeEnum = enumType<ShownEventType>('OrderEventType', [
  'INITIALIZED',
  'DENIED',
  'HELD',
  'RELEASED',
  'SUBMITTED',
  'ACCEPTED',
  'REJECTED',
  'TRIGGERED',
  'REPLACE_REQUESTED',
  'REPLACED',
  'REPLACE_REJECTED',
  'CANCEL_REQUESTED',
  'CANCELED',
  'CANCEL_REJECTED',
  'EXPIRED',
  'FILLED',
  'FILL_BUSTED',
  'OVERFILLED',
  'RESIZED',
  'STOP_MOVED',
  'IN_DOUBT',
  'RECONCILED',
]);

@PlainType({
  description:
    '`order` is the order as it stood right after this event. `at` is market time, `recordedAt` the wall clock.',
})
export class OrderEvent {
  @Field(() => String) cursor!: string;
  @Field(() => OrderEventTypeEnum) type!: ShownEventType;
  @Field(() => DateTime) at!: number;
  @Field(() => DateTime) recordedAt!: number;
  @Field(() => Order) order!: Order;
  @Field(() => Fill, { nullable: true }) fill!: Fill | null;
}

@PlainType()
export class OrderEventConnection {
  @Field(() => [OrderEvent]) nodes!: OrderEvent[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
}
