import type { BarInterval } from '@omniquant/plugin-sdk';
import { Field, ID, Int } from 'type-graphql';

import type { StrategyRow } from '../../core/ports/read-model.ts';
import { enumType } from '../enum.ts';
import { BarIntervalEnum } from '../market/market.enum.ts';
import { PlainType } from '../object-type.ts';
import { DateTime } from '../scalars/date-time.ts';
import { Decimal } from '../scalars/decimal.ts';
import { JSONObject } from '../scalars/json-object.ts';

const StrategyStatusEnum = enumType<StrategyRow['status']>('StrategyStatus', [
  'STARTING',
  'RUNNING',
  'STOPPING',
  'STOPPED',
  'FAILED',
]);

@PlainType()
export class Strategy {
  @Field(() => ID) id!: string;
  @Field(() => ID) accountId!: string;
  @Field(() => String, { description: 'Id of the strategy extension.' }) strategy!: string;
  @Field(() => [String]) symbols!: readonly string[];
  @Field(() => BarIntervalEnum) interval!: BarInterval;
  @Field(() => JSONObject, { description: 'With the defaults of what was left out.' })
  config!: Readonly<Record<string, unknown>>;
  @Field(() => StrategyStatusEnum) status!: StrategyRow['status'];
  @Field(() => String, { nullable: true, description: 'The last failure, also after a restart.' })
  error!: string | null;
  @Field(() => DateTime, { nullable: true, description: 'Wall clock, as stoppedAt.' })
  startedAt!: number | null;
  @Field(() => DateTime, { nullable: true }) stoppedAt!: number | null;
  @Field(() => Decimal, { description: 'Of what its own orders have traded, in the base currency.' })
  realizedPnl!: string;
  @Field(() => Int) restarts!: number;
}

@PlainType()
export class StrategyEvent {
  @Field(() => DateTime) at!: number;
  @Field(() => String, { description: 'DEBUG, INFO, WARN or ERROR.' }) level!: string;
  @Field(() => String) message!: string;
  @Field(() => JSONObject, { nullable: true, description: 'What is no object is its member `value`.' })
  data!: Readonly<Record<string, unknown>> | null;
}
