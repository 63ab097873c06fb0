/** What is not a number, or too large for one, is undefined: null. */
export const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The quotient of two statistics; null without one of them, or by zero. */
export const ratio = (numerator: number | null, denominator: number | null): number | null =>
  numerator === null || denominator === null || denominator === 0
    ? null
    : finiteOrNull(numerator / denominator);

const identity = (value: number): number => value;

/**
 * Compensated sum (Neumaier, ZAMM 54, 1974): the error stays at one rounding however long the series is
 * and whatever cancels in it.
 */
export const sumOf = (values: ArrayLike<number>, term: (value: number) => number = identity): number => {
  let sum = 0;
  let lost = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = term(values[index]!);
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
};

/** Null for an empty series. */
export const meanOf = (values: ArrayLike<number>): number | null =>
  values.length === 0 ? null : sumOf(values) / values.length;

/** Compounded growth of returns, the product of 1 + r less 1; 0 for none. */
export const compoundOf = (returns: ArrayLike<number>): number => {
  let growth = 1;
  for (let index = 0; index < returns.length; index += 1) growth *= 1 + returns[index]!;
  return growth - 1;
};
