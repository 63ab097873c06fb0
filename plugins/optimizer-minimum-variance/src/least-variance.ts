import { OptimizerError } from '@omniquant/plugin-sdk';
import quadprog from 'quadprog';

import type { Matrix } from './covariance.ts';

/** Bounds of the weight of an asset. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/**
 * Added to each variance, which are about 1: of portfolios that vary the same, the most even one is taken, and a
 * covariance of assets that move as one stays positive definite.
 */
const RIDGE = 1e-8;

/** As quadprog wants them. */
const fromOne = <V>(values: readonly V[], first: V): V[] => [first, ...values];

/**
 * The weights within the bounds that sum to `total` and minimise w'Cw, by the dual method of D. Goldfarb and
 * A. Idnani ("A numerically stable dual method for solving strictly convex quadratic programs", Mathematical
 * Programming 27, 1983). Throws OptimizerError DEGENERATE when it fails.
 */
export function leastVariance(
  covariance: Matrix,
  bounds: readonly Bounds[],
  total: number,
): readonly number[] {
  const quadratic = covariance.map((row, index) =>
    fromOne(
      row.map((value, at) => value + (index === at ? RIDGE : 0)),
      0,
    ),
  );
  // A column a constraint: the sum, the minima, the maxima.
  const constraints = bounds.map((_, index) => {
    const own = bounds.map((_other, at) => (at === index ? 1 : 0));
    return fromOne([1, ...own, ...own.map((value) => -value)], 0);
  });
  const limits = [total, ...bounds.map(({ min }) => min), ...bounds.map(({ max }) => -max)];
  const { message, solution } = quadprog.solveQP(
    fromOne(quadratic, []),
    fromOne(
      bounds.map(() => 0),
      0,
    ),
    fromOne(constraints, []),
    fromOne(limits, 0),
    1,
  );
  if (message !== '') throw new OptimizerError('DEGENERATE', `the quadratic programme failed: ${message}`);
  return bounds.map(({ max, min }, index) => Math.max(min, Math.min(max, solution[index + 1] ?? NaN)));
}
