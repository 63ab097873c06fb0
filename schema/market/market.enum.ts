import { BAR_INTERVALS, type BarInterval } from '@omniquant/plugin-sdk';

import type { MarketSession } from '../../core/market/calendar.ts';
import type { Instrument } from '../../core/market/instrument.ts';
import { enumType } from '../enum.ts';

export const AssetClassEnum = enumType<Instrument['assetClass']>('AssetClass', [
  'EQUITY',
  'CRYPTO',
  'FX',
  'FUTURE',
  'OPTION',
  'INDEX',
]);

export const MarketSessionEnum = enumType<MarketSession>('MarketSession', ['PRE', 'OPEN', 'POST', 'CLOSED']);

export const BarIntervalEnum = enumType<BarInterval>('BarInterval', BAR_INTERVALS);
