import { Field, InputType, Int } from 'type-graphql';

import { Decimal } from '../scalars/decimal.ts';

@InputType()
export class RiskLimitsInput {
  @Field(() => Decimal, { nullable: true }) maxPositionNotional?: string | null;
  @Field(() => Decimal, { nullable: true }) maxOrderNotional?: string | null;
  @Field(() => Decimal, { nullable: true }) maxLeverage?: string | null;
  @Field(() => Decimal, { nullable: true }) maxConcentration?: string | null;
  @Field(() => Decimal, { nullable: true }) maxDrawdown?: string | null;
  @Field(() => Decimal, { nullable: true }) maxDailyLoss?: string | null;
  @Field(() => Int, { nullable: true }) maxOpenOrders?: number | null;
  @Field(() => Int, { nullable: true }) maxOrdersPerSecond?: number | null;
  @Field(() => Decimal, { nullable: true }) priceCollar?: string | null;
}
