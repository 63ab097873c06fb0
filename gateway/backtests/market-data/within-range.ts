import type { BarColumns } from '../../../core/backtest/bar-source.ts';
import type { BarRange } from './market-data-source.ts';

/** The first place from which on starts are at or after `at`. */
function placeOf(starts: Float64Array, at: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Columns from one place up to another, without copying. */
const slice = (columns: BarColumns, from: number, to: number): BarColumns => ({
  at: columns.at.subarray(from, to),
  open: columns.open.subarray(from, to),
  high: columns.high.subarray(from, to),
  low: columns.low.subarray(from, to),
  close: columns.close.subarray(from, to),
  volume: columns.volume.subarray(from, to),
});

/** The bars of a block that start in a range. */
export function withinRange(columns: BarColumns, { from, to }: BarRange): BarColumns {
  const first = from === null ? 0 : placeOf(columns.at, from);
  const end = to === null ? columns.at.length : placeOf(columns.at, to);
  return first === 0 && end === columns.at.length ? columns : slice(columns, first, Math.max(first, end));
}
