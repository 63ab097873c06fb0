import type { BacktestSettings } from '../../core/backtest/backtest-spec.ts';
import { isInWholeUnits } from '../../core/backtest/corporate-actions.ts';
import type { TickSeries } from '../../core/backtest/tick-source.ts';
import { badSetting } from './bad-setting.ts';

/**
 * Single orders cannot be followed in fractions of a unit, in parts that no longer add up: throws BacktestError
 * BAD_USER_INPUT where a run takes L3 of a symbol whose units of before were not each split into whole ones.
 */
export function requireAdjustable(
  { splits = [] }: Pick<BacktestSettings, 'splits'>,
  ticks: readonly TickSeries[],
): void {
  const found = ticks.find(({ kind, symbol }) => kind === 'L3' && !isInWholeUnits(splits, symbol));
  if (found === undefined) return;
  throw badSetting(
    'data',
    `takes single orders (L3) of ${found.symbol}, which its splits turn into fractions: ` +
      'take QUOTES, TRADES or L2 instead, or prices ADJUSTED',
  );
}
