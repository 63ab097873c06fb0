import type { Liquidity } from '@omniquant/plugin-sdk';
import { Field, ID } from 'type-graphql';

import { enumType } from '../enum.ts';
import { PlainType } from '../object-type.ts';
import { PageInfo } from '../pagination/page-info.type.ts';
import { DateTime } from '../scalars/date-time.ts';
import { Decimal } from '../scalars/decimal.ts';

const LiquidityEnum = enumType<Liquidity>('Liquidity', ['MAKER', 'TAKER']);

@PlainType({
  description: 'Fees may follow later: null until known. `executionId` is unique within the venue order.',
})
export class Fill {
  @Field(() => ID) id!: string;
  @Field(() => ID) orderId!: string;
  @Field(() => String) executionId!: string;
  @Field(() => DateTime) at!: number;
  @Field(() => Decimal) price!: string;
  @Field(() => Decimal) quantity!: string;
  @Field(() => Decimal, { nullable: true }) fee!: string | null;
  @Field(() => String, { nullable: true }) feeCurrency!: string | null;
  @Field(() => LiquidityEnum, { nullable: true }) liquidity!: string | null;
  @Field(() => Boolean, { description: 'Taken back by the venue: it counts no more.' }) busted!: boolean;
}

@PlainType()
export class FillConnection {
  @Field(() => [Fill]) nodes!: Fill[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
}
