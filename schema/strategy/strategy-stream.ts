import type { StrategyNotice } from '../../core/ports/bus.ts';
import type { RequestContext } from '../context.ts';

export async function openStrategyEvents(
  context: RequestContext,
  strategyId: string,
): Promise<AsyncIterable<StrategyNotice>> {
  const { streamAccess, streams } = context.services;
  const accountId = await streamAccess.strategy(context, strategyId);
  return streams.strategyEvents(context, accountId, strategyId);
}
