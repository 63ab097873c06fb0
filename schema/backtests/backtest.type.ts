import type { OrderSide, OrderType } from '@omniquant/plugin-sdk';
import { Field, Float, ID } from 'type-graphql';

import type { OrderStatus } from '../../core/orders/status.ts';
import { BACKTEST_STATUSES, type BacktestStatus } from '../../core/ports/backtests.ts';
import { enumType } from '../enum.ts';
import { PlainType } from '../object-type.ts';
import { OrderSideEnum, OrderStatusEnum, OrderTypeEnum } from '../order/order.enum.ts';
import { PageInfo } from '../pagination/page-info.type.ts';
import { DateTime } from '../scalars/date-time.ts';
import { Decimal } from '../scalars/decimal.ts';
import { JSONObject } from '../scalars/json-object.ts';
import { Performance } from './performance.type.ts';

export const BacktestStatusEnum = enumType<BacktestStatus>('BacktestStatus', BACKTEST_STATUSES);

/** `orders`, `equityCurve` and `reportPath` are fields of the resolver. */
@PlainType()
export class Backtest {
  @Field(() => ID) id!: string;
  @Field(() => BacktestStatusEnum) status!: BacktestStatus;
  @Field(() => Float, { description: 'From 0 to 1, by market time; renewed once a second.' })
  progress!: number;
  @Field(() => String, { nullable: true, description: 'Code and message of what made it fail.' })
  error!: string | null;
  @Field(() => DateTime, { description: 'Wall clock.' }) createdAt!: number;
  @Field(() => JSONObject, { description: 'What is run, with all defaults.' })
  settings!: Readonly<Record<string, unknown>>;
  @Field(() => String, {
    nullable: true,
    description: 'Same input and seed give the same hash, on any machine.',
  })
  resultHash!: string | null;
  @Field(() => Float, { nullable: true, description: 'Bars, and events of the account.' })
  eventsProcessed!: number | null;
  @Field(() => Performance, { nullable: true }) performance!: Performance | null;
}

@PlainType()
export class BacktestConnection {
  @Field(() => [Backtest]) nodes!: Backtest[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
}

@PlainType({ description: 'An order of a backtest: it has no account, broker or trace.' })
export class BacktestOrder {
  @Field(() => ID) id!: string;
  @Field(() => String) symbol!: string;
  @Field(() => OrderSideEnum) side!: OrderSide;
  @Field(() => OrderTypeEnum) type!: OrderType;
  @Field(() => Decimal, { nullable: true }) quantity!: string | null;
  @Field(() => Decimal) filledQuantity!: string;
  @Field(() => Decimal, { nullable: true }) averageFillPrice!: string | null;
  @Field(() => Decimal, { description: 'In the currency of the instrument.' }) fees!: string;
  @Field(() => OrderStatusEnum) status!: OrderStatus;
  @Field(() => String, { nullable: true }) reason!: string | null;
  @Field(() => DateTime, { description: 'Market clock.' }) at!: number;
}

@PlainType()
export class BacktestOrderConnection {
  @Field(() => [BacktestOrder]) nodes!: BacktestOrder[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
}

@PlainType()
export class EquityPoint {
  @Field(() => DateTime, { description: 'Last bar of a trading day.' }) at!: number;
  @Field(() => Decimal) equity!: string;
  @Field(() => Float, { description: 'Below the highest equity so far, as a fraction of it: -0.1 is 10 %.' })
  drawdown!: number;
  @Field(() => Float, {
    nullable: true,
    description: 'What the starting cash would be worth in the benchmark, from its first day on.',
  })
  benchmark!: number | null;
}
