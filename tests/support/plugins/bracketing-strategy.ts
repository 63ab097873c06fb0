/** A plugin of a strategy that uses every kind of order that waits: limits, stops, brackets, replaces and cancels. */
import {
  cancel,
  definePlugin,
  defineStrategy,
  place,
  replace,
  type StrategyEffect,
  T,
} from '@omniquant/plugin-sdk';

const atTick = (price: number): string => String(Math.round(price * 100) / 100);

/** Of every `EVERY` bars each does something else, so that a day has all of it some dozen times. */
const EVERY = 12;

export const bracketing = defineStrategy({
  id: 'bracketing',
  description: 'Brackets, limits near the price that are moved and cancelled, stops where a fill was heard',
  config: T.Object({ quantity: T.String({ default: '10' }) }),
  inputs: () => ({ warmup: 5 }),
  create({ quantity }) {
    let bars = 0;
    let isStarted = false;
    const refOf = (what: string, back = 0): string => `${what}-${String(bars - back)}`;
    return {
      onStart: () => void (isStarted = true),
      *onBar({ close, symbol }, { portfolio }): Generator<StrategyEffect> {
        bars += 1;
        if (!isStarted) return;
        const isWorking = (ref: string): boolean => portfolio.orders.some((order) => order.ref === ref);
        const [up, down] = [atTick(close * 1.0008), atTick(close * 0.9992)];
        switch (bars % EVERY) {
          case 0:
            yield place({
              ...{ ref: refOf('bracket'), symbol, side: 'BUY', quantity },
              ...{ takeProfit: { limitPrice: up }, stopLoss: { stopPrice: down } },
            });
            break;
          case 3:
            yield place({
              ref: refOf('limit'),
              symbol,
              side: 'SELL',
              type: 'LIMIT',
              quantity,
              limitPrice: up,
            });
            break;
          case 5:
            if (isWorking(refOf('limit', 2))) {
              yield replace(refOf('limit', 2), { limitPrice: atTick(close * 1.0003) });
            }
            break;
          case 7:
            if (isWorking(refOf('limit', 4))) yield cancel(refOf('limit', 4));
            break;
          case 9:
            yield place({
              ...{ ref: refOf('break'), symbol, side: 'BUY', type: 'STOP_LIMIT', quantity },
              ...{ stopPrice: atTick(close * 1.0003), limitPrice: atTick(close * 1.001) },
            });
            break;
          case 11:
            yield place({
              ...{ ref: refOf('trail'), symbol, side: 'SELL', type: 'TRAILING_STOP', quantity },
              ...{ trailingOffset: '0.15', trailingOffsetType: 'PRICE' },
            });
            break;
          default:
        }
      },
      /** What it does when it hears of a fill happens within a bar. */
      *onFill({ ref, side, symbol, price }): Generator<StrategyEffect> {
        if (!ref.startsWith('limit-') && !ref.startsWith('break-')) return;
        const cover = side === 'SELL' ? 'BUY' : 'SELL';
        const trigger = side === 'SELL' ? Number(price) * 1.0005 : Number(price) * 0.9995;
        yield place({
          ...{ ref: `cover-${ref}`, symbol, side: cover, type: 'STOP', quantity },
          stopPrice: atTick(trigger),
        });
      },
      snapshot: () => [bars, isStarted],
      restore: (saved) => void ([bars, isStarted] = saved as [number, boolean]),
    };
  },
});

export default definePlugin({
  name: 'bracketing-strategy',
  version: '1.0.0',
  api: '^0.1.0',
  extensions: [bracketing],
});
