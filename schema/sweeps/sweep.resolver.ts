import { Arg, Args, Ctx, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';

import type { SweepRow } from '../../core/ports/sweeps.ts';
import type { RequestContext } from '../context.ts';
import { pageSize } from '../pagination/connection.ts';
import { positionAfter } from '../pagination/cursor.ts';
import { PageArgs } from '../pagination/page.args.ts';
import { RunSweepInput } from './sweep.input.ts';
import { Sweep, SweepConnection } from './sweep.type.ts';
import { sweepOf, toSweep, toSweepConnection } from './sweep-view.ts';

async function openProgress(context: RequestContext, id: string): Promise<AsyncIterable<SweepRow>> {
  await context.services.streamAccess.sweep(context, id);
  return context.services.streams.sweepProgress(context, id);
}

@Resolver()
export class SweepResolver {
  @Query(() => Sweep, { nullable: true })
  async sweep(@Arg('id', () => ID) id: string, @Ctx() context: RequestContext): Promise<Sweep | null> {
    const row = await context.services.sweeps.find(context, id);
    return row && toSweep(row);
  }

  @Query(() => SweepConnection, { description: 'Newest first.' })
  async sweeps(
    @Args(() => PageArgs) { after, first }: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<SweepConnection> {
    const { sweeps } = context.services;
    return toSweepConnection(await sweeps.page(context, pageSize(first), positionAfter(after, sweepOf)));
  }

  @Mutation(() => Sweep, {
    description:
      'Many backtests that differ in their parameters, by a tuner. Checked at once, and run batch by batch.',
  })
  async runSweep(
    @Arg('input', () => RunSweepInput) input: RunSweepInput,
    @Ctx() context: RequestContext,
  ): Promise<Sweep> {
    return toSweep(await context.services.sweeps.run(context, input));
  }

  @Mutation(() => Sweep, { description: 'Safe to repeat; one that has ended stays as it is.' })
  async cancelSweep(@Arg('id', () => ID) id: string, @Ctx() context: RequestContext): Promise<Sweep> {
    return toSweep(await context.services.sweeps.cancel(context, id));
  }

  @Subscription(() => Sweep, {
    description:
      'As it stands, then whenever it has come further, until it has ended. To whoever is too slow only the latest is told.',
    subscribe: ({ args, context }) => openProgress(context as RequestContext, (args as { id: string }).id),
  })
  sweepProgress(@Root() row: SweepRow, @Arg('id', () => ID) _id: string): Sweep {
    return toSweep(row);
  }
}
