import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';

import type { EvaluationOrder } from '../../core/ports/sweeps.ts';
import type { RequestContext } from '../context.ts';
import { pageSize } from '../pagination/connection.ts';
import { positionAfter } from '../pagination/cursor.ts';
import { PageArgs } from '../pagination/page.args.ts';
import { EvaluationOrderEnum, Sweep, SweepBest, SweepEvaluationConnection } from './sweep.type.ts';
import {
  bestOf,
  evaluationOf,
  isWalkForward,
  leadingOf,
  type SweepNode,
  toEvaluationConnection,
  walkForwardOf,
} from './sweep-view.ts';
import { WalkForward } from './walk-forward.type.ts';

@Resolver(() => Sweep)
export class SweepFieldsResolver {
  @FieldResolver(() => SweepBest, {
    nullable: true,
    description: 'So far, while it runs. Null for a walk-forward: each of its windows has one.',
  })
  async best(@Root() sweep: SweepNode, @Ctx() context: RequestContext): Promise<SweepBest | null> {
    if (isWalkForward(sweep)) return null;
    if (sweep.resultHash === null) return leadingOf(sweep);
    const result = await context.loaders.sweepResults.load(sweep.id);
    return result && bestOf(result);
  }

  @FieldResolver(() => WalkForward, {
    nullable: true,
    description: 'Null for a sweep without one, and until it has ended.',
  })
  async walkForward(@Root() sweep: SweepNode, @Ctx() context: RequestContext): Promise<WalkForward | null> {
    if (sweep.resultHash === null || !isWalkForward(sweep)) return null;
    const result = await context.loaders.sweepResults.load(sweep.id);
    return result && walkForwardOf(result);
  }

  @FieldResolver(() => SweepEvaluationConnection, { description: 'Those that have come back.' })
  async evaluations(
    @Root() { id, settings }: SweepNode,
    @Args(() => PageArgs) { after, first }: PageArgs,
    @Arg('orderBy', () => EvaluationOrderEnum, { defaultValue: 'SCORE' }) orderBy: EvaluationOrder,
    @Ctx() context: RequestContext,
  ): Promise<SweepEvaluationConnection> {
    const wanted = { order: orderBy, first: pageSize(first), after: positionAfter(after, evaluationOf) };
    return toEvaluationConnection(await context.loaders.evaluations(wanted).load(id), settings);
  }
}
