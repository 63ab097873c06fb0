import { createUnionType, Field } from 'type-graphql';

import type { DenialCode } from '../../core/risk/denial.ts';
import { PlainType } from '../object-type.ts';
import { Decimal } from '../scalars/decimal.ts';
import { JSONObject } from '../scalars/json-object.ts';
import { DenialCodeEnum } from './denial.enum.ts';
import { Order } from './order.type.ts';

@PlainType({ description: 'Durable, and on its way to the broker.' })
export class OrderPlaced {
  @Field(() => Order) order!: Order;
  @Field(() => Boolean, { description: 'The order was there already: the same client order id and content.' })
  replayed!: boolean;
}

@PlainType()
export class ReplaceRequested {
  @Field(() => Order) order!: Order;
}

@PlainType()
export class CancelRequested {
  @Field(() => Order) order!: Order;
}

@PlainType({ description: '`details` holds the numbers that were compared.' })
export class OrderDenied {
  @Field(() => DenialCodeEnum) code!: DenialCode;
  @Field(() => String) message!: string;
  @Field(() => JSONObject, { nullable: true }) details!: Readonly<Record<string, unknown>> | null;
  @Field(() => Order, {
    nullable: true,
    description:
      'The order that the denial was kept with, if it was. Beside `OrderPlaced.order`, which is never null, ask for it by an alias.',
  })
  order!: Order | null;
}

@PlainType()
export class OrderPreview {
  @Field(() => OrderDenied, { nullable: true }) denial!: OrderDenied | null;
  @Field(() => Decimal, { nullable: true }) notional!: string | null;
  @Field(() => Decimal, { nullable: true }) estimatedPrice!: string | null;
  @Field(() => Decimal, { nullable: true }) estimatedFees!: string | null;
  @Field(() => Decimal, { nullable: true }) buyingPowerAfter!: string | null;
  @Field(() => Decimal, { nullable: true }) positionAfter!: string | null;
}

export const PlaceOrderResult = createUnionType({
  name: 'PlaceOrderResult',
  types: () => [OrderPlaced, OrderDenied] as const,
  resolveType: (value) => ('code' in value ? OrderDenied : OrderPlaced),
});

export const ReplaceOrderResult = createUnionType({
  name: 'ReplaceOrderResult',
  types: () => [ReplaceRequested, OrderDenied] as const,
  resolveType: (value) => ('code' in value ? OrderDenied : ReplaceRequested),
});

export const CancelOrderResult = createUnionType({
  name: 'CancelOrderResult',
  types: () => [CancelRequested, OrderDenied] as const,
  resolveType: (value) => ('code' in value ? OrderDenied : CancelRequested),
});
