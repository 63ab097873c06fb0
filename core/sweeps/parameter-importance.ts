import type { Dimension, SearchSpace } from '@omniquant/plugin-sdk';

import { meanOf, sumOf } from '../performance/sums.ts';
import { type Axis, axisOf, binOf } from './dimension-places.ts';
import type { Parameters } from './evaluation.ts';

/** A parameter set with the figure that was searched for. */
export interface Scored {
  readonly parameters: Parameters;
  /** The higher the better. */
  readonly score: number;
}

/** How much of the differences between scores a parameter explains on its own. */
export interface ParameterImportance {
  readonly name: string;
  /** From 0 to 1; what parameters do together belongs to none of them. */
  readonly share: number;
}

/** The best objective of each pair of values, for a heat map. */
export interface ScoreGrid {
  readonly x: Axis;
  readonly y: Axis;
  /** A row for each value of y, a cell for each of x; null where nothing was tried. */
  readonly cells: readonly (readonly (number | null)[])[];
}

/**
 * Share of the variance of the scores between the values of a parameter, corrected for what chance puts there: epsilon
 * squared (T. Kelley, "An unbiased correlation ratio measure", Proceedings of the National Academy of Sciences 21, 1935),
 * not below 0. Most important first. Scores of a search are no even sample of the space: it is a hint, and no law.
 */
export function parameterImportance(
  { dimensions }: SearchSpace,
  trials: readonly Scored[],
): readonly ParameterImportance[] {
  return dimensions
    .map((dimension) => ({ name: dimension.name, share: shareOf(dimension, trials) }))
    .sort((a, b) => b.share - a.share);
}

function shareOf(dimension: Dimension, trials: readonly Scored[]): number {
  const groups = new Map<number, number[]>();
  for (const { parameters, score } of trials) {
    const bin = binOf(dimension, parameters);
    if (bin !== null) groups.set(bin, [...(groups.get(bin) ?? []), score]);
  }
  const all = [...groups.values()].flat();
  const total = squaresOf(all);
  const free = all.length - groups.size;
  if (free <= 0 || total === 0) return 0;
  const within = sumOf([...groups.values()].map(squaresOf));
  const between = total - within;
  return Math.max(0, (between - (groups.size - 1) * (within / free)) / total);
}

/** Of the distances to the mean. */
function squaresOf(values: readonly number[]): number {
  const mean = meanOf(values) ?? 0;
  return sumOf(values, (value) => (value - mean) ** 2);
}

/** Over the two parameters that matter most. Null with fewer than two. */
export function scoreGrid(
  { dimensions }: SearchSpace,
  importance: readonly ParameterImportance[],
  trials: readonly Scored[],
  sign: 1 | -1,
): ScoreGrid | null {
  const [x, y] = importance
    .slice(0, 2)
    .map(({ name }) => dimensions.find((dimension) => dimension.name === name));
  if (x === undefined || y === undefined) return null;
  const axes = { x: axisOf(x), y: axisOf(y) };
  const cells = axes.y.values.map(() => axes.x.values.map((): number | null => null));
  for (const { parameters, score } of trials) {
    const [column, row] = [binOf(x, parameters), binOf(y, parameters)];
    if (column === null || row === null) continue;
    const cell = cells[row]?.[column];
    if (cell === null || (cell !== undefined && score > cell * sign)) cells[row]![column] = score * sign;
  }
  return { ...axes, cells };
}
