import { ArgsType, Field, Int } from 'type-graphql';

/** The next page of a list. `first` is 1 to 500. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 50 }) first!: number;
  @Field(() => String, { nullable: true }) after?: string | null;
}
