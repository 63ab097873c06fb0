import { packageFiles, type Template } from './package-files.ts';

const STRATEGY = (
  id: string,
): string => `import { defineStrategy, log, place, T } from '@omniquant/plugin-sdk';

/** Above 0, with at most nine digits before the point and nine behind it. */
const QUANTITY = '^(?=.*[1-9])\\\\d{1,9}(\\\\.\\\\d{1,9})?$';

/** Buys when the close is above its moving average, and sells when it is below. */
export const strategy = defineStrategy({
  id: '${id}',
  description: 'Follows a moving average',
  config: T.Object({
    period: T.Integer({ minimum: 2, maximum: 500, default: 20, description: 'Bars of the average' }),
    quantity: T.String({ pattern: QUANTITY, default: '1', description: 'Units to hold, above 0' }),
  }),
  // As many bars of the past as the average needs come before the first that counts.
  inputs: ({ period }) => ({ warmup: period }),
  create({ period, quantity }) {
    const closes = new Map<string, number[]>();
    return {
      *onBar({ symbol, close }, { portfolio }) {
        const last = [...(closes.get(symbol) ?? []), close].slice(-period);
        closes.set(symbol, last);
        if (last.length < period || portfolio.orders.some((order) => order.symbol === symbol)) return;
        const average = last.reduce((sum, each) => sum + each, 0) / period;
        const held = portfolio.position(symbol);
        if (close > average && held <= 0) {
          yield log('INFO', 'above the average', { symbol, close, average });
          yield place({ symbol, side: 'BUY', quantity });
        }
        if (close < average && held > 0) {
          yield log('INFO', 'below the average', { symbol, close, average });
          yield place({ symbol, side: 'SELL', quantity });
        }
      },
      // What it needs to go on after a restart; the gateway keeps it together with its orders.
      snapshot: () => [...closes].map(([symbol, last]) => [symbol, last]),
      restore(snapshot) {
        for (const [symbol, last] of snapshot as unknown as [string, number[]][]) closes.set(symbol, last);
      },
    };
  },
});
`;

const STRATEGY_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';

import { barsOf, replay, strategyConformance } from '@omniquant/plugin-sdk/testing';

import { strategy } from './strategy.js';

test('buys above its average, and sells below it', async () => {
  const bars = barsOf([10, 10, 10, 13, 14, 14, 9, 8, 8], { symbol: 'AAPL' });
  const { fills } = await replay(strategy, bars, { config: { period: 3, quantity: '2' } });
  assert.deepEqual(fills.map(({ side }) => side), ['BUY', 'SELL']);
});

test('takes no quantity that could not be an order', async () => {
  for (const quantity of ['0', '0.00', '-1', '1e3', '1'.repeat(43)]) {
    await assert.rejects(async () => replay(strategy, barsOf([10, 11, 12]), { config: { period: 2, quantity } }));
  }
});

// What every strategy has to pass: that it is deterministic, goes on after a restart, does not look ahead, ...
for (const { number, title, run } of strategyConformance(strategy)) test(\`\${number} \${title}\`, run);
`;

export const strategyTemplate: Template = (values) => ({
  ...packageFiles(values, 'strategy'),
  'src/strategy.ts': STRATEGY(values.id),
  'src/strategy.test.ts': STRATEGY_TEST,
});
