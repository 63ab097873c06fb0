import type { BarInterval } from '@omniquant/plugin-sdk';
import { ArgsType, Field, Int } from 'type-graphql';

import { PageArgs } from '../pagination/page.args.ts';
import { DateTime } from '../scalars/date-time.ts';
import { BarIntervalEnum } from './market.enum.ts';

@ArgsType()
export class InstrumentsArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Part of a symbol or name, in any case.' })
  search?: string | null;
}

@ArgsType()
export class BarsArgs {
  @Field(() => String) symbol!: string;
  @Field(() => BarIntervalEnum) interval!: BarInterval;
  @Field(() => DateTime, { nullable: true }) from?: number | null;
  @Field(() => DateTime, { nullable: true, description: 'Exclusive.' }) to?: number | null;
  @Field(() => Int, { defaultValue: 500 }) first!: number;
  @Field(() => String, { nullable: true }) after?: string | null;
}
