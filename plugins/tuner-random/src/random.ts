import {
  type Candidate,
  defineTuner,
  parametersAt,
  SearchSpaceError,
  T,
  type TunerContext,
} from '@omniquant/plugin-sdk';
import { Random } from '@omniquant/plugin-sdk/random';

import { halton, MOST_DIMENSIONS } from './halton.ts';

type Saved = { readonly seed: number; readonly told: number };

const seedFrom = (ctx: TunerContext): number => Math.floor(ctx.random() * 2 ** 32);

/**
 * Parameters drawn at random: with few that matter it finds more in as many trials than a grid does (J. Bergstra and
 * Y. Bengio, "Random Search for Hyper-Parameter Optimization", Journal of Machine Learning Research 13, 2012).
 */
export const randomSearch = defineTuner({
  id: 'random',
  description: 'Points of the space at random, or evenly spread',
  config: T.Object(
    {
      trials: T.Integer({ minimum: 1, maximum: 1_000_000, default: 100, description: 'Candidates' }),
      sequence: T.Union([T.Literal('random'), T.Literal('halton')], {
        default: 'random',
        description: 'Drawn one by one, or a Halton sequence with a random shift, which leaves no large gaps',
      }),
    },
    { additionalProperties: false },
  ),
  candidates: (_, { trials }) => trials,
  create(space, { sequence, trials }, ctx) {
    const size = space.dimensions.length;
    if (sequence === 'halton' && size > MOST_DIMENSIONS) {
      throw new SearchSpaceError(
        '',
        `a Halton sequence is even in up to ${String(MOST_DIMENSIONS)} parameters, and there are ${String(size)}: ` +
          'take the sequence random',
      );
    }
    // A point is a function of its number, so that nothing else has to be kept.
    let seed = seedFrom(ctx);
    let given = 0;
    let told = 0;

    function candidateAt(index: number): Candidate {
      const random = Random.fromSeed('point', seed, sequence === 'halton' ? 'shift' : index);
      const draws = space.dimensions.map(() => random.fraction());
      const point = sequence === 'halton' ? halton(index + 1, draws) : draws;
      return { id: String(index + 1), parameters: parametersAt(space, point) };
    }

    return {
      ask(count) {
        const from = given;
        given = Math.min(trials, given + count);
        return Array.from({ length: given - from }, (_, index) => candidateAt(from + index));
      },
      tell() {
        told += 1;
      },
      snapshot: () => ({ seed, told }) satisfies Saved,
      restore(snapshot) {
        ({ seed, told } = snapshot as Saved);
        given = told;
      },
    };
  },
});
