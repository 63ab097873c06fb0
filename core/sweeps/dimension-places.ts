import { type Dimension, type Json, pointsOf, type SearchSpace, valueAt } from '@omniquant/plugin-sdk';

import type { Parameters } from './evaluation.ts';

/** Values beyond which a dimension is looked at in bins of equal width. */
const MOST_BINS = 20;

/** A dimension in few places: its values, or the middles of bins. */
export interface Axis {
  readonly name: string;
  readonly values: readonly Json[];
}

export const axisOf = (dimension: Dimension): Axis => {
  const bins = binsOf(dimension);
  return {
    name: dimension.name,
    values: Array.from({ length: bins }, (_, bin) => valueAt(dimension, (bin + 0.5) / bins)),
  };
};

const binsOf = (dimension: Dimension): number => Math.min(MOST_BINS, pointsOf(dimension));

/** The bin of the axis that parameters fall into; null for a value that the dimension does not have. */
export function binOf(dimension: Dimension, parameters: Parameters): number | null {
  const value = valueIn(parameters, dimension.name);
  const bins = binsOf(dimension);
  if (dimension.kind === 'choice') {
    const text = JSON.stringify(value);
    const index = dimension.values.findIndex((each) => JSON.stringify(each) === text);
    return index < 0 ? null : Math.min(bins - 1, Math.floor((index / dimension.values.length) * bins));
  }
  if (typeof value !== 'number') return null;
  const { high, low, scale, step } = dimension;
  if (pointsOf(dimension) <= MOST_BINS) return step === null ? 0 : Math.round((value - low) / step);
  const place = scale === 'log' ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(bins - 1, Math.max(0, Math.floor(place * bins)));
}

/** The value at a path such as "fees.rate". */
function valueIn(parameters: Parameters, path: string): Json | undefined {
  let value: Json | undefined = parameters;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = (value as Readonly<Record<string, Json | undefined>>)[name];
  }
  return value;
}

/** What is searched of parameters, by path: what people look at. */
export const searchedValues = (
  { dimensions }: SearchSpace,
  parameters: Parameters,
): Readonly<Record<string, Json>> =>
  Object.fromEntries(dimensions.map(({ name }) => [name, valueIn(parameters, name) ?? null]));
