import { Field, Float, Int } from 'type-graphql';

import type { PerformanceSummary } from '../../core/performance/summary.ts';
import { PlainType } from '../object-type.ts';
import { Decimal } from '../scalars/decimal.ts';

@PlainType({
  description:
    "Daily returns on the account's calendar, ddof 1, annualised by the calendar; null where undefined (never NaN, never a sentinel).",
})
export class Performance implements PerformanceSummary {
  @Field(() => Decimal) startEquity!: string;
  @Field(() => Decimal) endEquity!: string;
  @Field(() => Decimal) netProfit!: string;
  @Field(() => Decimal) totalFees!: string;
  @Field(() => Float, { nullable: true }) totalReturn!: number | null;
  @Field(() => Float, { nullable: true }) cagr!: number | null;
  @Field(() => Float, { nullable: true }) volatility!: number | null;
  @Field(() => Float, { nullable: true }) sharpe!: number | null;
  @Field(() => Float, { nullable: true }) probabilisticSharpe!: number | null;
  @Field(() => Float, { nullable: true }) sortino!: number | null;
  @Field(() => Float, { nullable: true }) calmar!: number | null;
  @Field(() => Float, { nullable: true }) omega!: number | null;
  @Field(() => Float, { nullable: true }) maxDrawdown!: number | null;
  @Field(() => Int, { nullable: true }) maxDrawdownDays!: number | null;
  @Field(() => Float, { nullable: true }) ulcerIndex!: number | null;
  @Field(() => Float, { nullable: true }) valueAtRisk95!: number | null;
  @Field(() => Float, { nullable: true }) conditionalValueAtRisk95!: number | null;
  @Field(() => Float, { nullable: true }) skewness!: number | null;
  @Field(() => Float, { nullable: true }) kurtosis!: number | null;
  @Field(() => Float, { nullable: true }) tailRatio!: number | null;
  @Field(() => Float, { nullable: true }) bestDay!: number | null;
  @Field(() => Float, { nullable: true }) worstDay!: number | null;
  @Field(() => Float, { nullable: true }) alpha!: number | null;
  @Field(() => Float, { nullable: true }) beta!: number | null;
  @Field(() => Float, { nullable: true }) informationRatio!: number | null;
  @Field(() => Float, { nullable: true }) trackingError!: number | null;
  @Field(() => Float, { nullable: true }) treynor!: number | null;
  @Field(() => Int) trades!: number;
  @Field(() => Float, { nullable: true }) winRate!: number | null;
  @Field(() => Float, { nullable: true }) profitFactor!: number | null;
  @Field(() => Decimal, { nullable: true }) expectancy!: string | null;
  @Field(() => Decimal, { nullable: true }) averageWin!: string | null;
  @Field(() => Decimal, { nullable: true }) averageLoss!: string | null;
  @Field(() => Float, { nullable: true }) payoffRatio!: number | null;
  @Field(() => Int) maxConsecutiveWins!: number;
  @Field(() => Int) maxConsecutiveLosses!: number;
  @Field(() => Float, { nullable: true }) averageTradeDurationSeconds!: number | null;
  @Field(() => Float, { nullable: true }) exposure!: number | null;
  @Field(() => Float, { nullable: true }) turnover!: number | null;
}
