import { type Dimension, type Json, pointsOf, valueAt } from '@omniquant/plugin-sdk';

/** Digits that values of the SDK have. */
const DIGITS = 12;

/** How many {@link valuesOf} gives. */
export function countOf(dimension: Dimension, points: number): number {
  const count = pointsOf(dimension);
  return Number.isFinite(count) ? count : points;
}

/** All values of a dimension; `points` of a range without steps, both ends among them, evenly on its scale. */
export function valuesOf(dimension: Dimension, points: number): readonly Json[] {
  if (dimension.kind === 'choice') return dimension.values;
  const { low, step } = dimension;
  const count = countOf(dimension, points);
  if (step !== null) {
    return Array.from({ length: count }, (_, index) => Number((low + step * index).toPrecision(DIGITS)));
  }
  return Array.from({ length: count }, (_, index) => valueAt(dimension, index / Math.max(1, count - 1)));
}
