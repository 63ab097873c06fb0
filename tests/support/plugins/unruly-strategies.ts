/** A plugin of strategies that misbehave, each in its own way, at its third bar; and one that does not. */
import { definePlugin, defineStrategy, log, place, type StrategyEffect, T } from '@omniquant/plugin-sdk';

const AT_BAR = 3;
const leaked: unknown[] = [];

const misbehaving = (id: string, misbehave: () => Iterable<StrategyEffect> | undefined) =>
  defineStrategy({
    id,
    description: `Misbehaves: ${id}`,
    config: T.Object({}),
    create() {
      let bars = 0;
      return {
        onBar() {
          bars += 1;
          return bars >= AT_BAR ? misbehave() : undefined;
        },
        snapshot: () => bars,
        restore: (snapshot) => void (bars = Number(snapshot)),
      };
    },
  });

export const steady = defineStrategy({
  id: 'steady',
  description: 'Orders at each bar',
  config: T.Object({ quantity: T.String({ default: '1' }) }),
  create({ quantity }) {
    let bars = 0;
    return {
      *onBar({ symbol, at }, { portfolio }) {
        bars += 1;
        yield log('INFO', 'a bar', { at, bars, position: portfolio.position(symbol) });
        yield place({ ref: `bar-${String(at)}`, symbol, side: bars % 2 === 1 ? 'BUY' : 'SELL', quantity });
      },
      snapshot: () => bars,
      restore: (snapshot) => void (bars = Number(snapshot)),
    };
  },
});

export default definePlugin({
  name: 'unruly-strategies',
  version: '1.0.0',
  api: '^0.1.0',
  extensions: [
    steady,
    misbehaving('throws', () => {
      throw new Error('a bug of its author');
    }),
    misbehaving('blocks', () => {
      for (;;) if (leaked.length > 1) return undefined;
    }),
    misbehaving('leaks-heap', () => {
      for (;;) leaked.push(Array.from({ length: 10_000 }, (_, index) => ({ index })));
    }),
    misbehaving('leaks-buffers', () => {
      for (;;) leaked.push(Buffer.alloc(4_000_000, 1));
    }),
    misbehaving('exits', () => process.exit(3)),
    misbehaving('throws-later', () => {
      setTimeout(() => {
        throw new Error('nobody catches this');
      }, 1);
      return undefined;
    }),
    misbehaving('blocks-later', () => {
      setTimeout(() => {
        for (;;) if (leaked.length > 1) return;
      }, 1);
      return undefined;
    }),
    misbehaving('yields-nonsense', () => [{ type: 'buy', much: true } as unknown as StrategyEffect]),
    misbehaving('yields-for-ever', function* () {
      for (;;) yield log('INFO', 'again');
    }),
    misbehaving('looks-around', () => {
      const seen = Object.keys(process.env);
      return [log('INFO', 'the environment', seen)];
    }),
  ],
});
