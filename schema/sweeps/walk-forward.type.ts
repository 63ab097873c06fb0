import { Field, Float, Int } from 'type-graphql';

import type { DailyFigures } from '../../core/sweeps/stitched-performance.ts';
import { Performance } from '../backtests/performance.type.ts';
import { PlainType } from '../object-type.ts';
import { DateTime } from '../scalars/date-time.ts';
import { SweepBest } from './sweep.type.ts';

@PlainType({ description: 'What was best in a span, and what became of it in the days after it.' })
export class WalkForwardWindow {
  @Field(() => DateTime) trainFrom!: number;
  @Field(() => DateTime) trainTo!: number;
  @Field(() => DateTime) testFrom!: number;
  @Field(() => DateTime) testTo!: number;
  @Field(() => SweepBest, {
    nullable: true,
    description: 'Null where no run had a score: nothing was traded in the test then.',
  })
  best!: SweepBest | null;
  @Field(() => Performance, { nullable: true, description: 'Of the best in the days of the test.' })
  outOfSample!: Performance | null;
  @Field(() => String, { nullable: true, description: 'Code and message of what made the test fail.' })
  error!: string | null;
}

@PlainType({ description: 'Of daily returns; null where undefined.' })
export class DailyPerformance implements DailyFigures {
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
}

@PlainType()
export class WalkForward {
  @Field(() => [WalkForwardWindow]) windows!: WalkForwardWindow[];
  @Field(() => DailyPerformance, { description: 'Of all tests, one after the other.' })
  outOfSample!: DailyPerformance;
  @Field(() => Int, { description: 'Closed in all tests.' }) trades!: number;
  @Field(() => Float, {
    nullable: true,
    description:
      'Yearly growth out of sample over yearly growth in sample; null where the latter is no gain.',
  })
  efficiency!: number | null;
}
