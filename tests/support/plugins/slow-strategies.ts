/** Strategies that take their time, so that something can happen to whoever runs them. */
import { definePlugin, defineStrategy, place, T } from '@omniquant/plugin-sdk';

const slow = defineStrategy({
  id: 'slow',
  description: 'Buys and sells in turns, and blocks at every bar',
  config: T.Object({ blockMs: T.Number({ minimum: 0, maximum: 1_000, default: 10 }) }),
  create({ blockMs }) {
    let bars = 0;
    return {
      *onBar({ symbol }) {
        for (const end = performance.now() + blockMs; performance.now() < end;);
        bars += 1;
        yield place({ symbol, side: bars % 2 === 1 ? 'BUY' : 'SELL', quantity: '1' });
      },
      snapshot: () => ({ bars }),
      restore(saved: { readonly bars: number }) {
        bars = saved.bars;
      },
    };
  },
});

const hungry = defineStrategy({
  id: 'hungry',
  description: 'Keeps ever more of its heap',
  config: T.Object({}),
  create() {
    const kept: number[][] = [];
    return {
      onBar() {
        for (let block = 0; block < 100; block += 1) kept.push(Array.from({ length: 10_000 }, Math.random));
        return undefined;
      },
      snapshot: () => null,
      restore: () => undefined,
    };
  },
});

export default definePlugin({ name: 'slow', version: '1.0.0', api: '^0.1.0', extensions: [slow, hungry] });
