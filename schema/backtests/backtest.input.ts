import type { BarInterval } from '@omniquant/plugin-sdk';
import { Field, InputType, Int } from 'type-graphql';

import type { BacktestDataKind } from '../../core/backtest/backtest-spec.ts';
import { BarIntervalEnum } from '../market/market.enum.ts';
import { RiskLimitsInput } from '../risk/risk.input.ts';
import { DateTime } from '../scalars/date-time.ts';
import { Decimal } from '../scalars/decimal.ts';
import { JSONObject } from '../scalars/json-object.ts';
import { BacktestDataKindEnum, type BacktestPrices, BacktestPricesEnum } from './backtest.enum.ts';

@InputType({
  description:
    '`strategy` is the id of a strategy extension; `config` is checked against its schema. Bars that end up to `from` warm it up.',
})
export class RunBacktestInput {
  @Field(() => String) strategy!: string;
  @Field(() => JSONObject, { nullable: true }) config?: Readonly<Record<string, unknown>> | null;
  @Field(() => [String]) symbols!: readonly string[];
  @Field(() => BarIntervalEnum) interval!: BarInterval;
  @Field(() => [BacktestDataKindEnum], {
    nullable: true,
    description:
      'What orders trade in besides bars, where it is imported; BARS alone is nothing else. By default what the strategy and `fills` ask for.',
  })
  data?: readonly BacktestDataKind[] | null;
  @Field(() => BacktestPricesEnum, {
    nullable: true,
    description:
      'RAW, as traded, when left out: splits and dividends that were imported with the symbols are applied. ADJUSTED: they are in the prices already.',
  })
  prices?: BacktestPrices | null;
  @Field(() => DateTime, { nullable: true }) from?: number | null;
  @Field(() => DateTime, { nullable: true }) to?: number | null;
  @Field(() => Decimal, { defaultValue: '100000' }) startingCash!: string;
  @Field(() => JSONObject, { nullable: true, description: 'None when left out.' })
  fees?: Readonly<Record<string, unknown>> | null;
  @Field(() => JSONObject, { nullable: true, description: 'The best price when left out.' })
  fills?: Readonly<Record<string, unknown>> | null;
  @Field(() => Int, { defaultValue: 0 }) latencyMs!: number;
  @Field(() => Int, { defaultValue: 0 }) seed!: number;
  @Field(() => String, { nullable: true, description: 'A symbol that there are bars of.' })
  benchmark?: string | null;
  @Field(() => RiskLimitsInput, {
    nullable: true,
    description: 'Those that are left out are as of a new account; null lifts one.',
  })
  limits?: RiskLimitsInput | null;
}
