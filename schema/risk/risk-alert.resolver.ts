import { Arg, Args, ArgsType, Ctx, Field, ID, Query, Resolver, Root, Subscription } from 'type-graphql';

import type { RequestContext } from '../context.ts';
import { pageSize, toConnection } from '../pagination/connection.ts';
import { positionAfter } from '../pagination/cursor.ts';
import { PageArgs } from '../pagination/page.args.ts';
import type { AccountAlert } from '../streams.ts';
import { RiskAlert, RiskAlertConnection } from './risk-alert.type.ts';
import { toRiskAlert } from './risk-view.ts';

@ArgsType()
class RiskAlertsArgs extends PageArgs {
  @Field(() => ID) accountId!: string;
}

interface StreamArgs {
  readonly accountId: string;
  readonly after?: string | null;
}

function position({ accountId, after }: StreamArgs, context: RequestContext): number | null {
  return positionAfter(after, (cursor) => context.services.streamCursors.decode(accountId, cursor));
}

async function openRiskAlerts(
  context: RequestContext,
  args: StreamArgs,
): Promise<AsyncIterable<AccountAlert>> {
  await context.services.streamAccess.account(context, args.accountId);
  return context.services.streams.riskAlerts(context, args.accountId, position(args, context));
}

@Resolver()
export class RiskAlertResolver {
  @Query(() => RiskAlertConnection, { description: 'Newest first.' })
  async riskAlerts(
    @Args(() => RiskAlertsArgs) args: RiskAlertsArgs,
    @Ctx() context: RequestContext,
  ): Promise<RiskAlertConnection> {
    const { risk, streamCursors } = context.services;
    const { accountId } = args;
    const page = await risk.alerts(context, accountId, pageSize(args.first), position(args, context));
    return toConnection(
      page,
      (alert) => toRiskAlert({ accountId, alert }, streamCursors),
      ({ seq }) => streamCursors.encode(accountId, seq),
    );
  }

  @Subscription(() => RiskAlert, {
    name: 'riskAlerts',
    subscribe: ({ args, context }) => openRiskAlerts(context as RequestContext, args as StreamArgs),
  })
  riskAlertStream(
    @Root() alert: AccountAlert,
    @Arg('accountId', () => ID) _accountId: string,
    @Arg('after', () => String, { nullable: true }) _after: string | null,
    @Ctx() context: RequestContext,
  ): RiskAlert {
    return toRiskAlert(alert, context.services.streamCursors);
  }
}
