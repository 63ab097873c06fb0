/** A stranger's plugin of optimizers and of strategies that use some; it marks whatever imports it. */
import { readFileSync } from 'node:fs';

import { defineOptimizer, definePlugin, defineStrategy, log, T } from '@omniquant/plugin-sdk';

globalThis.importedStranger = true;

const told = (file) => {
  try {
    return `got ${String(readFileSync(file, 'utf8').length > 0)}`;
  } catch (error) {
    return error?.code ?? String(error);
  }
};

/** Tells what its optimizer says, and which files it can read. */
const weighs = defineStrategy({
  id: 'weighs',
  description: 'Uses an optimizer',
  config: T.Object({
    optimizer: T.String(),
    parameters: T.Record(T.String(), T.Unknown(), { default: {} }),
    files: T.Array(T.String(), { default: [] }),
  }),
  uses: ({ optimizer, parameters }) => ({
    optimizers: {
      weights: { id: optimizer, config: parameters, fields: { id: 'optimizer', config: 'parameters' } },
    },
  }),
  inputs: (_config, _run, tools) => ({ warmup: tools.optimizer('weights').bars }),
  create({ files }, ctx) {
    const assets = [
      { symbol: 'A', closes: [100, 101, 100, 101] },
      { symbol: 'B', closes: [100, 100, 104, 100] },
    ];
    return {
      onBar: () => [
        log('INFO', JSON.stringify(ctx.optimizer('weights').weights({ assets }))),
        ...files.map((file) => log('INFO', told(file))),
      ],
    };
  },
});

const usesMany = defineStrategy({
  id: 'uses-many',
  description: 'Names more than it may',
  config: T.Object({}),
  uses: () => ({
    optimizers: Object.fromEntries(
      Array.from({ length: 17 }, (_, at) => [`n${String(at)}`, { id: 'tilted' }]),
    ),
  }),
  create: () => ({}),
});

const optimizer = (id, behaviour) =>
  defineOptimizer({
    id,
    description: `Optimizer: ${id}`,
    config: T.Object({ tilt: T.Number({ minimum: 0, maximum: 1, default: 0.5 }) }),
    create: ({ tilt }) => ({ bars: 0, weights: () => ({ A: tilt, B: 1 - tilt }) }),
    ...behaviour,
  });

export default definePlugin({
  name: 'sandboxed-optimizers',
  version: '1.0.0',
  api: '^0.1.0',
  extensions: [
    weighs,
    usesMany,
    optimizer('tilted', {
      check: ({ tilt }) => (tilt === 1 ? { field: 'tilt', message: 'leaves nothing for the others' } : null),
    }),
    optimizer('never-checked', {
      check() {
        for (;;);
      },
    }),
    optimizer('never-made', {
      create() {
        throw new Error('a bug of its author');
      },
    }),
  ],
});
