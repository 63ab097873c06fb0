import { IndicatorError, shown } from './indicator-error.ts';

/** The squares of inputs, and products of two such, stay far from the end of the floats. */
const MAX_INPUT = 1e60;

/**
 * What indicators of the range need of a bar, in the price's units; the high may not be below the low. A bar of
 * `onBar` is one.
 *
 * @see {@link donchianChannel}
 */
export interface HighLow {
  readonly high: number;
  readonly low: number;
}

/**
 * What indicators of range and close need of a bar, in the price's units. A bar of `onBar` is one.
 *
 * @see {@link atr}
 */
export interface HighLowClose extends HighLow {
  readonly close: number;
}

/**
 * What indicators that weigh by volume need of a bar. A bar of `onBar` is one.
 *
 * @see {@link mfi}
 */
export interface HighLowCloseVolume extends HighLowClose {
  /** Units; 0 or more. */
  readonly volume: number;
}

/**
 * What {@link obv} needs of a bar; a bar of `onBar` is one.
 *
 * @see {@link obv}
 */
export interface CloseVolume {
  readonly close: number;
  /** Units; 0 or more. */
  readonly volume: number;
}

/**
 * Two series at the same time: the input of {@link hedgeRatio}, {@link correlation} and the like.
 *
 * @see {@link hedgeRatio}
 */
export interface Pair {
  /** What explains: the market, or the other leg. */
  readonly x: number;
  /** What is explained: the asset. */
  readonly y: number;
}

/** Throws {@link IndicatorError} unless the input is a finite number within 10^60. */
export const checkNumber = (input: number, parameter = 'input'): void => {
  if (typeof input === 'number' && Math.abs(input) <= MAX_INPUT) return;
  throw new IndicatorError(parameter, `${parameter} is ${shown(input)}: give a finite number within 1e60`);
};

/** Throws {@link IndicatorError} for what is not finite, or a high below the low. */
export const checkHighLow = (input: HighLow): void => {
  checkNumber(input.high, 'high');
  checkNumber(input.low, 'low');
  if (input.high >= input.low) return;
  throw new IndicatorError('high', `high is ${input.high} and low is ${input.low}: the bar is upside down`);
};

export const checkHighLowClose = (input: HighLowClose): void => {
  checkHighLow(input);
  checkNumber(input.close, 'close');
};

/** Throws {@link IndicatorError} unless it is a finite number from 0. */
export const checkVolume = (volume: number, parameter = 'volume'): void => {
  checkNumber(volume, parameter);
  if (volume >= 0) return;
  throw new IndicatorError(parameter, `${parameter} is ${volume}: give 0 or more`);
};

export const checkHighLowCloseVolume = (input: HighLowCloseVolume): void => {
  checkHighLowClose(input);
  checkVolume(input.volume);
};

export const checkCloseVolume = (input: CloseVolume): void => {
  checkNumber(input.close, 'close');
  checkVolume(input.volume);
};

export const checkPair = (input: Pair): void => {
  checkNumber(input.x, 'x');
  checkNumber(input.y, 'y');
};

/** The last bits of a typical price depend on the order of its sum. */
const ROUNDING = 2 ** -49;

/** Whether a difference of prices of that size is no more than rounding. */
export const isRounding = (difference: number, price: number): boolean =>
  Math.abs(difference) <= Math.abs(price) * ROUNDING;

/**
 * The typical price of a bar, (high + low + close) / 3, in the price's units.
 *
 * @example
 * ```ts
 * typicalPrice({ high: 12, low: 9, close: 12 }); // 11
 * ```
 */
export const typicalPrice = ({ high, low, close }: HighLowClose): number => (high + low + close) / 3;
