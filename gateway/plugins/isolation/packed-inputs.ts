import type { BarInterval } from '@omniquant/plugin-sdk';
import type { StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';

/**
 * Inputs as they cross to a worker: copying an object a bar costs several times what the strategy does with
 * it, so bars go as rows of numbers, which are handed over without a copy.
 */
export interface PackedInputs {
  /** What the rows of bars are of. */
  readonly series: readonly (readonly [symbol: string, interval: BarInterval])[];
  /**
   * Eight numbers a row: series, input's time, bar's time, open, high, low, close, volume. Of an outdated bar
   * the first is -2 - series.
   */
  readonly rows: Float64Array<ArrayBuffer>;
  /** Inputs that are no bars, in order; each has a row with series -1. */
  readonly others: readonly StrategyInput[];
}

const WIDTH = 8;

export function packInputs(inputs: readonly StrategyInput[]): PackedInputs {
  const rows = new Float64Array(inputs.length * WIDTH);
  const series: (readonly [string, BarInterval])[] = [];
  const others: StrategyInput[] = [];
  let last = -1;
  inputs.forEach((input, index) => {
    const at = index * WIDTH;
    if (input.kind !== 'bar') {
      rows[at] = -1;
      others.push(input);
      return;
    }
    const { bar } = input;
    const known = series[last];
    if (known?.[0] !== bar.symbol || known[1] !== bar.interval) {
      last = series.findIndex(([symbol, interval]) => symbol === bar.symbol && interval === bar.interval);
      if (last < 0) last = series.push([bar.symbol, bar.interval]) - 1;
    }
    rows[at] = input.isOutdated === true ? -2 - last : last;
    rows[at + 1] = input.at;
    rows[at + 2] = bar.at;
    rows[at + 3] = bar.open;
    rows[at + 4] = bar.high;
    rows[at + 5] = bar.low;
    rows[at + 6] = bar.close;
    rows[at + 7] = bar.volume;
  });
  return { series, rows, others };
}

export function unpackInputs({ others, rows, series }: PackedInputs): StrategyInput[] {
  const inputs: StrategyInput[] = [];
  let other = 0;
  for (let at = 0; at < rows.length; at += WIDTH) {
    const first = rows[at]!;
    const isOutdated = first < -1;
    const of = series[isOutdated ? -2 - first : first];
    if (of === undefined) {
      inputs.push(others[other]!);
      other += 1;
      continue;
    }
    const bar = {
      symbol: of[0],
      interval: of[1],
      at: rows[at + 2]!,
      open: rows[at + 3]!,
      high: rows[at + 4]!,
      low: rows[at + 5]!,
      close: rows[at + 6]!,
      volume: rows[at + 7]!,
    };
    inputs.push({ kind: 'bar', at: rows[at + 1]!, bar, ...(isOutdated && { isOutdated }) });
  }
  return inputs;
}
