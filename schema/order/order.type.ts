import type { OrderSide, OrderType, TimeInForce, TrailingOffsetType } from '@omniquant/plugin-sdk';
import { Field, ID, Int } from 'type-graphql';

import type { HeldAt, OrderOrigin, OrderRole } from '../../core/orders/order.ts';
import type { OrderStatus, PendingAction } from '../../core/orders/status.ts';
import { PlainType } from '../object-type.ts';
import { PageInfo } from '../pagination/page-info.type.ts';
import { DateTime } from '../scalars/date-time.ts';
import { Decimal } from '../scalars/decimal.ts';
import {
  HeldAtEnum,
  OrderOriginEnum,
  OrderRoleEnum,
  OrderSideEnum,
  OrderStatusEnum,
  OrderTypeEnum,
  PendingActionEnum,
  TimeInForceEnum,
  TrailingOffsetTypeEnum,
} from './order.enum.ts';

/** `parent`, `legs`, `fills` and `events` are fields of the resolver. */
@PlainType()
export class Order {
  @Field(() => ID) id!: string;
  @Field(() => ID) accountId!: string;
  @Field(() => String) clientOrderId!: string;
  @Field(() => String, { nullable: true }) brokerOrderId!: string | null;
  @Field(() => ID, { nullable: true }) strategyId!: string | null;
  @Field(() => String) symbol!: string;
  @Field(() => OrderSideEnum) side!: OrderSide;
  @Field(() => OrderTypeEnum) type!: OrderType;
  @Field(() => TimeInForceEnum) timeInForce!: TimeInForce;
  @Field(() => DateTime, { nullable: true }) expireAt!: number | null;
  @Field(() => Decimal, {
    nullable: true,
    description: 'Quantity and leaves are null for a notional order until the venue has said them.',
  })
  quantity!: string | null;
  @Field(() => Decimal, { nullable: true }) notional!: string | null;
  @Field(() => Decimal) filledQuantity!: string;
  @Field(() => Decimal, { nullable: true }) leavesQuantity!: string | null;
  @Field(() => Decimal, { nullable: true }) averageFillPrice!: string | null;
  @Field(() => Decimal, { nullable: true }) limitPrice!: string | null;
  @Field(() => Decimal, { nullable: true }) stopPrice!: string | null;
  @Field(() => Decimal, {
    nullable: true,
    description: 'The trigger as it stands: what a trailing stop has moved to.',
  })
  triggerPrice!: string | null;
  @Field(() => Decimal, { nullable: true }) trailingOffset!: string | null;
  @Field(() => TrailingOffsetTypeEnum, { nullable: true }) trailingOffsetType!: TrailingOffsetType | null;
  @Field(() => Boolean) postOnly!: boolean;
  @Field(() => Boolean) reduceOnly!: boolean;
  @Field(() => Decimal, { nullable: true }) displayQuantity!: string | null;
  @Field(() => Boolean) extendedHours!: boolean;
  @Field(() => OrderStatusEnum) status!: OrderStatus;
  @Field(() => [PendingActionEnum]) pending!: readonly PendingAction[];
  @Field(() => String, { nullable: true }) reason!: string | null;
  @Field(() => Int) revision!: number;
  @Field(() => HeldAtEnum, {
    nullable: true,
    description:
      'Who watches the trigger or the waiting leg. At GATEWAY nothing protects while the gateway is down.',
  })
  heldAt!: HeldAt | null;
  @Field(() => OrderRoleEnum) role!: OrderRole;
  @Field(() => OrderOriginEnum) origin!: OrderOrigin;
  @Field(() => DateTime) createdAt!: number;
  @Field(() => DateTime) updatedAt!: number;
  @Field(() => String, {
    nullable: true,
    description:
      'W3C trace id of the request that created the order: the id to look up in the tracing system.',
  })
  traceId!: string | null;

  /** Of the bracket that it is a leg of. */
  parentId!: string | null;
  hasLegs!: boolean;
}

@PlainType({ description: '`totalCount` is null where counting would be costly.' })
export class OrderConnection {
  @Field(() => [Order]) nodes!: Order[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
  @Field(() => Int, { nullable: true }) totalCount!: number | null;
}
