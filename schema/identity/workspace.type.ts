import { Field, ID, ObjectType } from 'type-graphql';

import { DateTime } from '../scalars/date-time.ts';

@ObjectType({ description: 'Owns accounts, strategies, backtests, keys and the roles of its members.' })
export class Workspace {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => DateTime)
  createdAt!: number;
}
