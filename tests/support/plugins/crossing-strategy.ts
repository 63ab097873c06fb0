/** A plugin of one plain strategy, for measuring what runs it. */
import { definePlugin, defineStrategy, place, type StrategyDefinition, T } from '@omniquant/plugin-sdk';

const FAST = 10;
const SLOW = 30;

export const crossing = defineStrategy({
  id: 'crossing',
  description: 'Moving averages that cross',
  config: T.Object({}),
  create() {
    const closes = new Float64Array(SLOW);
    let count = 0;
    let fast = 0;
    let slow = 0;
    let wasAbove = false;
    return {
      onBar({ symbol, close }) {
        const at = count % SLOW;
        slow += close - (closes[at] ?? 0);
        fast += close - (closes[(count + SLOW - FAST) % SLOW] ?? 0);
        closes[at] = close;
        count += 1;
        if (count < SLOW) return undefined;
        const isAbove = fast / FAST > slow / SLOW;
        if (isAbove === wasAbove) return undefined;
        wasAbove = isAbove;
        return [place({ symbol, side: isAbove ? 'BUY' : 'SELL', quantity: '1' })];
      },
      snapshot: () => ({ closes: [...closes], count, fast, slow, wasAbove }),
      restore: () => undefined,
    };
  },
}) as unknown as StrategyDefinition;

export default definePlugin({ name: 'crossing', version: '1.0.0', api: '^0.1.0', extensions: [crossing] });
