import { type Fixed, formatDecimal, parseDecimal } from '../../decimal.ts';
import type { OrderSide, OrderType, TimeInForce, TrailingOffsetType } from '../../order-terms.ts';
import type { StrategyOrder } from '../../strategy-effects.ts';
import type { StrategyOrderStatus, StrategyOrderView } from '../../strategy-inputs.ts';

/** An order of a replay, and what has become of it. */
export interface PaperOrder {
  readonly ref: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly placedAt: number;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  readonly notional: Fixed | null;
  readonly trailingOffsetType: TrailingOffsetType | null;
  /** Legs of a bracket have their entry, an entry its legs. */
  readonly entry: PaperOrder | null;
  readonly legs: PaperOrder[];
  readonly isStopLoss: boolean;
  timeInForce: TimeInForce;
  expireAt: number | null;
  /** Null until a notional order is sized by its first fill. */
  quantity: Fixed | null;
  limit: Fixed | null;
  /** The trigger as it stands now; null for a trailing order that has not seen a price. */
  stop: Fixed | null;
  trailingOffset: Fixed | null;
  triggered: boolean;
  filled: Fixed;
  /** Sum of price x quantity of its fills, without the multiplier. */
  turnover: Fixed;
  status: StrategyOrderStatus;
  reason: string | null;
  endedAt: number | null;
  /** Bars that begin earlier are not looked at. Infinity for a leg whose entry has not been filled. */
  from: number;
  /** Day of the first bar that it has met, in days since 1970; null before. */
  day: number | null;
}

const fixedOrNull = (text: string | null | undefined): Fixed | null =>
  text === null || text === undefined ? null : parseDecimal(text);

/** The order as it is when it has been asked for, and nobody has looked at it. */
export const paperOrder = (order: StrategyOrder, ref: string, at: number): PaperOrder => ({
  ref,
  symbol: order.symbol,
  side: order.side,
  type: order.type ?? 'MARKET',
  placedAt: at,
  postOnly: order.postOnly ?? false,
  reduceOnly: order.reduceOnly ?? false,
  notional: fixedOrNull(order.notional),
  trailingOffsetType: order.trailingOffsetType ?? null,
  entry: null,
  legs: [],
  isStopLoss: false,
  timeInForce: order.timeInForce ?? 'DAY',
  expireAt: order.expireAt ?? null,
  quantity: fixedOrNull(order.quantity),
  limit: fixedOrNull(order.limitPrice),
  stop: fixedOrNull(order.stopPrice),
  trailingOffset: fixedOrNull(order.trailingOffset),
  triggered: false,
  filled: 0n,
  turnover: 0n,
  status: 'SUBMITTED',
  reason: null,
  endedAt: null,
  from: at,
  day: null,
});

/** The exits of a bracket: on the other side of the entry, reduce-only, good till cancelled, held. */
export function bracketLegs(order: StrategyOrder, entry: PaperOrder): PaperOrder[] {
  const { stopLoss, takeProfit } = order;
  const exit = (name: string, terms: Partial<StrategyOrder>, isStopLoss: boolean): PaperOrder => ({
    ...paperOrder(
      {
        symbol: order.symbol,
        side: order.side === 'BUY' ? 'SELL' : 'BUY',
        timeInForce: 'GTC',
        reduceOnly: true,
        ...terms,
      },
      `${entry.ref}.${name}`,
      entry.placedAt,
    ),
    ...{ entry, isStopLoss, quantity: entry.quantity, status: 'HELD' as const, from: Infinity },
  });
  const legs: PaperOrder[] = [];
  if (takeProfit !== undefined) legs.push(exit('takeProfit', { ...takeProfit, type: 'LIMIT' }, false));
  if (stopLoss !== undefined) {
    const isTrailing = stopLoss.trailingOffset !== undefined;
    const type = isTrailing ? 'TRAILING_STOP' : stopLoss.limitPrice === undefined ? 'STOP' : 'STOP_LIMIT';
    legs.push(exit('stopLoss', { ...stopLoss, type }, true));
  }
  return legs;
}

export const isOpen = ({ endedAt }: PaperOrder): boolean => endedAt === null;

/** What is left of it; null for a notional order that has not been sized. */
export const leavesOf = ({ quantity, filled }: PaperOrder): Fixed | null =>
  quantity === null ? null : quantity - filled;

export const textOrNull = (value: Fixed | null): string | null =>
  value === null ? null : formatDecimal(value);

/** The order as its strategy sees it. */
export const orderView = (order: PaperOrder): StrategyOrderView => ({
  ref: order.ref,
  symbol: order.symbol,
  side: order.side,
  type: order.type,
  status: order.status,
  quantity: textOrNull(order.quantity),
  filledQuantity: formatDecimal(order.filled),
  limitPrice: textOrNull(order.limit),
  stopPrice: textOrNull(order.stop),
});
