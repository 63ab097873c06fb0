import type { Json } from '@omniquant/plugin-sdk';
import { bollingerBands, rsi } from '@omniquant/plugin-sdk/indicators';

/** Where a price is in its range. */
export interface Reading {
  /** LOW: cheap enough to buy, HIGH: dear enough to sell. */
  readonly zone: 'LOW' | 'INSIDE' | 'HIGH';
  /** What is left to the middle: above 0 while the price is below it. */
  readonly toMiddle: number;
}

export interface Signal {
  /** Bars until the first reading. */
  readonly warmup: number;
  /** Null until there is one. */
  update(close: number): Reading | null;
  snapshot(): Json;
  restore(snapshot: Json): void;
}

export interface SignalOptions {
  readonly signal: 'bollinger' | 'rsi';
  readonly period: number;
  readonly deviations: number;
  readonly oversold: number;
  readonly overbought: number;
}

const zoneOf = (value: number, low: number, high: number): Reading['zone'] => {
  if (value < low) return 'LOW';
  return value > high ? 'HIGH' : 'INSIDE';
};

const bollinger = ({ deviations, period }: SignalOptions): Signal => {
  const bands = bollingerBands({ period, deviations });
  return {
    warmup: bands.warmup,
    update(close) {
      const now = bands.update(close);
      if (now === null) return null;
      return { zone: zoneOf(close, now.lower, now.upper), toMiddle: now.middle - close };
    },
    snapshot: () => bands.snapshot(),
    restore: (saved) => bands.restore(saved),
  };
};

/** The RSI at which gains and losses are equal. */
const EVEN = 50;

const relativeStrength = ({ overbought, oversold, period }: SignalOptions): Signal => {
  const strength = rsi(period);
  return {
    warmup: strength.warmup,
    update(close) {
      const now = strength.update(close);
      return now === null ? null : { zone: zoneOf(now, oversold, overbought), toMiddle: EVEN - now };
    },
    snapshot: () => strength.snapshot(),
    restore: (saved) => strength.restore(saved),
  };
};

export const createSignal = (options: SignalOptions): Signal =>
  options.signal === 'rsi' ? relativeStrength(options) : bollinger(options);
