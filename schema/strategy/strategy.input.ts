import type { BarInterval } from '@omniquant/plugin-sdk';
import { Field, ID, InputType } from 'type-graphql';

import { BarIntervalEnum } from '../market/market.enum.ts';
import { JSONObject } from '../scalars/json-object.ts';

@InputType({
  description:
    '`strategy` is the id of a strategy extension, 1 to 50 `symbols`; `config` is checked against its schema.',
})
export class StartStrategyInput {
  @Field(() => ID) accountId!: string;
  @Field(() => String) strategy!: string;
  @Field(() => [String]) symbols!: readonly string[];
  @Field(() => BarIntervalEnum) interval!: BarInterval;
  @Field(() => JSONObject, { nullable: true }) config?: Readonly<Record<string, unknown>> | null;
}
