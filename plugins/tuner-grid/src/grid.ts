import {
  type Candidate,
  defineTuner,
  parametersOf,
  type SearchSpace,
  SearchSpaceError,
  T,
} from '@omniquant/plugin-sdk';

import { countOf, valuesOf } from './dimension-values.ts';

/** More are no grid to be run, but one that nobody has counted. */
const MOST_POINTS = 1_000_000;

type Saved = { readonly told: number };

/** Every combination of values, the first parameter the slowest to change. */
export const grid = defineTuner({
  id: 'grid',
  description: 'Every combination of the values of the space',
  config: T.Object(
    {
      points: T.Integer({
        minimum: 2,
        maximum: 1_000,
        default: 10,
        description: 'Values of a parameter whose range has no steps, from its minimum to its maximum',
      }),
    },
    { additionalProperties: false },
  ),
  candidates: (space, { points }) => sizeOfGrid(space, points),
  create(space, { points }) {
    const size = sizeOfGrid(space, points);
    if (size > MOST_POINTS) {
      throw new SearchSpaceError(
        '',
        `its grid has ${String(size)} points, more than ${String(MOST_POINTS)}: search fewer parameters, or in longer steps`,
      );
    }
    const values = space.dimensions.map((dimension) => valuesOf(dimension, points));
    // Nothing is learnt from scores, so that the whole grid is one generation.
    let given = 0;
    let told = 0;

    function candidateAt(index: number): Candidate {
      let rest = index;
      const chosen = values.toReversed().map((each) => {
        const value = each[rest % each.length] ?? null;
        rest = Math.floor(rest / each.length);
        return value;
      });
      const named = space.dimensions.map(({ name }, place) => [name, chosen.at(-1 - place) ?? null] as const);
      return { id: String(index + 1), parameters: parametersOf([...named, ...Object.entries(space.fixed)]) };
    }

    return {
      ask(count) {
        const from = given;
        given = Math.min(size, given + count);
        return Array.from({ length: given - from }, (_, index) => candidateAt(from + index));
      },
      tell() {
        told += 1;
      },
      snapshot: () => ({ told }) satisfies Saved,
      restore(snapshot) {
        ({ told } = snapshot as Saved);
        given = told;
      },
    };
  },
});

const sizeOfGrid = ({ dimensions }: SearchSpace, points: number): number =>
  dimensions.reduce((size, dimension) => size * countOf(dimension, points), 1);
