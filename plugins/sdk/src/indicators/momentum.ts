import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { requirePeriod } from './parameters.ts';
import { ratio } from './ratio.ts';
import { Ring } from './ring.ts';

const change = (
  name: string,
  period: number,
  read: (now: number, before: number) => number | null,
): Indicator<number, number> => {
  const window = new Ring(requirePeriod('period', period) + 1);
  return indicator({
    name: `${name}(${period})`,
    warmup: period + 1,
    parts: [window],
    check: checkNumber,
    push: (value) => window.push(value),
    read: () => read(window.newest(), window.oldest()),
  });
};

/**
 * Momentum: the input less the one `period` before, in their units. First value: at input period + 1.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const moved = momentum(2);
 * [100, 101, 104, 99].map((close) => moved.update(close)); // [null, null, 4, -2]
 * ```
 */
export const momentum = (period = 10): Indicator<number, number> =>
  change('momentum', period, (now, before) => now - before);

/**
 * Rate of change in percent: 100 (x / x of `period` before - 1); null where that was 0. First value: at input
 * period + 1.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const moved = rateOfChange(1);
 * [100, 105, 84].map((close) => moved.update(close)); // [null, 5, -20]
 * ```
 */
export const rateOfChange = (period = 10): Indicator<number, number> =>
  change('rateOfChange', period, (now, before) => ratio(100 * (now - before), before));
