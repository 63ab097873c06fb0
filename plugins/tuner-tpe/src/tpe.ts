import {
  type Candidate,
  defineTuner,
  type GenerationSearch,
  inGenerations,
  type Json,
  parametersOf,
  type SearchSpace,
  sizeOf,
  T,
} from '@omniquant/plugin-sdk';

import { axisOf } from './coordinates.ts';
import { type Parzen, parzenOf } from './parzen.ts';

type Trial = { readonly point: readonly number[]; readonly score: number | null };

type Saved = { readonly trials: readonly Trial[]; readonly generation: readonly (readonly number[])[] };

/** Of the trials, how many count as good: a tenth, 25 at most. */
const goodOf = (trials: number): number => Math.min(25, Math.ceil(0.1 * trials));
/** Attempts to find a point that was not tried before: where it is promising, and then anywhere. */
const ATTEMPTS = { promising: 8, anywhere: 50 } as const;

const config = T.Object(
  {
    trials: T.Integer({ minimum: 1, maximum: 100_000, default: 100, description: 'Candidates at most' }),
    startup: T.Integer({
      minimum: 2,
      maximum: 10_000,
      default: 10,
      description: 'Candidates at random, before there is something to learn from',
    }),
    draws: T.Integer({
      minimum: 1,
      maximum: 1_000,
      default: 24,
      description: 'Draws from the good ones, of which the most promising is taken',
    }),
    generation: T.Integer({
      minimum: 1,
      maximum: 1_000,
      default: 8,
      description: 'Candidates that can be evaluated at the same time; fewer learn more from each',
    }),
  },
  { additionalProperties: false },
);

interface Terms {
  readonly trials: number;
  readonly startup: number;
  readonly draws: number;
  readonly generation: number;
}

/**
 * Tree-structured Parzen estimator (J. Bergstra and others, "Algorithms for Hyper-Parameter Optimization", NIPS 24, 2011):
 * draws where good trials are dense, and takes what is most likely good rather than bad. A score of null counts as bad. A
 * point is not tried twice while there are others.
 */
export const tpe = defineTuner({
  id: 'tpe',
  description: 'Learns where good parameters lie: a tree-structured Parzen estimator',
  config,
  candidates: (space, { trials }) => Math.min(trials, sizeOf(space)),
  create: (space, terms, ctx) => inGenerations(createSearch(space, terms, () => ctx.random())),
});

function createSearch(space: SearchSpace, terms: Terms, random: () => number): GenerationSearch {
  const axes = space.dimensions.map(axisOf);
  const size = sizeOf(space);
  const tried = new Set<string>();
  let trials: Trial[] = [];
  let generation: (readonly number[])[] = [];

  const parametersAt = (point: readonly number[]): Candidate['parameters'] =>
    parametersOf([
      ...space.dimensions.map(({ name }, index) => [name, valueOf(point, index)] as const),
      ...Object.entries(space.fixed),
    ]);

  function valueOf(point: readonly number[], index: number): Json {
    const [axis, coordinate] = [axes[index]!, point[index]!];
    return axis.kind === 'choice' ? (axis.values[coordinate] ?? null) : axis.value(coordinate);
  }

  const keyOf = (point: readonly number[]): string =>
    JSON.stringify(axes.map((_, index) => valueOf(point, index)));

  const anywhere = (): readonly number[] =>
    axes.map((axis) =>
      axis.kind === 'choice'
        ? Math.floor(random() * axis.values.length)
        : axis.nearest(axis.low + (axis.high - axis.low) * random()),
    );

  /** One that was not tried, if there is one to be found soon; anywhere when the good ones lead to old ones only. */
  function fresh(draw: () => readonly number[]): readonly number[] {
    for (const [from, attempts] of [
      [draw, ATTEMPTS.promising],
      [anywhere, ATTEMPTS.anywhere],
    ] as const) {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const point = from();
        if (!tried.has(keyOf(point))) return point;
      }
    }
    return anywhere();
  }

  function take(draw: () => readonly number[]): void {
    const point = fresh(draw);
    tried.add(keyOf(point));
    generation.push(point);
  }

  /** The most promising of some draws from the good ones. */
  function promising(good: readonly Trial[], bad: readonly Trial[]): () => readonly number[] {
    const [likely, unlikely] = [good, bad].map((of) =>
      parzenOf(
        axes,
        of.map(({ point }) => point),
      ),
    ) as [Parzen, Parzen];
    return () => {
      let best = { point: likely.draw(random), promise: -Infinity };
      for (let draw = 0; draw < terms.draws; draw += 1) {
        const point = draw === 0 ? best.point : likely.draw(random);
        const promise = Math.log(likely.density(point)) - Math.log(unlikely.density(point));
        if (promise > best.promise) best = { point, promise };
      }
      return best.point;
    };
  }

  function learned(count: number): void {
    const scored = trials.filter((trial): trial is Trial & { score: number } => trial.score !== null);
    const chosen = new Set<Trial>(
      scored.toSorted((a, b) => b.score - a.score).slice(0, goodOf(trials.length)),
    );
    const good = trials.filter((trial) => chosen.has(trial));
    const bad = trials.filter((trial) => !chosen.has(trial));
    const draw = good.length === 0 ? anywhere : promising(good, bad);
    for (let index = 0; index < count; index += 1) take(draw);
  }

  return {
    next() {
      generation = [];
      const left = Math.min(terms.trials, size) - trials.length;
      if (trials.length === 0) {
        for (let index = 0; index < Math.min(left, terms.startup); index += 1) take(anywhere);
      } else learned(Math.min(left, terms.generation));
      return generation.map(parametersAt);
    },
    learn(scores) {
      trials = [...trials, ...generation.map((point, index) => ({ point, score: scores[index] ?? null }))];
    },
    save: () => ({ trials, generation }) satisfies Saved,
    restore(saved) {
      trials = [...(saved as Saved).trials];
      generation = [...(saved as Saved).generation];
      for (const point of [...trials.map((trial) => trial.point), ...generation]) tried.add(keyOf(point));
    },
  };
}
