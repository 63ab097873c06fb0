import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';

import { Performance } from '../backtests/performance.type.ts';
import type { RequestContext } from '../context.ts';
import { Account } from './account.type.ts';
import { PerformanceArgs, rangeOf } from './performance.args.ts';

@Resolver(() => Account)
export class AccountPerformanceResolver {
  @FieldResolver(() => Performance, {
    description:
      'Of whole trading days. Deposits and withdrawals are in no return; those of a day count from its beginning.',
  })
  performance(
    @Root() account: Account,
    @Args(() => PerformanceArgs) args: PerformanceArgs,
    @Ctx() context: RequestContext,
  ): Promise<Performance> {
    return context.loaders.performance(rangeOf(args)).load(account.id);
  }

  @FieldResolver(() => String, {
    description: 'Path on this gateway of the HTML report of the same days; it opens for an hour.',
  })
  reportPath(
    @Root() account: Account,
    @Args(() => PerformanceArgs) args: PerformanceArgs,
    @Ctx() context: RequestContext,
  ): string {
    return context.services.performance.reportPath(context, account.id, rangeOf(args));
  }
}
