import { Field, InputType } from 'type-graphql';

import type { Environment } from '../../core/engine/account-event.ts';
import { Decimal } from '../scalars/decimal.ts';
import { JSONObject } from '../scalars/json-object.ts';
import { EnvironmentEnum } from './account.type.ts';

@InputType({
  description:
    '`broker` names a broker extension, e.g. "simulated"; `config` and `secrets` are checked against its schema.',
})
export class OpenAccountInput {
  @Field(() => String) name!: string;
  @Field(() => String) broker!: string;
  @Field(() => EnvironmentEnum, { defaultValue: 'PAPER' }) environment!: Environment;
  @Field(() => String, { defaultValue: 'USD' }) baseCurrency!: string;
  @Field(() => Decimal, { nullable: true }) startingCash?: string | null;
  @Field(() => JSONObject, { nullable: true }) config?: Readonly<Record<string, unknown>> | null;
  @Field(() => JSONObject, { nullable: true }) secrets?: Readonly<Record<string, unknown>> | null;
}
