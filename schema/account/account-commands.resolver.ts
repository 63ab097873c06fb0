import { Arg, Args, Ctx, ID, Mutation, Resolver } from 'type-graphql';

import type { AccountView } from '../../core/ports/order-reader.ts';
import type { RequestContext } from '../context.ts';
import { RiskLimitsInput } from '../risk/risk.input.ts';
import { toLimits } from '../risk/risk-view.ts';
import { JSONObject } from '../scalars/json-object.ts';
import { AccountTradingStateArgs } from '../trading-state/trading-state.args.ts';
import { OpenAccountInput } from './account.input.ts';
import { Account } from './account.type.ts';
import { toAccount } from './account-view.ts';

function shown(view: AccountView, context: RequestContext): Account {
  return toAccount(view, context.services.accounts.prices(view));
}

@Resolver()
export class AccountCommandsResolver {
  @Mutation(() => Account)
  async openAccount(
    @Arg('input', () => OpenAccountInput) input: OpenAccountInput,
    @Ctx() context: RequestContext,
  ): Promise<Account> {
    return shown(await context.services.accounts.open(context, input), context);
  }

  @Mutation(() => Account)
  async setBrokerCredentials(
    @Arg('accountId', () => ID) accountId: string,
    @Arg('secrets', () => JSONObject) secrets: Readonly<Record<string, unknown>>,
    @Ctx() context: RequestContext,
  ): Promise<Account> {
    return shown(await context.services.accounts.setBrokerCredentials(context, accountId, secrets), context);
  }

  @Mutation(() => Account, { description: 'Omitted limits stay as they are; null lifts one.' })
  async setRiskLimits(
    @Arg('accountId', () => ID) accountId: string,
    @Arg('limits', () => RiskLimitsInput) limits: RiskLimitsInput,
    @Ctx() context: RequestContext,
  ): Promise<Account> {
    return shown(
      await context.services.accounts.setRiskLimits(context, accountId, toLimits(limits)),
      context,
    );
  }

  @Mutation(() => Account, {
    description:
      'ACTIVE trades; REDUCING accepts only what reduces exposure; HALTED accepts only cancels (the gateway itself may still flatten).',
  })
  async setTradingState(
    @Args(() => AccountTradingStateArgs) { accountId, ...request }: AccountTradingStateArgs,
    @Ctx() context: RequestContext,
  ): Promise<Account> {
    return shown(await context.services.accounts.setTradingState(context, accountId, request), context);
  }

  @Mutation(() => Account)
  async resolveMismatch(
    @Arg('accountId', () => ID) accountId: string,
    @Arg('symbol', () => String, { nullable: true, description: 'Null: all mismatches of the account.' })
    symbol: string | null | undefined,
    @Arg('reason', () => String) reason: string,
    @Ctx() context: RequestContext,
  ): Promise<Account> {
    const { accounts } = context.services;
    return shown(await accounts.resolveMismatch(context, accountId, symbol ?? null, reason), context);
  }
}
