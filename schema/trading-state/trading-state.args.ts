import { ArgsType, Field, ID } from 'type-graphql';

import type { TradingState } from '../../core/engine/account-event.ts';
import { TradingStateEnum } from './trading-state.enum.ts';

@ArgsType()
export class AccountTradingStateArgs {
  @Field(() => ID) accountId!: string;
  @Field(() => TradingStateEnum) state!: TradingState;
  @Field(() => Boolean, { defaultValue: false }) cancelOpenOrders!: boolean;
  @Field(() => String) reason!: string;
}

@ArgsType()
export class GatewayTradingStateArgs {
  @Field(() => TradingStateEnum) state!: TradingState;
  @Field(() => Boolean, { defaultValue: true }) cancelOpenOrders!: boolean;
  @Field(() => String) reason!: string;
}
