import { writeSync } from 'node:fs';

import { definePlugin, defineStrategy, log, T } from '@omniquant/plugin-sdk';

/** Takes its time with each bar, as one that computes much does. */
const slow = defineStrategy({
  id: 'slow',
  description: 'Takes 25 ms for a bar',
  config: T.Object({}),
  create: () => ({
    onBar() {
      const until = performance.now() + 25;
      while (performance.now() < until);
      return undefined;
    },
  }),
});

const failing = defineStrategy({
  id: 'failing',
  description: 'Throws at its hundredth bar',
  config: T.Object({}),
  create() {
    let bars = 0;
    return {
      *onBar({ symbol }) {
        bars += 1;
        if (bars === 3) yield log('WARN', 'not much longer', { symbol });
        if (bars === 100) throw new Error('division by zero');
      },
    };
  },
});

const endless = defineStrategy({
  id: 'endless',
  description: 'Never returns from its first bar',
  config: T.Object({}),
  create: () => ({
    onBar() {
      writeSync(2, 'for ever\n');
      for (;;);
    },
  }),
});

export default definePlugin({
  name: 'backtest-strategies',
  version: '1.0.0',
  api: '^0.1.0',
  extensions: [slow, failing, endless],
});
