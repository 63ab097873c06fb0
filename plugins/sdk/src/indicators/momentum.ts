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

/** Momentum: the input less the one `period` before, in their units. First value: at input period + 1. */
export const momentum = (period = 10): Indicator<number, number> =>
  change('momentum', period, (now, before) => now - before);

/**
 * Rate of change in percent: 100 (x / x of `period` before - 1); null where that was 0. First value: at input
 * period + 1.
 */
export const rateOfChange = (period = 10): Indicator<number, number> =>
  change('rateOfChange', period, (now, before) => ratio(100 * (now - before), before));
