import { type Dimension, type Json, pointsOf } from '@omniquant/plugin-sdk';

/** A range of numbers as the estimator sees it: on the scale on which it is searched. */
export interface NumberAxis {
  readonly kind: 'number';
  /** Of the coordinates; with steps half a step beyond the first and the last value. */
  readonly low: number;
  readonly high: number;
  /** Where the mass of a coordinate begins and ends; null without steps: it has a density there. */
  readonly cell: ((coordinate: number) => readonly [number, number]) | null;
  /** The coordinate that a value nearby stands for. */
  nearest(coordinate: number): number;
  value(coordinate: number): number;
}

export interface ChoiceAxis {
  readonly kind: 'choice';
  readonly values: readonly Json[];
}

export type Axis = NumberAxis | ChoiceAxis;

/** Digits that values of the SDK have. */
const DIGITS = 12;
const rounded = (value: number): number => Number(value.toPrecision(DIGITS));
const same = (value: number): number => value;

/** Coordinates of numbers are the numbers, or on a log scale their logarithms; those of choices their places. */
export function axisOf(dimension: Dimension): Axis {
  if (dimension.kind === 'choice') return { kind: 'choice', values: dimension.values };
  const { low, scale, step } = dimension;
  const [toScale, fromScale] = scale === 'log' ? [Math.log, Math.exp] : [same, same];
  if (step === null) {
    return {
      ...{ kind: 'number', low: toScale(low), high: toScale(dimension.high), cell: null },
      nearest: same,
      value: (coordinate) => Math.min(dimension.high, Math.max(low, rounded(fromScale(coordinate)))),
    };
  }
  const count = pointsOf(dimension);
  const indexOf = (coordinate: number): number =>
    Math.min(count - 1, Math.max(0, Math.round((fromScale(coordinate) - low) / step)));
  const at = (index: number): number => low + step * index;
  // On a log scale the first value begins at itself where half a step below it there is no logarithm.
  const edge = (value: number): number => toScale(scale === 'log' && value <= 0 ? low : value);
  return {
    ...{ kind: 'number', low: edge(low - step / 2), high: edge(at(count - 1) + step / 2) },
    cell(coordinate) {
      const value = at(indexOf(coordinate));
      return [edge(value - step / 2), edge(value + step / 2)];
    },
    nearest: (coordinate) => toScale(at(indexOf(coordinate))),
    value: (coordinate) => rounded(at(indexOf(coordinate))),
  };
}
