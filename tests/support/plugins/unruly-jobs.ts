/** A plugin of optimizers, models and tuners: some that misbehave, each in its own way, and some that do not. */
import {
  type Candidate,
  defineModel,
  defineOptimizer,
  definePlugin,
  defineTuner,
  type Json,
  ModelError,
  OptimizerError,
  parametersAt,
  proportionalWeights,
  T,
  type Weights,
} from '@omniquant/plugin-sdk';

const leaked: unknown[] = [];

const optimizer = (id: string, misbehave: () => void) =>
  defineOptimizer({
    ...{ id, description: `Optimizer: ${id}`, config: T.Object({}) },
    create: () => ({
      bars: 0,
      weights({ assets }): Weights {
        misbehave();
        return proportionalWeights(
          assets,
          assets.map(() => 1),
        );
      },
    }),
  });

const optimizers = [
  optimizer('steady', () => undefined),
  optimizer('throws', () => {
    throw new Error('a bug of its author');
  }),
  optimizer('refuses', () => {
    throw new OptimizerError('INFEASIBLE', 'no weights meet the bounds');
  }),
  optimizer('blocks', () => {
    for (;;);
  }),
  optimizer('exits', () => process.exit(7)),
  optimizer('leaks', () => {
    for (;;) leaked.push(Array.from({ length: 10_000 }, (_, index) => ({ index })));
  }),
  optimizer('hoards', () => {
    leaked.push(Array.from({ length: 600_000 }, (_, index) => ({ index })));
  }),
  optimizer('throws-later', () => {
    setTimeout(() => {
      throw new Error('too late');
    }, 20);
  }),
];

const lines = defineModel({
  ...{ id: 'line', description: 'A line through the data', config: T.Object({}) },
  train({ features, outputs, samples, targets }, _config, ctx) {
    const meanOf = (rows: readonly (readonly number[])[]): number =>
      rows.reduce((sum, [value = 0]) => sum + value, 0) / rows.length;
    const [x, y] = [meanOf(samples), meanOf(targets)];
    const spread = samples.reduce((sum, [value = 0]) => sum + (value - x) ** 2, 0);
    if (spread === 0) throw new ModelError('DEGENERATE', 'all samples are the same');
    const common = samples.reduce((sum, [value = 0], at) => sum + (value - x) * (targets[at]![0]! - y), 0);
    for (let done = 1; done <= 1_000; done += 1) ctx.progress(done / 1_000);
    const slope = common / spread;
    return { features: { ...features }, outputs, slope, offset: y - slope * x, luck: ctx.random() };
  },
  load: ({ features, offset, outputs, slope }) => ({
    ...{ features, outputs },
    predict: ([value = 0]) => [offset + slope * value],
  }),
});

const buffers = defineModel({
  ...{ id: 'buffers', description: 'Needs ever more memory outside the heap', config: T.Object({}) },
  async train() {
    for (;;) {
      leaked.push(Buffer.alloc(16 * 1_048_576, 1));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  },
  load: () => ({ features: { names: ['x'], steps: 1 }, outputs: ['y'], predict: () => [0] }),
});

type Saved = { readonly drawn: number; readonly open: readonly Candidate[] };

/** Draws candidates at random, four to a generation. */
const randomSearch = defineTuner({
  ...{ id: 'random-search', description: 'Tries parameters drawn at random' },
  config: T.Object({ trials: T.Integer({ minimum: 1, default: 12 }) }),
  create(space, { trials }, ctx) {
    let drawn = 0;
    let ready: Candidate[] = [];
    let open: Candidate[] = [];
    return {
      ask(count) {
        if (ready.length === 0 && open.length === 0) {
          const size = Math.min(4, trials - drawn);
          ready = Array.from({ length: size }, () => ({
            id: String((drawn += 1)),
            parameters: parametersAt(
              space,
              space.dimensions.map(() => ctx.random()),
            ),
          }));
        }
        const given = ready.splice(0, count);
        open.push(...given);
        return given;
      },
      tell(id) {
        open = open.filter((candidate) => candidate.id !== id);
        ready = ready.filter((candidate) => candidate.id !== id);
      },
      snapshot: (): Json => ({ drawn, open: [...open, ...ready] as unknown as Json }),
      restore(snapshot) {
        const saved = snapshot as unknown as Saved;
        drawn = saved.drawn;
        ready = [...saved.open];
      },
    };
  },
});

export default definePlugin({
  name: 'unruly-jobs',
  version: '1.0.0',
  api: '^0.1.0',
  extensions: [...optimizers, lines, buffers, randomSearch],
});
