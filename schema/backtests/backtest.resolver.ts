import { Arg, Args, Ctx, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';

import type { BacktestRow } from '../../core/ports/backtests.ts';
import type { RequestContext } from '../context.ts';
import { pageSize } from '../pagination/connection.ts';
import { positionAfter } from '../pagination/cursor.ts';
import { PageArgs } from '../pagination/page.args.ts';
import { RunBacktestInput } from './backtest.input.ts';
import { Backtest, BacktestConnection } from './backtest.type.ts';
import { backtestOf, toBacktest, toBacktestConnection } from './backtest-view.ts';

async function openProgress(context: RequestContext, id: string): Promise<AsyncIterable<BacktestRow>> {
  await context.services.streamAccess.backtest(context, id);
  return context.services.streams.backtestProgress(context, id);
}

@Resolver()
export class BacktestResolver {
  @Query(() => Backtest, { nullable: true })
  async backtest(@Arg('id', () => ID) id: string, @Ctx() context: RequestContext): Promise<Backtest | null> {
    const row = await context.services.backtests.find(context, id);
    return row && toBacktest(row);
  }

  @Query(() => BacktestConnection, { description: 'Newest first.' })
  async backtests(
    @Args(() => PageArgs) { after, first }: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<BacktestConnection> {
    const { backtests } = context.services;
    const before = positionAfter(after, backtestOf);
    return toBacktestConnection(await backtests.page(context, pageSize(first), before));
  }

  @Mutation(() => Backtest, { description: 'Checked at once, and run when its turn comes.' })
  async runBacktest(
    @Arg('input', () => RunBacktestInput) input: RunBacktestInput,
    @Ctx() context: RequestContext,
  ): Promise<Backtest> {
    return toBacktest(await context.services.backtests.run(context, input));
  }

  @Mutation(() => Backtest, { description: 'Safe to repeat; one that has ended stays as it is.' })
  async cancelBacktest(@Arg('id', () => ID) id: string, @Ctx() context: RequestContext): Promise<Backtest> {
    return toBacktest(await context.services.backtests.cancel(context, id));
  }

  @Subscription(() => Backtest, {
    description:
      'As it stands, then whenever it has come further, until it has ended. To whoever is too slow only the latest is told.',
    subscribe: ({ args, context }) => openProgress(context as RequestContext, (args as { id: string }).id),
  })
  backtestProgress(@Root() row: BacktestRow, @Arg('id', () => ID) _id: string): Backtest {
    return toBacktest(row);
  }
}
