import type { SearchSpace } from '@omniquant/plugin-sdk';

import { searchedValues } from '../../../core/sweeps/dimension-places.ts';
import type { Parameters } from '../../../core/sweeps/evaluation.ts';

/** What is searched of parameters, for a table: in the order of the space. */
export const valuesOf = (space: SearchSpace, parameters: Parameters): readonly string[] => {
  const values = searchedValues(space, parameters);
  return space.dimensions.map(({ name }) => {
    const value = values[name] ?? null;
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
};
