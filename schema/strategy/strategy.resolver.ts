import { Arg, Ctx, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';

import type { StrategyNotice } from '../../core/ports/bus.ts';
import type { RequestContext } from '../context.ts';
import { StartStrategyInput } from './strategy.input.ts';
import { Strategy, StrategyEvent } from './strategy.type.ts';
import { openStrategyEvents } from './strategy-stream.ts';
import { toStrategy, toStrategyEvent } from './strategy-view.ts';

@Resolver()
export class StrategyResolver {
  @Query(() => [Strategy], {
    description: 'Those that run, then those that have ended; newest first, at most 500.',
  })
  async strategies(
    @Arg('accountId', () => ID) accountId: string,
    @Ctx() context: RequestContext,
  ): Promise<Strategy[]> {
    return (await context.services.strategies.all(context, accountId)).map(toStrategy);
  }

  @Query(() => Strategy, { nullable: true })
  async strategy(@Arg('id', () => ID) id: string, @Ctx() context: RequestContext): Promise<Strategy | null> {
    const row = await context.services.strategies.find(context, id);
    return row && toStrategy(row);
  }

  @Mutation(() => Strategy)
  async startStrategy(
    @Arg('input', () => StartStrategyInput) input: StartStrategyInput,
    @Ctx() context: RequestContext,
  ): Promise<Strategy> {
    return toStrategy(await context.services.strategies.start(context, input));
  }

  @Mutation(() => Strategy, { description: 'Safe to repeat.' })
  async stopStrategy(
    @Arg('id', () => ID) id: string,
    @Arg('cancelOpenOrders', () => Boolean, { defaultValue: true }) cancelOpenOrders: boolean,
    @Ctx() context: RequestContext,
  ): Promise<Strategy> {
    return toStrategy(await context.services.strategies.stop(context, id, cancelOpenOrders));
  }

  @Subscription(() => StrategyEvent, {
    description:
      'What the strategy logs, and its host about it, from now on until it has ended. To whoever is too slow the oldest are lost.',
    subscribe: ({ args, context }) =>
      openStrategyEvents(context as RequestContext, (args as { strategyId: string }).strategyId),
  })
  strategyEvents(
    @Root() notice: StrategyNotice,
    @Arg('strategyId', () => ID) _strategyId: string,
  ): StrategyEvent {
    return toStrategyEvent(notice);
  }
}
