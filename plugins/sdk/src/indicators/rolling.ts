import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { MovingExtreme } from './moving-extreme.ts';
import { MovingSum } from './moving-sum.ts';
import { requirePeriod } from './parameters.ts';

const extreme = (name: string, period: number, sign: 1 | -1): Indicator<number, number> => {
  const window = new MovingExtreme(requirePeriod('period', period), sign);
  return indicator({
    name: `${name}(${period})`,
    warmup: period,
    parts: [window],
    check: checkNumber,
    push: (value) => window.push(value),
    read: () => window.extreme,
  });
};

/** Least of the last `period` inputs. First value: at input `period`. */
export const rollingMin = (period: number): Indicator<number, number> => extreme('rollingMin', period, -1);

/** Greatest of the last `period` inputs. First value: at input `period`. */
export const rollingMax = (period: number): Indicator<number, number> => extreme('rollingMax', period, 1);

/** Sum of the last `period` inputs; it does not drift. First value: at input `period`. */
export const rollingSum = (period: number): Indicator<number, number> => {
  const window = new MovingSum(requirePeriod('period', period));
  return indicator({
    name: `rollingSum(${period})`,
    warmup: period,
    parts: [window],
    check: checkNumber,
    push: (value) => window.push(value),
    read: () => window.sum,
  });
};
