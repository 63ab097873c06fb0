import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import {
  type Candidate,
  type Dimension,
  type SearchSpace,
  searchSpace,
  T,
  type TunerDefinition,
} from '@omniquant/plugin-sdk';
import { Random } from '@omniquant/plugin-sdk/random';
import { cmaEs } from '@omniquant/tuner-cma-es';
import { tpe } from '@omniquant/tuner-tpe';

import { strategyParameters } from '../../../../plugins/tuner-cma-es/src/strategy-parameters.ts';
import { halton, radicalInverse } from '../../../../plugins/tuner-random/src/halton.ts';
import { axisOf } from '../../../../plugins/tuner-tpe/src/coordinates.ts';
import { parzenOf } from '../../../../plugins/tuner-tpe/src/parzen.ts';

interface Reference {
  readonly constants: readonly {
    readonly dimensions: number;
    readonly population: number;
    readonly weights: readonly number[];
  }[];
  readonly evaluations: Readonly<Record<string, number>>;
  readonly parzen: readonly {
    readonly dimension: Dimension;
    readonly observations: readonly number[];
    readonly at: readonly number[];
    readonly logDensity: readonly number[];
  }[];
  readonly best: Readonly<Record<string, { readonly median: number; readonly worst: number }>>;
}

const reference = JSON.parse(readFileSync(new URL('reference.json', import.meta.url), 'utf8')) as Reference;

type Function = (x: readonly number[]) => number;

const numbersOf = ({ parameters }: Candidate): readonly number[] => Object.values(parameters).map(Number);

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const cube = (dimensions: number): SearchSpace =>
  searchSpace(
    T.Object(
      Object.fromEntries(
        Array.from({ length: dimensions }, (_, index) => [
          `x${String(index)}`,
          T.Number({ minimum: 0, maximum: 1 }),
        ]),
      ),
    ),
  );

/** The values of a search for the least one, up to `enough`. */
function search(
  given: unknown,
  space: SearchSpace,
  config: object,
  value: (candidate: Candidate) => number,
  seed: number,
  enough = -Infinity,
): readonly number[] {
  const random = Random.fromSeed('reference', seed);
  const definition = given as TunerDefinition;
  const tuner = definition.create(space, config, { random: () => random.fraction() });
  const values: number[] = [];
  for (let asked = tuner.ask(50); asked.length > 0; asked = tuner.ask(50)) {
    for (const candidate of asked) {
      const found = value(candidate);
      values.push(found);
      if (found <= enough) return values;
      tuner.tell(candidate.id, -found);
    }
  }
  return values;
}

describe('cma-es', () => {
  it.each(reference.constants)(
    'has the constants of pycma, $dimensions dimensions and $population candidates',
    ({ dimensions, population, ...expected }) => {
      const found = strategyParameters(dimensions, population);
      for (const [name, value] of Object.entries(expected)) {
        const [one, other] = [found[name as keyof typeof expected], value] as const;
        const [a, b] = [[one].flat(), [other].flat()];
        expect(a).toHaveLength(b.length);
        a.forEach((each, index) => {
          expect([name, each]).toEqual([name, expect.closeTo(b[index]!, 9)]);
        });
      }
    },
  );

  const shifted = (x: readonly number[]): readonly number[] => x.map((each) => each - 0.3);
  const functions: Readonly<Record<string, Function>> = {
    sphere: (x) => shifted(x).reduce((sum, each) => sum + each ** 2, 0),
    ellipsoid: (x) => shifted(x).reduce((sum, each, index) => sum + 10 ** index * each ** 2, 0),
    rosenbrock: (x) =>
      x
        .map((each) => 4 * each - 2)
        .reduce((sum, each, index, all) => {
          const next = all[index + 1];
          return next === undefined ? sum : sum + 100 * (next - each ** 2) ** 2 + (1 - each) ** 2;
        }, 0),
  };

  it.each(Object.entries(reference.evaluations))(
    'comes to the least %s in as many evaluations',
    (name, usual) => {
      const counts = Array.from({ length: 5 }, (_, seed) => {
        const least = functions[name]!;
        const config = { trials: 20_000, population: 0, step: 0.3 };
        return search(cmaEs, cube(5), config, (each) => least(numbersOf(each)), seed, 1e-9).length;
      });
      expect(median(counts) / usual).toBeGreaterThan(0.6);
      expect(median(counts) / usual).toBeLessThan(1.4);
    },
  );

  it('starts again where it sees no difference any more, and finds the better of two hills', () => {
    const two: Function = ([x = 0]) => Math.min((x - 0.9) ** 2, (x - 0.1) ** 2 + 0.01);
    const found = Array.from({ length: 5 }, (_, seed) => {
      const config = { trials: 1_500, population: 0, step: 0.1 };
      return Math.min(...search(cmaEs, cube(1), config, (each) => two(numbersOf(each)), seed));
    });
    expect(Math.max(...found)).toBeLessThan(1e-6);
  });

  it('finds whole numbers', () => {
    const space = searchSpace(
      T.Object({ a: T.Integer({ minimum: 1, maximum: 50 }), b: T.Integer({ minimum: 1, maximum: 200 }) }),
    );
    const value = (each: Candidate): number => {
      const [a = 0, b = 0] = numbersOf(each);
      return (a - 31) ** 2 + (a - b / 4) ** 2;
    };
    const found = Array.from({ length: 7 }, (_, seed) =>
      Math.min(...search(cmaEs, space, { trials: 300, population: 0, step: 0.3 }, value, seed)),
    );
    expect(found).toEqual(found.map(() => 0));
  });
});

describe('tpe', () => {
  it.each(reference.parzen.map((each) => ({ ...each, count: each.observations.length })))(
    'estimates the densities of optuna: $count of $dimension',
    ({ at, dimension, logDensity, observations }) => {
      const axis = axisOf(dimension);
      const isLog = dimension.kind === 'range' && dimension.scale === 'log';
      const coordinate = (value: number): number => (isLog ? Math.log(value) : value);
      const estimate = parzenOf(
        [axis],
        observations.map((each) => [coordinate(each)]),
      );
      at.forEach((value, index) => {
        expect(Math.log(estimate.density([coordinate(value)]))).toBeCloseTo(logDensity[index]!, 6);
      });
    },
  );

  const branin = ([x = 0, y = 0]: readonly number[]): number =>
    (y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6) ** 2 +
    10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
    10;
  const problems: Readonly<Record<string, { space: SearchSpace; value: (each: Candidate) => number }>> = {
    sphere: {
      space: cube(4),
      value: (each) => numbersOf(each).reduce((sum, x) => sum + (x - 0.3) ** 2, 0),
    },
    branin: {
      space: searchSpace(
        T.Object({ x0: T.Number({ minimum: -5, maximum: 10 }), x1: T.Number({ minimum: 0, maximum: 15 }) }),
      ),
      value: (each) => branin(numbersOf(each)),
    },
    mixed: {
      space: searchSpace(
        T.Object({
          x0: T.Integer({ minimum: 1, maximum: 100 }),
          x1: T.Union(['a', 'b', 'c', 'd'].map((each) => T.Literal(each))),
          x2: T.Number({ minimum: 1e-5, maximum: 1, 'x-scale': 'log' }),
        }),
      ),
      value: ({ parameters: { x0, x1, x2 } }) =>
        ((Number(x0) - 37) / 100) ** 2 +
        { a: 0.3, b: 0, c: 0.1, d: 0.5 }[x1 as 'a'] +
        (Math.log10(Number(x2)) + 3) ** 2 / 25,
    },
  };

  it.each(Object.entries(reference.best))(
    'finds as good a %s as optuna does',
    (name, { median: usual, worst }) => {
      const { space, value } = problems[name]!;
      const config = { trials: 100, startup: 10, draws: 24, generation: 1 };
      const found = Array.from({ length: 5 }, (_, seed) =>
        Math.min(...search(tpe, space, config, value, seed)),
      );
      // As far above its median as its worst, at most.
      expect(median(found)).toBeLessThan(worst + (worst - usual));
    },
  );
});

describe('Halton', () => {
  it('mirrors digits at the point, as the paper says', () => {
    const inBase = (base: number) => [1, 2, 3, 4, 5, 6].map((index) => radicalInverse(index, base));
    expect(inBase(2)).toEqual([1 / 2, 1 / 4, 3 / 4, 1 / 8, 5 / 8, 3 / 8]);
    expect(inBase(3)).toEqual([3, 6, 1, 4, 7, 2].map((ninths) => expect.closeTo(ninths / 9, 12)));
  });

  it('leaves no gap: of 2^k points each half of a half has as many', () => {
    const points = Array.from({ length: 64 }, (_, index) => halton(index + 1, [0.37])[0]!);
    for (let cell = 0; cell < 16; cell += 1) {
      const inCell = points.filter((point) => Math.floor(((point - 0.37 + 1) % 1) * 16) === cell);
      expect(inCell).toHaveLength(4);
    }
  });
});
