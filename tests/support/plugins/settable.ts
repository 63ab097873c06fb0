/** A plugin with a feed and a notifier whose settings operators change, and a strategy. */
import { defineFeed, defineNotifier, definePlugin, defineStrategy, place, T } from '@omniquant/plugin-sdk';

const ticker = defineFeed({
  id: 'ticker',
  description: 'Prices from somewhere',
  config: T.Object({ url: T.String({ format: 'uri' }), every: T.Integer({ minimum: 1, default: 5 }) }),
  secrets: T.Object({ token: T.String({ minLength: 4 }) }),
  permissions: ['secrets', 'storage'],
  connect: () => Promise.reject(new Error('there is nothing to connect to')),
});

const pager = defineNotifier({
  id: 'pager',
  description: 'Tells nobody',
  config: T.Object({ room: T.String() }),
  connect: () => Promise.reject(new Error('there is nobody')),
});

const turns = defineStrategy({
  id: 'turns',
  description: 'Buys and sells in turn, and counts its bars',
  config: T.Object({}),
  create() {
    let bars = 0;
    return {
      *onBar({ symbol }) {
        bars += 1;
        yield place({
          ref: `bar-${String(bars)}`,
          symbol,
          side: bars % 2 === 1 ? 'BUY' : 'SELL',
          quantity: '1',
        });
      },
      snapshot: () => bars,
      restore: (snapshot) => void (bars = Number(snapshot)),
    };
  },
});

export default definePlugin({
  name: 'settable',
  version: '1.0.0',
  api: '^0.1.0',
  extensions: [ticker, pager, turns] as never,
});
