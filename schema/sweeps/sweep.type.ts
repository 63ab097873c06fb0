import { Field, Float, ID, Int } from 'type-graphql';

import { EVALUATION_ORDERS, type EvaluationOrder, type SweepStatus } from '../../core/ports/sweeps.ts';
import { BacktestStatusEnum } from '../backtests/backtest.type.ts';
import { Performance } from '../backtests/performance.type.ts';
import { enumType } from '../enum.ts';
import { PlainType } from '../object-type.ts';
import { PageInfo } from '../pagination/page-info.type.ts';
import { DateTime } from '../scalars/date-time.ts';
import { JSONObject } from '../scalars/json-object.ts';

export const EvaluationOrderEnum = enumType<EvaluationOrder>(
  'SweepEvaluationOrder',
  EVALUATION_ORDERS,
  'SCORE: best first, those without a score last. POSITION: as the search gave them out.',
);

const EvaluationStageEnum = enumType<'TRAIN' | 'TEST'>(
  'SweepStage',
  ['TRAIN', 'TEST'],
  'TEST: the best of a window of a walk-forward, in the days that its search has not seen.',
);

/** `best`, `walkForward` and `evaluations` are fields of the resolver. */
@PlainType()
export class Sweep {
  @Field(() => ID) id!: string;
  @Field(() => BacktestStatusEnum) status!: SweepStatus;
  @Field(() => Int, { description: 'Different runs that have come back.' }) evaluated!: number;
  @Field(() => Int, { description: 'Those of them that failed.' }) failed!: number;
  @Field(() => Int, { nullable: true, description: 'Runs in all; null where the tuner cannot say.' })
  total!: number | null;
  @Field(() => Int, { nullable: true, description: 'Until its end, with as many workers as now.' })
  etaSeconds!: number | null;
  @Field(() => String, { nullable: true, description: 'Code and message of what made it fail.' })
  error!: string | null;
  @Field(() => DateTime, { description: 'Wall clock, as all times of a sweep.' }) createdAt!: number;
  @Field(() => DateTime, { nullable: true }) startedAt!: number | null;
  @Field(() => DateTime, { nullable: true }) finishedAt!: number | null;
  @Field(() => JSONObject, { description: 'What is searched and run, with all defaults.' })
  settings!: Readonly<Record<string, unknown>>;
  @Field(() => String, {
    nullable: true,
    description: 'Same input and seed give the same hash, on any machines and with any number of workers.',
  })
  resultHash!: string | null;
}

@PlainType()
export class SweepConnection {
  @Field(() => [Sweep]) nodes!: Sweep[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
}

@PlainType({ description: 'The best parameters, and how much of them may be luck.' })
export class SweepBest {
  @Field(() => JSONObject) parameters!: Readonly<Record<string, unknown>>;
  @Field(() => Float, { description: 'The figure that was searched for.' }) objective!: number;
  @Field(() => Performance) performance!: Performance;
  @Field(() => String, { nullable: true, description: 'Of a backtest with these parameters.' })
  resultHash!: string | null;
  @Field(() => Float, {
    nullable: true,
    description:
      'Deflated Sharpe ratio: probability that the true one is above the best that luck gives to as many parameter sets. Null while the sweep runs.',
  })
  deflatedSharpe!: number | null;
  @Field(() => Float, {
    nullable: true,
    description:
      'That the best in sample is at or below the median out of sample: 0.5 is no better than a draw. Null while the sweep runs.',
  })
  probabilityOfOverfitting!: number | null;
}

@PlainType()
export class SweepEvaluation {
  @Field(() => String, { description: 'Hash of parameters, span and stage.' }) key!: string;
  @Field(() => JSONObject) parameters!: Readonly<Record<string, unknown>>;
  @Field(() => DateTime) from!: number;
  @Field(() => DateTime) to!: number;
  @Field(() => EvaluationStageEnum) stage!: 'TRAIN' | 'TEST';
  @Field(() => Int, { nullable: true, description: 'Of a walk-forward, from 0.' }) window!: number | null;
  @Field(() => Float, {
    nullable: true,
    description: 'The figure that is searched for; null for a run without one, and for a test.',
  })
  objective!: number | null;
  @Field(() => Performance, { nullable: true }) performance!: Performance | null;
  @Field(() => String, { nullable: true, description: 'Code and message of what made it fail.' })
  error!: string | null;
  @Field(() => String, { nullable: true, description: 'Of a backtest with these parameters.' })
  resultHash!: string | null;
}

@PlainType()
export class SweepEvaluationConnection {
  @Field(() => [SweepEvaluation]) nodes!: SweepEvaluation[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
}
