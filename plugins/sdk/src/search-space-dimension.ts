import type { Json } from './strategy-effects.ts';

/**
 * One parameter that is searched: a number in a range, or one of some values.
 * @example
 * ```ts
 * const period: Dimension = { kind: 'range', name: 'period', low: 2, high: 200, step: 1, scale: 'linear' };
 * const method: Dimension = { kind: 'choice', name: 'fees.method', values: ['flat', 'tiered'] };
 * ```
 */
export type Dimension =
  | {
      readonly kind: 'range';
      /** Path of the parameter, e.g. "fast" or "fees.rate". */
      readonly name: string;
      /** Both included. */
      readonly low: number;
      readonly high: number;
      /** Values are `low`, `low + step`, and so on; null: any number between. */
      readonly step: number | null;
      /** `log`: 1 to 10 gets as much of the search as 10 to 100. */
      readonly scale: 'linear' | 'log';
    }
  | { readonly kind: 'choice'; readonly name: string; readonly values: readonly Json[] };

/**
 * How many values a dimension has; Infinity without steps.
 * @example
 * ```ts
 * pointsOf({ kind: 'range', name: 'share', low: 0, high: 0.3, step: 0.1, scale: 'linear' }); // 4
 * ```
 */
export function pointsOf(dimension: Dimension): number {
  if (dimension.kind === 'choice') return dimension.values.length;
  const { high, low, step } = dimension;
  if (low === high) return 1;
  return step === null ? Infinity : Math.floor((high - low) / step + ROUNDING) + 1;
}

/** Steps such as 0.1 do not fit exactly into ranges such as 0 to 0.3. */
const ROUNDING = 1e-9;
/** Digits that a value has: the last of a logarithm differ from machine to machine. */
const DIGITS = 12;

/**
 * The value of a dimension at a place from 0 to 1: values of equal weight share the places evenly, by orders of
 * magnitude on a log scale. The same on any machine: numbers have 12 digits.
 * @param place What is below 0 counts as 0, what is above 1 as 1.
 * @example
 * ```ts
 * const rate: Dimension = { kind: 'range', name: 'rate', low: 1e-4, high: 1, step: null, scale: 'log' };
 * valueAt(rate, 0.5); // 0.01
 * ```
 */
export function valueAt(dimension: Dimension, place: number): Json {
  const at = Math.min(1, Math.max(0, place));
  if (dimension.kind === 'choice') {
    const { values } = dimension;
    return values[Math.min(values.length - 1, Math.floor(at * values.length))] ?? null;
  }
  const { high, low, scale, step } = dimension;
  if (step === null) return rounded(scale === 'log' ? low * (high / low) ** at : low + (high - low) * at);
  const count = pointsOf(dimension);
  if (scale === 'linear') return rounded(low + step * Math.min(count - 1, Math.floor(at * count)));
  // Each value gets the places around it, up to half a step on either side.
  const [from, to] = [low - step / 2 > 0 ? low - step / 2 : low, low + step * (count - 0.5)];
  const nearest = Math.round((from * (to / from) ** at - low) / step);
  return rounded(low + step * Math.min(count - 1, Math.max(0, nearest)));
}

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));
