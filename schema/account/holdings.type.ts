import { Field } from 'type-graphql';

import { PlainType } from '../object-type.ts';
import { Decimal } from '../scalars/decimal.ts';

@PlainType()
export class Balance {
  @Field(() => String) currency!: string;
  @Field(() => Decimal) total!: string;
  @Field(() => Decimal, { description: 'What open orders do not reserve; never below zero.' })
  available!: string;
}

@PlainType()
export class Position {
  @Field(() => String) symbol!: string;
  @Field(() => Decimal, { description: 'Signed: negative is short. Zero once closed.' }) quantity!: string;
  @Field(() => Decimal, { nullable: true }) averagePrice!: string | null;
  @Field(() => Decimal, { nullable: true }) marketPrice!: string | null;
  @Field(() => Decimal, { nullable: true }) marketValue!: string | null;
  @Field(() => Decimal, { nullable: true }) unrealizedPnl!: string | null;
  @Field(() => Decimal) realizedPnl!: string;
}
