import { describe, expect, it } from '@jest/globals';
import {
  defineModel,
  defineOptimizer,
  definePlugin,
  defineStrategy,
  defineTuner,
  parametersAt,
  T,
} from '@omniquant/plugin-sdk';

/*
 * What authors of optimizers, models and tuners must not be able to write. Each line below `@ts-expect-error` has to
 * fail to compile: should one ever compile, `npm run typecheck` fails here. The functions are never called.
 */

const unused = (..._values: readonly unknown[]): null => null;

const config = T.Object({ period: T.Integer({ default: 10 }) });

const optimizer = defineOptimizer({
  ...{ id: 'inferred', description: 'Its config has the types of its schema', config },
  create({ period }, ctx) {
    const bars: number = period + 1;
    // @ts-expect-error -- period is a number.
    const wrong: string = period;
    // @ts-expect-error -- An optimizer has no clock.
    const now: unknown = ctx.now;
    // @ts-expect-error -- Nor chance.
    const random: unknown = ctx.random;
    return {
      bars,
      weights({ assets }) {
        // @ts-expect-error -- Prices are what they were.
        assets[0]!.closes[0] = 1;
        return unused(wrong, now, random);
      },
    };
  },
});

defineOptimizer({
  ...{ id: 'async', description: 'Answers later', config },
  // @ts-expect-error -- A strategy calls it within its step: weights are there at once.
  create: () => ({ bars: 1, weights: () => Promise.resolve({}) }),
});

const model = defineModel({
  ...{ id: 'typed', description: 'Its artifact is what it was trained to', config },
  train: ({ outputs }) => ({ mean: 1, outputs }),
  load({ mean, outputs }) {
    const known: number = mean;
    // @ts-expect-error -- Training gives no such thing.
    const missing = (artifact: { readonly mean: number }): unknown => artifact.slope;
    unused(missing);
    return { features: { names: ['x'], steps: 1 }, outputs, predict: () => [known] };
  },
});

const tuner = defineTuner({
  ...{ id: 'once', description: 'Tries one', config },
  create: (space) => ({
    ask: () => [{ id: '1', parameters: parametersAt(space, []) }],
    tell(id, score) {
      // @ts-expect-error -- An evaluation that failed has no score.
      const known: number = score;
      unused(id, known);
    },
    snapshot: () => null,
    restore: () => undefined,
  }),
});

export const strategiesUseOptimizers = defineStrategy({
  ...{ id: 'uses', description: 'Uses an optimizer', config },
  uses: ({ period }) => ({ optimizers: { weights: { id: 'inferred', config: { period } } } }),
  inputs: (_config, _run, tools) => ({ warmup: tools.optimizer('weights').bars }),
  create(_config, ctx) {
    // @ts-expect-error -- What it is called is a name.
    const wrong = (): unknown => ctx.optimizer(1);
    return { onStart: () => void unused(wrong) };
  },
});

describe('the types of the contract', () => {
  it('let a plugin hold optimizers, models and tuners', () => {
    const plugin = definePlugin({
      ...{ name: 'all', version: '1.0.0', api: '^0.1.0' },
      extensions: [optimizer, model, tuner],
    });
    expect(plugin.extensions.map(({ kind }) => kind)).toEqual(['optimizer', 'model', 'tuner']);
  });
});
