import { Random } from '@omniquant/plugin-sdk/random';

import type { BarColumns } from '../../../core/backtest/bar-source.ts';

/** Bars of a random walk in cents, the same for the same seed; `startOf` gives the start of a bar. */
export function randomWalk(
  seed: string | number,
  count: number,
  startOf: (index: number) => number,
): BarColumns {
  const random = Random.fromSeed('walk', seed);
  const columns = {
    at: new Float64Array(count),
    open: new Float64Array(count),
    high: new Float64Array(count),
    low: new Float64Array(count),
    close: new Float64Array(count),
    volume: new Float64Array(count),
  };
  let price = 10_000;
  for (let index = 0; index < count; index += 1) {
    const open = Math.max(100, price + random.integer(-2, 2));
    price = Math.max(100, open + random.integer(-15, 15));
    columns.at[index] = startOf(index);
    columns.open[index] = open / 100;
    columns.close[index] = price / 100;
    columns.high[index] = (Math.max(open, price) + random.integer(0, 8)) / 100;
    columns.low[index] = (Math.min(open, price) - random.integer(0, 8)) / 100;
    columns.volume[index] = random.integer(100, 10_000);
  }
  return columns;
}
