import { IndicatorError, shown } from './indicator-error.ts';

/** A longer window is taken for a mistake, rather than for a wish to fill the memory. */
const MAX_PERIOD = 1_000_000;

/** A number of inputs. Throws {@link IndicatorError} unless it is an integer from `minimum` to 1,000,000. */
export const requirePeriod = (parameter: string, period: number, minimum = 1): number => {
  if (!Number.isInteger(period) || period < minimum || period > MAX_PERIOD) {
    throw new IndicatorError(
      parameter,
      `${parameter} is ${shown(period)}: give an integer from ${minimum} to ${MAX_PERIOD}`,
    );
  }
  return period;
};

/** A factor, as the width of bands. Throws {@link IndicatorError} unless above 0 and at most `maximum`. */
export const requireFactor = (parameter: string, factor: number, maximum = 1_000_000): number => {
  if (typeof factor !== 'number' || !(factor > 0 && factor <= maximum)) {
    throw new IndicatorError(
      parameter,
      `${parameter} is ${shown(factor)}: give a number above 0 and at most ${maximum}`,
    );
  }
  return factor;
};

/** Throws {@link IndicatorError} unless `fast` is shorter than `slow`. */
export const requireFaster = (fast: number, slow: number): void => {
  if (fast >= slow) {
    throw new IndicatorError('fast', `fast is ${fast} and slow is ${slow}: fast has to be the shorter one`);
  }
};
