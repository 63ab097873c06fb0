import type { Decimal, OrderSide, OrderType, TimeInForce, TrailingOffsetType } from './order-terms.ts';

/** A value that survives JSON: what snapshots and log data are made of. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** An order as a strategy asks for it. What is left out is as for an order of the API: MARKET, DAY, and so on. */
export interface StrategyOrder {
  /**
   * The strategy's own name for the order, by which it is replaced, cancelled and told of; unique among
   * the strategy's orders. Left out, the order gets one from its step.
   */
  readonly ref?: string;
  readonly symbol: string;
  readonly side: OrderSide;
  /** Units. Exactly one of `quantity` and `notional`. */
  readonly quantity?: Decimal;
  /** Money to spend or raise, in the instrument's currency. */
  readonly notional?: Decimal;
  /** MARKET when left out. */
  readonly type?: OrderType;
  readonly limitPrice?: Decimal;
  readonly stopPrice?: Decimal;
  readonly trailingOffset?: Decimal;
  readonly trailingOffsetType?: TrailingOffsetType;
  /** DAY when left out. */
  readonly timeInForce?: TimeInForce;
  /** Market time, epoch ms; with GTD. */
  readonly expireAt?: number;
  readonly postOnly?: boolean;
  /** Never opens or enlarges a position. */
  readonly reduceOnly?: boolean;
  readonly takeProfit?: { readonly limitPrice: Decimal };
  readonly stopLoss?: {
    readonly stopPrice?: Decimal;
    readonly limitPrice?: Decimal;
    readonly trailingOffset?: Decimal;
    readonly trailingOffsetType?: TrailingOffsetType;
  };
}

/** New terms of a working order; what is left out stays. */
export interface OrderChange {
  readonly quantity?: Decimal;
  readonly limitPrice?: Decimal;
  readonly stopPrice?: Decimal;
  readonly trailingOffset?: Decimal;
  readonly timeInForce?: TimeInForce;
  readonly expireAt?: number;
}

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/**
 * What a hook yields: a wish, not a deed. The host commits all effects of a step together with the
 * strategy's snapshot, so that a crash neither repeats nor loses one, and sends orders only after that
 * and after the risk rules. What became of an order comes to `onOrderEvent` and `onFill`.
 */
export type StrategyEffect =
  | { readonly type: 'place'; readonly order: StrategyOrder }
  | { readonly type: 'replace'; readonly ref: string; readonly change: OrderChange }
  | { readonly type: 'cancel'; readonly ref: string }
  /** The strategy's open orders, of one symbol or of all. */
  | { readonly type: 'cancelAll'; readonly symbol: string | null }
  /** All or part of what the strategy holds of the symbol, at the market. */
  | { readonly type: 'close'; readonly symbol: string; readonly quantity: Decimal | null }
  /** `onTimer` is called when market time has reached `at` (epoch ms). A timer of the same name is set anew. */
  | { readonly type: 'setTimer'; readonly name: string; readonly at: number }
  | { readonly type: 'clearTimer'; readonly name: string }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly data: Json }
  /** A gauge, shown by the gateway under the strategy's id. */
  | { readonly type: 'metric'; readonly name: string; readonly value: number };

/** @example yield place({ symbol: bar.symbol, side: 'BUY', quantity: '10' }); */
export const place = (order: StrategyOrder): StrategyEffect => ({ type: 'place', order });

/** @example yield replace('entry', { limitPrice: '99.50' }); */
export const replace = (ref: string, change: OrderChange): StrategyEffect => ({
  type: 'replace',
  ref,
  change,
});

/** @example yield cancel('entry'); */
export const cancel = (ref: string): StrategyEffect => ({ type: 'cancel', ref });

/** @example yield cancelAll('AAPL'); */
export const cancelAll = (symbol: string | null = null): StrategyEffect => ({ type: 'cancelAll', symbol });

/** @example yield close('AAPL'); */
export const close = (symbol: string, quantity: Decimal | null = null): StrategyEffect => ({
  type: 'close',
  symbol,
  quantity,
});

/** @example yield setTimer('rebalance', ctx.now() + 86_400_000); */
export const setTimer = (name: string, at: number): StrategyEffect => ({ type: 'setTimer', name, at });

/** @example yield clearTimer('rebalance'); */
export const clearTimer = (name: string): StrategyEffect => ({ type: 'clearTimer', name });

/** @example yield log('INFO', 'crossed', { fast, slow }); */
export const log = (level: LogLevel, message: string, data: Json = null): StrategyEffect => ({
  type: 'log',
  level,
  message,
  data,
});

/** @example yield metric('spread', 0.02); */
export const metric = (name: string, value: number): StrategyEffect => ({ type: 'metric', name, value });
