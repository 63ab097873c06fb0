import type { OrderSide, OrderType, TimeInForce, TrailingOffsetType } from '@omniquant/plugin-sdk';
import { Field, ID, InputType } from 'type-graphql';

import type { OrderStatus } from '../../core/orders/status.ts';
import { DateTime } from '../scalars/date-time.ts';
import { Decimal } from '../scalars/decimal.ts';
import {
  OrderSideEnum,
  OrderStatusEnum,
  OrderTypeEnum,
  TimeInForceEnum,
  TrailingOffsetTypeEnum,
} from './order.enum.ts';

@InputType()
export class TakeProfitInput {
  @Field(() => Decimal) limitPrice!: string;
}

@InputType({ description: 'A stop price, or a trailing offset.' })
export class StopLossInput {
  @Field(() => Decimal, { nullable: true }) stopPrice?: string | null;
  @Field(() => Decimal, { nullable: true }) limitPrice?: string | null;
  @Field(() => Decimal, { nullable: true }) trailingOffset?: string | null;
  @Field(() => TrailingOffsetTypeEnum, { nullable: true }) trailingOffsetType?: TrailingOffsetType | null;
}

@InputType({
  description: `\`clientOrderId\` (1 to 64 of A-Z a-z 0-9 . _ : -) is made and kept by the client before it sends. For
ever after the same id with the same content answers with the same order (\`replayed: true\`); with
other content it is denied DUPLICATE_CLIENT_ORDER_ID. Exactly one of \`quantity\` and \`notional\`.`,
})
export class PlaceOrderInput {
  @Field(() => ID) accountId!: string;
  @Field(() => String) clientOrderId!: string;
  @Field(() => String) symbol!: string;
  @Field(() => OrderSideEnum) side!: OrderSide;
  @Field(() => OrderTypeEnum) type!: OrderType;
  @Field(() => Decimal, { nullable: true }) quantity?: string | null;
  @Field(() => Decimal, { nullable: true }) notional?: string | null;
  @Field(() => Decimal, { nullable: true }) limitPrice?: string | null;
  @Field(() => Decimal, { nullable: true }) stopPrice?: string | null;
  @Field(() => Decimal, { nullable: true }) trailingOffset?: string | null;
  @Field(() => TrailingOffsetTypeEnum, { nullable: true }) trailingOffsetType?: TrailingOffsetType | null;
  @Field(() => TimeInForceEnum, { defaultValue: 'DAY' }) timeInForce!: TimeInForce;
  @Field(() => DateTime, { nullable: true, description: 'Market time.' }) expireAt?: number | null;
  @Field(() => Boolean, { defaultValue: false }) postOnly!: boolean;
  @Field(() => Boolean, { defaultValue: false }) reduceOnly!: boolean;
  @Field(() => Decimal, { nullable: true }) displayQuantity?: string | null;
  @Field(() => Boolean, { defaultValue: false }) extendedHours!: boolean;
  @Field(() => TakeProfitInput, { nullable: true }) takeProfit?: TakeProfitInput | null;
  @Field(() => StopLossInput, { nullable: true }) stopLoss?: StopLossInput | null;
  @Field(() => ID, { nullable: true }) strategyId?: string | null;
}

@InputType({
  description:
    '`requestId` makes replacing idempotent. The order keeps its id over every replace; `revision` counts them.',
})
export class ReplaceOrderInput {
  @Field(() => ID) id!: string;
  @Field(() => String) requestId!: string;
  @Field(() => Decimal, { nullable: true }) quantity?: string | null;
  @Field(() => Decimal, { nullable: true }) limitPrice?: string | null;
  @Field(() => Decimal, { nullable: true }) stopPrice?: string | null;
  @Field(() => Decimal, { nullable: true }) trailingOffset?: string | null;
  @Field(() => TimeInForceEnum, { nullable: true }) timeInForce?: TimeInForce | null;
  @Field(() => DateTime, { nullable: true }) expireAt?: number | null;
}

@InputType()
export class OrderFilter {
  @Field(() => String, { nullable: true }) symbol?: string | null;
  @Field(() => [OrderStatusEnum], { nullable: true }) status?: OrderStatus[] | null;
  @Field(() => Boolean, { nullable: true }) open?: boolean | null;
  @Field(() => DateTime, { nullable: true, description: 'Created at or after, market time.' })
  from?: number | null;
  @Field(() => DateTime, { nullable: true, description: 'Created before, market time.' })
  to?: number | null;
  @Field(() => ID, { nullable: true }) strategyId?: string | null;
}
