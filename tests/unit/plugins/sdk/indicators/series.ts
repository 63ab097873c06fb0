import { readFileSync } from 'node:fs';

import type { Indicator } from '../../../../../plugins/sdk/src/indicators.ts';

/** What all indicators can be fed from; a plain record, as a feed would build it. */
export interface TestBar {
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

export const barOf = (row: readonly (string | number)[]): TestBar => {
  const [open, high, low, close, volume] = row.map(Number);
  return { open: open!, high: high!, low: low!, close: close!, volume: volume! };
};

/** Everything that the indicator answers, one input after the other. */
export const outputsOf = <Input, Output>(
  indicator: Indicator<Input, Output>,
  inputs: readonly Input[],
): (Output | null)[] => inputs.map((input) => indicator.update(input));

/** The numbers of an output in the order of its fields; a trend or crossing counts as 1, -1 or 0. */
export const numbersOf = (output: unknown): (number | null)[] => {
  if (typeof output === 'number' || output === null) return [output];
  if (typeof output === 'string') {
    return [output === 'up' || output === 'above' ? 1 : output === 'none' ? 0 : -1];
  }
  return Object.values(output as Record<string, unknown>).flatMap(numbersOf);
};

/** The made-up market of reference.json, with what TA-Lib 0.8.2 and pandas 3.1.1 say of it (golden/reference.py). */
export const reference = JSON.parse(
  readFileSync(new URL('golden/reference.json', import.meta.url), 'utf8'),
) as {
  readonly bars: readonly (readonly number[])[];
  readonly values: Readonly<Record<string, readonly (readonly [number, number | readonly number[]])[]>>;
};

// Looked up once: a global of a test's context is found a hundred times slower than a variable.
const { floor, imul, max, min, round } = Math;

/** A random walk without end, from a seed; the same record is written over again, as nothing may keep it. */
export class Walk {
  readonly bar: TestBar = { open: 0, high: 0, low: 0, close: 100, volume: 0 };
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  /** Uniform in [0, 1): mulberry32. */
  draw(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Prices are in cents, from 10 to 1000 or so; now and then one is a hundred times as high. */
  step(): TestBar {
    const { bar } = this;
    const usual = bar.close > 1000 ? 100 : bar.close;
    const open = usual + (this.draw() - 0.5) * 0.2;
    const close = max(10, open * (1 + (this.draw() - 0.5) * 0.02) - (usual - 100) * 0.001);
    const factor = this.draw() < 0.0005 ? 100 : 1;
    const cents = (price: number): number => round(price * factor * 100) / 100;
    bar.open = cents(open);
    bar.close = cents(close);
    bar.high = max(bar.open, bar.close) + round(this.draw() * 50) / 100;
    bar.low = min(bar.open, bar.close) - round(this.draw() * 50) / 100;
    bar.volume = floor(this.draw() * 10_000);
    return bar;
  }
}
