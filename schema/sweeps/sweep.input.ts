import { Field, InputType, Int } from 'type-graphql';

import type { WalkForwardSettings } from '../../core/sweeps/sweep-settings.ts';
import { RunBacktestInput } from '../backtests/backtest.input.ts';
import { enumType } from '../enum.ts';
import { JSONObject } from '../scalars/json-object.ts';

export const WalkForwardModeEnum = enumType<WalkForwardSettings['mode']>(
  'WalkForwardMode',
  ['ROLLING', 'ANCHORED'],
  'ROLLING: every search has the same length. ANCHORED: every search begins with the first one.',
);

const ObjectiveDirectionEnum = enumType<'MAXIMIZE' | 'MINIMIZE'>('ObjectiveDirection', [
  'MAXIMIZE',
  'MINIMIZE',
]);

@InputType({
  description: "Search in one span, trial in the next, again and again. Calendar days of the market's clock.",
})
export class WalkForwardInput {
  @Field(() => WalkForwardModeEnum, { defaultValue: 'ROLLING' }) mode!: WalkForwardSettings['mode'];
  @Field(() => Int) trainDays!: number;
  @Field(() => Int) testDays!: number;
  @Field(() => Int, { nullable: true, description: 'Of a test when left out, and not less.' })
  stepDays?: number | null;
  @Field(() => Int, { defaultValue: 0, description: 'Left out between search and trial.' })
  embargoDays!: number;
}

@InputType({
  description:
    '`backtest` is what all runs have in common; its `config` has the parameters that are not searched.',
})
export class RunSweepInput {
  @Field(() => RunBacktestInput) backtest!: RunBacktestInput;
  @Field(() => JSONObject, {
    nullable: true,
    description:
      'By parameter a list of values, or {min, max, step, scale: LINEAR | LOG}; when left out all that the schema of the strategy gives a range or a choice.',
  })
  space?: Readonly<Record<string, unknown>> | null;
  @Field(() => String, {
    nullable: true,
    description: 'Id of a tuner extension; when left out grid up to 1000 points, else tpe.',
  })
  tuner?: string | null;
  @Field(() => JSONObject, { nullable: true, description: 'Checked against the schema of the tuner.' })
  tunerConfig?: Readonly<Record<string, unknown>> | null;
  @Field(() => String, { defaultValue: 'sharpe', description: 'A figure of Performance.' })
  objective!: string;
  @Field(() => ObjectiveDirectionEnum, {
    nullable: true,
    description: 'Where the figure gets better when left out.',
  })
  direction?: 'MAXIMIZE' | 'MINIMIZE' | null;
  @Field(() => Int, { defaultValue: 0, description: 'Runs with fewer closed trades count as failed.' })
  minimumTrades!: number;
  @Field(() => Int, { defaultValue: 0, description: "Of the tuner's chance; that of the runs is their own." })
  seed!: number;
  @Field(() => WalkForwardInput, { nullable: true }) walkForward?: WalkForwardInput | null;
}
