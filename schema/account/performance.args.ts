import { ArgsType, Field } from 'type-graphql';

import { DateTime } from '../scalars/date-time.ts';
import type { PerformanceRange } from './performance-service.ts';

@ArgsType()
export class PerformanceArgs {
  @Field(() => DateTime, { nullable: true, description: 'From the trading day of this market time on.' })
  from?: number | null;
  @Field(() => DateTime, {
    nullable: true,
    description:
      'Exclusive: to the trading day of the instant before. Left out: to now, the day under way included.',
  })
  to?: number | null;
  @Field(() => String, { nullable: true, description: 'A symbol.' })
  benchmark?: string | null;
}

export const rangeOf = ({ benchmark, from, to }: PerformanceArgs): PerformanceRange => ({
  from: from ?? null,
  to: to ?? null,
  benchmark: benchmark ?? null,
});
