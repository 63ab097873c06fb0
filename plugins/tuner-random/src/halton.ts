const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29];

/** Beyond, neighbouring dimensions run side by side for long. */
export const MOST_DIMENSIONS = PRIMES.length;

/**
 * A point of the sequence of J. H. Halton ("On the efficiency of certain quasi-random sequences of points", Numerische
 * Mathematik 2, 1960) in as many dimensions as there are shifts, each in [0, 1), turned by them modulo 1 (R. Cranley and
 * T. Patterson, SIAM Journal on Numerical Analysis 13, 1976).
 * @param index From 1.
 */
export const halton = (index: number, shifts: readonly number[]): number[] =>
  shifts.map((shift, dimension) => (radicalInverse(index, PRIMES[dimension] ?? 2) + shift) % 1);

/** The digits of a number mirrored at the point: 6 = 110 in base 2 is 0.011 = 3/8. */
export function radicalInverse(index: number, base: number): number {
  let value = 0;
  let weight = 1 / base;
  for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
    value += (rest % base) * weight;
    weight /= base;
  }
  return value;
}
