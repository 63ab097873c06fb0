import type { StrategyOrder, StrategyOrderStatus, StrategyOrderView } from '@omniquant/plugin-sdk';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';
import type { StrategyInput } from '@omniquant/plugin-sdk/strategy-instance';

/** An order as the desk keeps it; `entry` is the ref of the order whose leg it is. */
export type Order = {
  -readonly [K in keyof StrategyOrderView]: StrategyOrderView[K];
} & { entry: string | null; cancelAsked: boolean };

export const OPEN: ReadonlySet<StrategyOrderStatus> = new Set([
  ...(['HELD', 'SUBMITTED', 'IN_DOUBT', 'WORKING', 'TRIGGERED', 'PARTIALLY_FILLED'] as const),
]);

export const leftOf = ({ filledQuantity, quantity }: Order): bigint =>
  parseDecimal(quantity ?? '0') - parseDecimal(filledQuantity);

/** As a strategy is told of it. */
export const orderEventOf = (
  { ref, symbol }: Order,
  status: StrategyOrderStatus,
  at: number,
  reason: string | null,
): StrategyInput => ({ kind: 'orderEvent', at, event: { ref, symbol, at, status, reason } });

/** What is placed: the order, and its stop-loss if it has one. */
export function ordersOf({
  limitPrice,
  quantity = '0',
  ref = '',
  side,
  stopLoss,
  symbol,
  type = 'MARKET',
}: StrategyOrder): readonly Order[] {
  const base = { filledQuantity: '0', limitPrice: limitPrice ?? null, cancelAsked: false } as const;
  const own = {
    ref,
    symbol,
    side,
    type,
    quantity,
    status: 'SUBMITTED',
    stopPrice: null,
    entry: null,
  } as const;
  const order = { ...base, ...own };
  if (stopLoss === undefined) return [order];
  const leg = { ref: `${ref}.stopLoss`, symbol, type: 'STOP', quantity: '0', status: 'HELD' } as const;
  const stopPrice = stopLoss.stopPrice ?? null;
  return [order, { ...base, ...leg, side: side === 'BUY' ? 'SELL' : 'BUY', stopPrice, entry: ref }];
}

/** In short: 'BUY 10 AAPL'. */
export const shortOf = ({ limitPrice, quantity, side, stopLoss, symbol }: StrategyOrder): string =>
  [
    `${side} ${quantity ?? ''} ${symbol}`,
    ...(limitPrice === undefined ? [] : [`@ ${limitPrice}`]),
    ...(stopLoss?.stopPrice === undefined ? [] : [`stop ${stopLoss.stopPrice}`]),
  ].join(' ');
