import { ArgsType, Field, ID } from 'type-graphql';

import { PageArgs } from '../pagination/page.args.ts';
import { DateTime } from '../scalars/date-time.ts';
import { Decimal } from '../scalars/decimal.ts';
import { OrderFilter } from './order.input.ts';

@ArgsType()
export class OrdersArgs extends PageArgs {
  @Field(() => ID) accountId!: string;
  @Field(() => OrderFilter, { nullable: true }) filter?: OrderFilter | null;
}

@ArgsType()
export class FillsArgs extends PageArgs {
  @Field(() => ID) accountId!: string;
  @Field(() => String, { nullable: true }) symbol?: string | null;
  @Field(() => DateTime, { nullable: true }) from?: number | null;
  @Field(() => DateTime, { nullable: true }) to?: number | null;
}

@ArgsType()
export class ClosePositionArgs {
  @Field(() => ID) accountId!: string;
  @Field(() => String) symbol!: string;
  @Field(() => String) clientOrderId!: string;
  @Field(() => Decimal, { nullable: true, description: 'Null closes all of it.' }) quantity?: string | null;
}
