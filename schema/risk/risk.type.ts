import { Field, Float, Int } from 'type-graphql';

import { PlainType } from '../object-type.ts';
import { Decimal } from '../scalars/decimal.ts';

@PlainType({
  description:
    'Null is no limit. Defaults: 500000 position notional, leverage 2, concentration 0.25, drawdown 0.15, daily loss 10000.',
})
export class RiskLimits {
  @Field(() => Decimal, { nullable: true }) maxPositionNotional!: string | null;
  @Field(() => Decimal, { nullable: true }) maxOrderNotional!: string | null;
  @Field(() => Decimal, { nullable: true }) maxLeverage!: string | null;
  @Field(() => Decimal, { nullable: true }) maxConcentration!: string | null;
  @Field(() => Decimal, { nullable: true }) maxDrawdown!: string | null;
  @Field(() => Decimal, { nullable: true }) maxDailyLoss!: string | null;
  @Field(() => Int, { nullable: true }) maxOpenOrders!: number | null;
  @Field(() => Int, { nullable: true }) maxOrdersPerSecond!: number | null;
  @Field(() => Decimal, { nullable: true }) priceCollar!: string | null;
}

@PlainType({
  description:
    'One-day figures at 95 %, as positive losses in the base currency; null while there are too few returns.',
})
export class RiskMetrics {
  @Field(() => Decimal, { nullable: true }) valueAtRisk!: string | null;
  @Field(() => Decimal, { nullable: true }) conditionalValueAtRisk!: string | null;
  @Field(() => Float, { nullable: true }) volatility!: number | null;
  @Field(() => Float, { nullable: true }) beta!: number | null;
}
