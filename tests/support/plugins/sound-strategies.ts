/** Strategies that are as they should be. */
import {
  cancelAll,
  clearTimer,
  close,
  definePlugin,
  defineStrategy,
  type Json,
  log,
  metric,
  place,
  replace,
  setTimer,
  T,
} from '@omniquant/plugin-sdk';

const HOUR_MS = 3_600_000;

/** Every so many hours by a timer it turns a symbol's position over; its bars only tell it that there is a market. */
export const onTheHour = defineStrategy({
  id: 'on-the-hour',
  description: 'Buys and sells by timers',
  config: T.Object({ hours: T.Integer({ minimum: 1, default: 7 }), quantity: T.String({ default: '3' }) }),
  create({ hours, quantity }, ctx) {
    return {
      *onStart() {
        for (const symbol of ctx.symbols) yield setTimer(symbol, ctx.now() + hours * HOUR_MS);
      },
      *onTimer({ name }, { portfolio }) {
        yield setTimer(name, ctx.now() + hours * HOUR_MS);
        if (portfolio.orders.some(({ symbol }) => symbol === name)) return;
        yield portfolio.position(name) > 0
          ? close(name)
          : place({ symbol: name, side: 'BUY', quantity, timeInForce: 'GTC' });
      },
      *onStop({ portfolio }) {
        for (const symbol of ctx.symbols) {
          yield clearTimer(symbol);
          yield cancelAll(symbol);
          if (portfolio.position(symbol) !== 0) yield close(symbol);
        }
      },
      snapshot: () => null,
      restore: () => undefined,
    };
  },
});

interface Trend {
  readonly up: number;
  readonly last: number;
}

/** After three rising bars an entry with both exits; its stop is pulled up once it has filled. */
export const bracketed = defineStrategy({
  id: 'bracketed',
  description: 'Enters with brackets',
  config: T.Object({ quantity: T.String({ default: '2' }) }),
  inputs: () => ({ warmup: 5 }),
  create({ quantity }) {
    let trends: Record<string, Trend> = {};
    return {
      *onBar({ symbol, close: price }, { portfolio }) {
        const { last, up } = trends[symbol] ?? { up: 0, last: price };
        const rising = price > last ? up + 1 : 0;
        trends[symbol] = { up: rising, last: price };
        if (rising < 3 || portfolio.orders.some((order) => order.symbol === symbol)) return;
        yield place({
          ...{ ref: symbol, symbol, side: 'BUY', quantity, timeInForce: 'GTC' },
          takeProfit: { limitPrice: (price * 1.05).toFixed(2) },
          stopLoss: { stopPrice: (price * 0.95).toFixed(2) },
        });
        yield metric('rising', rising);
      },
      *onFill({ ref, symbol, price, side }, { portfolio }) {
        yield log('INFO', 'filled', { ref, price });
        const stop = portfolio.orders.find((order) => order.ref === `${symbol}.stopLoss`);
        if (side === 'BUY' && stop?.status === 'HELD') {
          yield replace(stop.ref, { stopPrice: (Number(price) * 0.97).toFixed(2) });
        }
      },
      snapshot: () => ({ trends }) as unknown as Json,
      restore: (saved) => void ({ trends } = structuredClone(saved) as unknown as { trends: typeof trends }),
    };
  },
});

/** Buys the cheaper of two symbols and sells the dearer, measured from where they began, and closes both in time. */
export const pair = defineStrategy({
  id: 'pair',
  description: 'Trades the spread of two symbols',
  config: T.Object({ width: T.Number({ default: 0.02 }) }),
  check: (_, { symbols }) => (symbols.length === 2 ? null : { field: 'symbols', message: 'have to be two' }),
  create({ width }, ctx) {
    const [one = '', other = ''] = ctx.symbols;
    let first: Record<string, number> = {};
    return {
      *onBar({ symbol, close: price, interval }, { market, portfolio }) {
        first[symbol] ??= price;
        const [a, b] = [market.bar(one, interval), market.bar(other, interval)];
        if (a === null || b === null || a.at !== b.at || portfolio.orders.length > 0) return;
        const spread = a.close / (first[one] ?? 1) - b.close / (first[other] ?? 1);
        if (portfolio.position(one) !== 0) {
          if (Math.abs(spread) < width / 2) {
            yield close(one);
            yield close(other);
          }
        } else if (Math.abs(spread) > width) {
          yield place({ symbol: one, side: spread > 0 ? 'SELL' : 'BUY', quantity: '1' });
          yield place({ symbol: other, side: spread > 0 ? 'BUY' : 'SELL', quantity: '1' });
        }
      },
      snapshot: () => ({ ...first }),
      restore: (saved) => void (first = { ...(saved as Record<string, number>) }),
    };
  },
});

/** Throws the dice that its context lends it, on bars of two intervals. */
export const gambler = defineStrategy({
  id: 'gambler',
  description: 'Buys and sells by chance',
  config: T.Object({}),
  inputs: () => ({ warmup: 3, intervals: ['HOUR_4', 'DAY_1'] }),
  create: (_, ctx) => ({
    *onBar({ symbol, interval }) {
      const chance = ctx.random();
      if (interval === 'DAY_1' || chance > 0.2) return;
      yield place({ symbol, side: chance < 0.1 ? 'BUY' : 'SELL', quantity: '1' });
    },
    snapshot: () => null,
    restore: () => undefined,
  }),
});

export default definePlugin({
  name: 'sound-strategies',
  version: '1.0.0',
  api: '^0.1.0',
  extensions: [onTheHour, bracketed, pair, gambler],
});
