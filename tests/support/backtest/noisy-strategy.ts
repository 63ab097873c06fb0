import {
  cancel,
  cancelAll,
  close,
  defineStrategy,
  place,
  replace,
  setTimer,
  type StrategyDefinition,
  type StrategyEffect,
  type StrategyOrder,
  T,
} from '@omniquant/plugin-sdk';

const TYPES = ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT', 'TRAILING_STOP', 'MARKET_IF_TOUCHED'] as const;
const TIMES = ['DAY', 'GTC', 'IOC', 'GTD'] as const;

const atTick = (price: number): string => (Math.max(1, Math.round(price * 100)) / 100).toFixed(2);
const trimmed = (price: string): string => String(Number(price));

/** Does something of everything, by the chance of its run: orders of all kinds, brackets, replaces, cancels, timers. */
export const noisy: StrategyDefinition = defineStrategy({
  id: 'noisy',
  description: 'Places, replaces and cancels at random',
  config: T.Object({}),
  inputs: () => ({ warmup: 3 }),
  create(_, ctx) {
    let orders = 0;
    let heard = 0;
    const pick = <V>(values: readonly V[]): V => values[Math.floor(ctx.random() * values.length)]!;
    const near = (price: number): string => trimmed(atTick(price * (0.99 + 0.02 * ctx.random())));
    const orderAt = (symbol: string, price: number): StrategyOrder => {
      orders += 1;
      const type = pick(TYPES);
      const side = pick(['BUY', 'SELL'] as const);
      const tif = type === 'MARKET' || type === 'LIMIT' ? pick(TIMES) : pick(['DAY', 'GTC'] as const);
      return {
        ...{
          ref: `o${String(orders)}`,
          symbol,
          side,
          type,
          quantity: String(1 + Math.floor(ctx.random() * 20)),
        },
        timeInForce: tif,
        ...(tif === 'GTD' && { expireAt: ctx.now() + 90_000 }),
        ...((type === 'LIMIT' || type === 'STOP_LIMIT') && { limitPrice: near(price) }),
        ...(['STOP', 'STOP_LIMIT', 'MARKET_IF_TOUCHED'].includes(type) && { stopPrice: near(price) }),
        ...(type === 'TRAILING_STOP' && { trailingOffset: '0.3', trailingOffsetType: 'PRICE' as const }),
        ...(type === 'MARKET' && ctx.random() < 0.4 && bracketOf(side, price)),
      };
    };
    const bracketOf = (side: 'BUY' | 'SELL', price: number): Partial<StrategyOrder> => {
      const [up, down] = [trimmed(atTick(price * 1.004)), trimmed(atTick(price * 0.996))];
      return side === 'BUY'
        ? { takeProfit: { limitPrice: up }, stopLoss: { stopPrice: down } }
        : {
            takeProfit: { limitPrice: down },
            stopLoss: { trailingOffset: '0.4', trailingOffsetType: 'PRICE' },
          };
    };
    return {
      *onBar({ close: price, symbol }, { portfolio }): Generator<StrategyEffect> {
        const chance = ctx.random();
        if (chance < 0.35) yield place(orderAt(symbol, price));
        else if (chance < 0.45 && portfolio.orders.length > 0) yield cancel(pick(portfolio.orders).ref);
        else if (chance < 0.5) yield cancelAll(symbol);
        else if (chance < 0.55 && portfolio.position(symbol) !== 0) yield close(symbol);
        else if (chance < 0.6) yield setTimer('later', ctx.now() + Math.floor(ctx.random() * 200_000));
        const limit = portfolio.orders.find(({ type }) => type === 'LIMIT');
        if (chance > 0.9 && limit !== undefined) yield replace(limit.ref, { limitPrice: near(price) });
      },
      *onTimer(): Generator<StrategyEffect> {
        const [symbol = ''] = ctx.symbols;
        yield place({ ref: `t${String((orders += 1))}`, symbol, side: 'BUY', quantity: '1' });
      },
      onFill: () => void (heard += 1),
      snapshot: () => [orders, heard],
      restore: (saved) => void ([orders = 0, heard = 0] = saved as number[]),
    };
  },
});
