import { Field, ID } from 'type-graphql';

import type { Environment, TradingState } from '../../core/engine/account-event.ts';
import { enumType } from '../enum.ts';
import { PlainType } from '../object-type.ts';
import { RiskLimits } from '../risk/risk.type.ts';
import { Decimal } from '../scalars/decimal.ts';
import { TradingStateEnum } from '../trading-state/trading-state.enum.ts';
import { Balance, Position } from './holdings.type.ts';

export const EnvironmentEnum = enumType<Environment>('Environment', ['PAPER', 'LIVE']);

/** `risk` is a field of the resolver. */
@PlainType()
export class Account {
  @Field(() => ID) id!: string;
  @Field(() => ID) workspaceId!: string;
  @Field(() => String) name!: string;
  @Field(() => String) broker!: string;
  @Field(() => EnvironmentEnum) environment!: Environment;
  @Field(() => String) baseCurrency!: string;
  @Field(() => TradingStateEnum) tradingState!: TradingState;
  @Field(() => Decimal, {
    description: 'What depends on market prices is null while a needed price is missing or stale.',
  })
  cash!: string;
  @Field(() => [Balance]) balances!: Balance[];
  @Field(() => Decimal, { nullable: true }) equity!: string | null;
  @Field(() => Decimal, { nullable: true }) buyingPower!: string | null;
  @Field(() => Decimal, { nullable: true }) grossExposure!: string | null;
  @Field(() => Decimal, { nullable: true }) leverage!: string | null;
  @Field(() => Decimal) realizedPnl!: string;
  @Field(() => Decimal, { nullable: true }) unrealizedPnl!: string | null;
  @Field(() => Decimal, { nullable: true }) dailyPnl!: string | null;
  @Field(() => Decimal, { nullable: true }) drawdown!: string | null;
  @Field(() => [Position]) positions!: Position[];
  @Field(() => RiskLimits) limits!: RiskLimits;
}
