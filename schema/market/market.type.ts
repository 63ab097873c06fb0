import type { BarInterval } from '@omniquant/plugin-sdk';
import type { Fixed } from '@omniquant/plugin-sdk/decimal';
import { Field, Float, Int } from 'type-graphql';

import type { MarketSession } from '../../core/market/calendar.ts';
import type { Instrument as CoreInstrument } from '../../core/market/instrument.ts';
import { PlainType } from '../object-type.ts';
import { PageInfo } from '../pagination/page-info.type.ts';
import { DateTime } from '../scalars/date-time.ts';
import { Decimal } from '../scalars/decimal.ts';
import { AssetClassEnum, BarIntervalEnum, MarketSessionEnum } from './market.enum.ts';

@PlainType()
export class MarketClock {
  @Field(() => DateTime) at!: number;
  @Field(() => Boolean) replayed!: boolean;
  @Field(() => Float) speed!: number;
  @Field(() => MarketSessionEnum) session!: MarketSession;
  @Field(() => DateTime, { nullable: true }) nextChangeAt!: number | null;
}

@PlainType()
export class Instrument {
  @Field(() => String) symbol!: string;
  @Field(() => String, { nullable: true }) name!: string | null;
  @Field(() => AssetClassEnum) assetClass!: CoreInstrument['assetClass'];
  @Field(() => String) currency!: string;
  @Field(() => Decimal) tickSize!: Fixed;
  @Field(() => Decimal) lotSize!: Fixed;
  @Field(() => Decimal) multiplier!: Fixed;
  @Field(() => Decimal) minQuantity!: Fixed;
  @Field(() => Boolean) shortable!: boolean;
  @Field(() => Boolean) fractionable!: boolean;
  @Field(() => String, { nullable: true }) exchange!: string | null;
}

@PlainType()
export class InstrumentConnection {
  @Field(() => [Instrument]) nodes!: Instrument[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
}

@PlainType()
export class Quote {
  @Field(() => String) symbol!: string;
  @Field(() => DateTime) at!: number;
  @Field(() => Decimal, { nullable: true }) bid!: Fixed | null;
  @Field(() => Decimal, { nullable: true }) ask!: Fixed | null;
  @Field(() => Decimal, { nullable: true }) bidSize!: Fixed | null;
  @Field(() => Decimal, { nullable: true }) askSize!: Fixed | null;
  @Field(() => Decimal, { nullable: true }) last!: Fixed | null;
}

@PlainType({
  description:
    '`at` is the start of the bar. An open bar is sent again as it grows; `revision` counts corrections of a closed one.',
})
export class Bar {
  @Field(() => String) symbol!: string;
  @Field(() => BarIntervalEnum) interval!: BarInterval;
  @Field(() => DateTime) at!: number;
  @Field(() => Decimal) open!: Fixed;
  @Field(() => Decimal) high!: Fixed;
  @Field(() => Decimal) low!: Fixed;
  @Field(() => Decimal) close!: Fixed;
  @Field(() => Decimal, { description: 'Zero where it is not known.' }) volume!: Fixed;
  @Field(() => Boolean) isClosed!: boolean;
  @Field(() => Int) revision!: number;
}

@PlainType()
export class BarConnection {
  @Field(() => [Bar]) nodes!: Bar[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
}
