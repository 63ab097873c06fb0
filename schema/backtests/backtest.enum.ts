import type { BacktestDataKind } from '../../core/backtest/backtest-spec.ts';
import { enumType } from '../enum.ts';

export type BacktestPrices = 'RAW' | 'ADJUSTED';

export const BacktestPricesEnum = enumType<BacktestPrices>('BacktestPrices', ['RAW', 'ADJUSTED']);

export const BacktestDataKindEnum = enumType<BacktestDataKind>('BacktestDataKind', [
  'BARS',
  'QUOTES',
  'TRADES',
  'L2',
  'L3',
]);
