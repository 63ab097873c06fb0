import { packageFiles, type Template } from './package-files.ts';

const OPTIMIZER = (
  id: string,
): string => `import { defineOptimizer, proportionalWeights, T } from '@omniquant/plugin-sdk';

/** More of what has risen more. */
export const optimizer = defineOptimizer({
  id: '${id}',
  description: 'More of what has risen more',
  config: T.Object({
    period: T.Integer({ minimum: 1, maximum: 500, default: 20, description: 'Bars of the rise' }),
  }),
  create: ({ period }) => ({
    // As many closes of each asset as it is given.
    bars: period + 1,
    weights({ assets }) {
      const rises = assets.map(({ closes }) => Math.max(0, closes[closes.length - 1]! / closes[0]! - 1));
      // Weights in proportion, within the bounds of each asset. Null keeps what there is.
      return proportionalWeights(assets, rises.some((rise) => rise > 0) ? rises : rises.map(() => 1));
    },
  }),
});
`;

const OPTIMIZER_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';

import { lentOptimizer, optimizerConformance } from '@omniquant/plugin-sdk/testing';

import { optimizer } from './optimizer.js';

test('gives twice the weight to what has risen twice as much', async () => {
  const lent = await lentOptimizer(optimizer, { period: 2 });
  const weights = lent.weights({
    assets: [
      { symbol: 'A', closes: [100, 90, 120] },
      { symbol: 'B', closes: [100, 105, 110] },
    ],
  });
  assert.equal(weights?.['A']?.toFixed(6), '0.666667');
  assert.equal(weights?.['B']?.toFixed(6), '0.333333');
});

// What every optimizer has to pass: that its weights sum, keep the bounds, do not depend on the order, ...
for (const { number, title, run } of optimizerConformance(optimizer)) test(\`\${number} \${title}\`, run);
`;

export const optimizerTemplate: Template = (values) => ({
  ...packageFiles(values, 'optimizer'),
  'src/optimizer.ts': OPTIMIZER(values.id),
  'src/optimizer.test.ts': OPTIMIZER_TEST,
});
