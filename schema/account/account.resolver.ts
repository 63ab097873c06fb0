import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root, Subscription } from 'type-graphql';

import type { AccountView } from '../../core/ports/order-reader.ts';
import type { RequestContext } from '../context.ts';
import { RiskMetrics } from '../risk/risk.type.ts';
import { toRiskMetrics } from '../risk/risk-view.ts';
import { Account } from './account.type.ts';
import { openAccountUpdates } from './account-stream.ts';
import { toAccount } from './account-view.ts';

@Resolver(() => Account)
export class AccountResolver {
  @Query(() => [Account])
  async accounts(@Ctx() context: RequestContext): Promise<Account[]> {
    const { accounts } = context.services;
    return (await accounts.all(context)).map((view) => toAccount(view, accounts.prices(view)));
  }

  @Query(() => Account, { nullable: true })
  async account(@Arg('id', () => ID) id: string, @Ctx() context: RequestContext): Promise<Account | null> {
    const { accounts } = context.services;
    const view = await accounts.find(context, id);
    return view && toAccount(view, accounts.prices(view));
  }

  @FieldResolver(() => RiskMetrics)
  async risk(@Root() account: Account, @Ctx() context: RequestContext): Promise<RiskMetrics> {
    return toRiskMetrics(await context.loaders.risk.load(account.id), account.equity);
  }

  @Subscription(() => Account, {
    description: 'Balances and positions, at most ten times a second.',
    subscribe: ({ args, context }) =>
      openAccountUpdates(context as RequestContext, (args as { accountId: string }).accountId),
  })
  accountUpdates(
    @Root() view: AccountView,
    @Arg('accountId', () => ID) _accountId: string,
    @Ctx() context: RequestContext,
  ): Account {
    return toAccount(view, context.services.accounts.prices(view));
  }
}
