import { Field } from 'type-graphql';

import { PlainType } from '../object-type.ts';

@PlainType()
export class PageInfo {
  @Field(() => Boolean) hasNextPage!: boolean;
  @Field(() => String, { nullable: true }) endCursor!: string | null;
}
