import {
  defineTuner,
  type GenerationSearch,
  inGenerations,
  parametersAt,
  pointsOf,
  type SearchSpace,
  T,
} from '@omniquant/plugin-sdk';

import { Distribution, type SavedDistribution } from './distribution.ts';
import { normalDraw } from './normal.ts';
import { usualPopulation } from './strategy-parameters.ts';

type Point = readonly number[];

type Saved = {
  readonly distribution: SavedDistribution;
  readonly generation: readonly Point[];
  readonly given: number;
  /** Best scores of the last generations of this start. */
  readonly recent: readonly number[];
};

/** Draws of a candidate until it lies within the space; what does not by then is put on its edge. */
const MOST_DRAWS = 100;
/** A search whose deviations are below this is over, in widths of the space; so is one whose axes differ this much. */
const LEAST_DEVIATION = 1e-9;
const MOST_CONDITION = 1e14;

const config = T.Object(
  {
    trials: T.Integer({ minimum: 2, maximum: 100_000, default: 200, description: 'Candidates' }),
    population: T.Integer({
      minimum: 0,
      maximum: 10_000,
      default: 0,
      description: 'Candidates of a generation, evaluated at the same time; 0 is 4 + 3 ln(parameters)',
    }),
    step: T.Number({
      minimum: 0.01,
      maximum: 1,
      default: 0.3,
      description: 'Standard deviation of the first candidates, in widths of the space',
    }),
  },
  { additionalProperties: false },
);

/**
 * CMA-ES: N. Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv 1604.00772, over the unit cube that the space is. When
 * it has come to an end it starts again elsewhere with twice as many candidates (A. Auger and N. Hansen, "A Restart CMA
 * Evolution Strategy With Increasing Population Size", CEC 2005). Choices are searched as if their order meant something.
 */
export const cmaEs = defineTuner({
  id: 'cma-es',
  description: 'Climbs: covariance matrix adaptation, for numbers that interact',
  config,
  check: ({ population }) =>
    population === 0 || population >= 4
      ? null
      : { field: 'population', message: 'has to be 0, or 4 or more' },
  candidates: (_, { trials }) => trials,
  create: (space, terms, ctx) => inGenerations(createSearch(space, terms, () => ctx.random())),
});

function createSearch(
  space: SearchSpace,
  {
    population,
    step,
    trials,
  }: { readonly trials: number; readonly population: number; readonly step: number },
  random: () => number,
): GenerationSearch {
  const size = space.dimensions.length;
  const first = population === 0 ? usualPopulation(size) : population;
  // Narrower than half of a value, a distribution would see no difference between candidates any more.
  const floors = space.dimensions.map((dimension) => {
    const points = pointsOf(dimension);
    return Number.isFinite(points) ? 0.5 / points : 0;
  });
  let distribution = Distribution.at(
    space.dimensions.map(() => 0.5),
    step,
    first,
  );
  let generation: readonly Point[] = [];
  let recent: readonly number[] = [];
  let given = 0;

  function draw(): Point {
    const spread = distribution.deviations;
    let point: Point = [];
    for (let attempt = 0; attempt < MOST_DRAWS; attempt += 1) {
      const drawn = distribution.at(floors.map(() => normalDraw(random)));
      point = drawn.map((value, index) => {
        const missing = floors[index]! ** 2 - spread[index]! ** 2;
        return missing > 0 ? value + Math.sqrt(missing) * normalDraw(random) : value;
      });
      if (point.every((value) => value >= 0 && value <= 1)) return point;
    }
    return point.map((value) => Math.min(1, Math.max(0, value)));
  }

  /** Nothing has come of the last generations, or nothing can. */
  function isDone(): boolean {
    const patience = 10 + Math.ceil((30 * size) / distribution.parameters.population);
    const last = recent.slice(-patience);
    const isFlat =
      last.length === patience && Math.max(...last) - Math.min(...last) <= 1e-12 * Math.abs(last[0]!);
    const isNarrow = distribution.deviations.every(
      (deviation, index) => deviation < Math.max(LEAST_DEVIATION, floors[index]! / 10),
    );
    return isFlat || isNarrow || !(distribution.condition < MOST_CONDITION);
  }

  function startAgain(candidates: number): void {
    const mean = space.dimensions.map(() => random());
    distribution = Distribution.at(mean, step, candidates);
    recent = [];
  }

  return {
    next() {
      const left = trials - given;
      const { population: candidates } = distribution.parameters;
      generation = Array.from({ length: Math.min(left, candidates) }, draw);
      given += generation.length;
      return generation.map((point) => parametersAt(space, point));
    },
    learn(scores) {
      const { population: candidates } = distribution.parameters;
      const scored = scores.filter((score) => score !== null);
      // Of no score nothing can be learnt but that this is no place to be.
      if (scored.length === 0) startAgain(candidates);
      else if (generation.length === candidates) {
        const ranked = generation
          .map((point, index) => ({ point, score: scores[index] ?? -Infinity }))
          .sort((a, b) => (a.score === b.score ? 0 : b.score - a.score));
        distribution.update(ranked.map(({ point }) => point));
        recent = [...recent, Math.max(...scored)].slice(-1_000);
        if (isDone()) startAgain(2 * candidates);
      }
    },
    save: () => ({ distribution: distribution.save(), generation, given, recent }) satisfies Saved,
    restore(saved) {
      ({ generation, given, recent } = saved as Saved);
      distribution = new Distribution((saved as Saved).distribution);
    },
  };
}
