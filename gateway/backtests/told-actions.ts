import type { BacktestSettings } from '../../core/backtest/backtest-spec.ts';

const counted = (count: number, one: string): string => `${String(count)} ${one}${count === 1 ? '' : 's'}`;

/**
 * Which splits and dividends a run applied, and where they come from; null without any.
 * @example "1 split, 20 dividends; stored: AAPL (actions.csv)"
 */
export function toldActions({
  dividends = [],
  splits = [],
  storedActions = [],
}: Pick<BacktestSettings, 'dividends' | 'splits' | 'storedActions'>): string | null {
  const counts = [
    ...(splits.length === 0 ? [] : [counted(splits.length, 'split')]),
    ...(dividends.length === 0 ? [] : [counted(dividends.length, 'dividend')]),
  ];
  if (counts.length === 0) return null;
  const stored = storedActions.map(({ source, symbol }) => `${symbol} (${source})`);
  const isGivenToo =
    splits.length + dividends.length > storedActions.flatMap(({ actions }) => actions).length;
  const origins = [
    ...(stored.length === 0 ? [] : [`stored: ${stored.join(', ')}`]),
    ...(isGivenToo ? ['given with the request'] : []),
  ];
  return [counts.join(', '), ...origins].join('; ');
}
