import { Args, Ctx, Mutation, Resolver } from 'type-graphql';

import type { TradingState } from '../../core/engine/account-event.ts';
import type { RequestContext } from '../context.ts';
import { GatewayTradingStateArgs } from './trading-state.args.ts';
import { TradingStateEnum } from './trading-state.enum.ts';

@Resolver()
export class TradingStateResolver {
  @Mutation(() => TradingStateEnum, {
    description: 'The kill switch for everything this gateway trades. ADMIN.',
  })
  setGatewayTradingState(
    @Args(() => GatewayTradingStateArgs) request: GatewayTradingStateArgs,
    @Ctx() context: RequestContext,
  ): Promise<TradingState> {
    return context.services.tradingState.setGateway(context, request);
  }
}
