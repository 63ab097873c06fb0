import { StateHash } from '@omniquant/venue/book/state-hash';

import type { BacktestEquityPoint, BacktestFill, BacktestOrder } from './backtest-result.ts';
import type { BacktestSettings } from './backtest-spec.ts';
import type { Dividend, Split } from './corporate-actions.ts';

/**
 * 16 hexadecimal digits over all orders, fills and equity points, and over the splits and dividends that were applied,
 * member by member in the order of their names. It tells runs apart, and is no protection against somebody who wants two
 * runs to look alike.
 */
export function resultHash(
  orders: readonly BacktestOrder[],
  fills: readonly BacktestFill[],
  equity: readonly BacktestEquityPoint[],
  { dividends = [], splits = [] }: Pick<BacktestSettings, 'dividends' | 'splits'> = {},
): string {
  const hash = new StateHash();
  for (const rows of [orders, fills, equity]) {
    hash.add(rows.length);
    for (const row of rows) addRow(hash, row);
  }
  // Nothing of them in what was hashed before there were any. Which file had them in which order says nothing.
  for (const rows of [splits, dividends]) {
    if (rows.length === 0) continue;
    hash.add(rows.length);
    for (const row of rows.toSorted(byDay)) addRow(hash, row);
  }
  return hash.digest();
}

type Row = BacktestOrder | BacktestFill | BacktestEquityPoint | Split | Dividend;

const byDay = <A extends Split | Dividend>(one: A, other: A): number => {
  const [a, b] = [placeOf(one), placeOf(other)];
  return a === b ? 0 : a < b ? -1 : 1;
};

const placeOf = (action: Split | Dividend): string =>
  [
    action.symbol,
    action.exDay,
    'amount' in action ? action.amount : `${String(action.to)}:${String(action.from)}`,
  ].join(' ');

function addRow(hash: StateHash, row: Row): void {
  const members: [string, unknown][] = Object.entries(row);
  for (const [, value] of members.sort(([a], [b]) => (a < b ? -1 : 1))) addValue(hash, value);
}

/** Members are texts, numbers and null. */
function addValue(hash: StateHash, value: unknown): void {
  if (typeof value === 'number') hash.add(value);
  else if (typeof value !== 'string') hash.add(-1);
  else {
    hash.add(value.length);
    for (let index = 0; index < value.length; index += 1) hash.add(value.charCodeAt(index));
  }
}
