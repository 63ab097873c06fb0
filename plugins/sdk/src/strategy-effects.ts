import type { Decimal, OrderSide, OrderType, TimeInForce, TrailingOffsetType } from './order-terms.ts';

/**
 * A value that survives JSON: what snapshots and log data are made of. An interface is none, as it may be extended: take
 * a type alias.
 * @example
 * ```ts
 * type State = { readonly falling: number; readonly entries: readonly string[] };
 * const state: State = { falling: 2, entries: ['entry-1'] };
 * const snapshot: Json = state;
 * ```
 */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * An order as a strategy asks for it. What is left out is as for an order of the API: MARKET, DAY, and so on. Prices are
 * of one unit, in the instrument's currency; `atTick` and `wholeLots` make decimals of computed numbers.
 * @example
 * ```ts
 * const bracket: StrategyOrder = {
 *   ...{ ref: 'entry', symbol: 'AAPL', side: 'BUY', quantity: '10', type: 'LIMIT', limitPrice: '189.5' },
 *   ...{ takeProfit: { limitPrice: '199.5' }, stopLoss: { stopPrice: '184.5' } },
 * };
 * ```
 */
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
  /** The trigger. */
  readonly stopPrice?: Decimal;
  /** How far the trigger of a trailing order stays behind the best price, in the unit of `trailingOffsetType`. */
  readonly trailingOffset?: Decimal;
  readonly trailingOffsetType?: TrailingOffsetType;
  /** DAY when left out. */
  readonly timeInForce?: TimeInForce;
  /** Market time, epoch ms; with GTD. */
  readonly expireAt?: number;
  /** Rest or be rejected; never take. */
  readonly postOnly?: boolean;
  /** Never opens or enlarges a position. */
  readonly reduceOnly?: boolean;
  /** A leg that closes the position at a profit, with a limit. Its ref is `<ref>.takeProfit`. */
  readonly takeProfit?: { readonly limitPrice: Decimal };
  /** A leg that closes the position at a loss: a stop at a price, or one that trails. Its ref is `<ref>.stopLoss`. */
  readonly stopLoss?: {
    readonly stopPrice?: Decimal;
    readonly limitPrice?: Decimal;
    readonly trailingOffset?: Decimal;
    readonly trailingOffsetType?: TrailingOffsetType;
  };
}

/**
 * New terms of a working order; what is left out stays. Quantities are the whole of the order in units, what has been
 * filled included.
 * @see {@link replace}
 */
export interface OrderChange {
  readonly quantity?: Decimal;
  readonly limitPrice?: Decimal;
  readonly stopPrice?: Decimal;
  readonly trailingOffset?: Decimal;
  readonly timeInForce?: TimeInForce;
  /** Market time, epoch ms; with GTD. */
  readonly expireAt?: number;
}

/**
 * How much a line of {@link log} matters: the gateway's log has the same levels.
 * @see {@link log}
 */
export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/**
 * What a hook yields: a wish, not a deed. The host commits all effects of a step together with the
 * strategy's snapshot, so that a crash neither repeats nor loses one, and sends orders only after that
 * and after the risk rules. What became of an order comes to `onOrderEvent` and `onFill`. Each is made by the function of
 * its type's name.
 * @see {@link place}
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

/**
 * Places an order. What became of it comes to `onOrderEvent` and `onFill` under its `ref`; a denial of the risk rules
 * is such an event, too, and no error. A quantity or price that is no decimal fails the strategy (STRATEGY_BAD_EFFECT).
 * @example
 * ```ts
 * const hooks: StrategyHooks = {
 *   *onBar({ close, open, symbol }, { portfolio }) {
 *     if (close < open || portfolio.position(symbol) !== 0) return;
 *     yield place({ ref: 'entry', symbol, side: 'BUY', quantity: '10' });
 *   },
 * };
 * ```
 */
export const place = (order: StrategyOrder): StrategyEffect => ({ type: 'place', order });

/**
 * Gives a working order new terms. Those that are refused come to `onOrderEvent`; the old ones go on.
 * @param ref The order's name, as it was placed with.
 * @example
 * ```ts
 * const hooks: StrategyHooks = {
 *   *onQuote({ bid }, { portfolio }) {
 *     const isOpen = portfolio.orders.some(({ ref }) => ref === 'entry');
 *     if (isOpen && bid !== null) yield replace('entry', { limitPrice: bid.toFixed(2) });
 *   },
 * };
 * ```
 */
export const replace = (ref: string, change: OrderChange): StrategyEffect => ({
  type: 'replace',
  ref,
  change,
});

/**
 * Asks for the end of an open order. It may still fill before that is done: its end comes to `onOrderEvent`.
 * @param ref The order's name, as it was placed with.
 * @example
 * ```ts
 * const hooks: StrategyHooks = {
 *   *onTimer({ name }) {
 *     if (name === 'patience') yield cancel('entry');
 *   },
 * };
 * ```
 */
export const cancel = (ref: string): StrategyEffect => ({ type: 'cancel', ref });

/**
 * Asks for the end of all open orders of the strategy; those of others on the account stay.
 * @param symbol Of this instrument only; null for all.
 * @example
 * ```ts
 * const hooks: StrategyHooks = {
 *   *onStop() {
 *     yield cancelAll();
 *   },
 * };
 * ```
 */
export const cancelAll = (symbol: string | null = null): StrategyEffect => ({ type: 'cancelAll', symbol });

/**
 * Closes what the strategy holds of a symbol by a market order; what others hold on the account stays.
 * @param quantity Units, above zero on either side; null for all of it.
 * @example
 * ```ts
 * const hooks: StrategyHooks = {
 *   *onBar({ close: price, symbol }, { portfolio }) {
 *     const paid = portfolio.averagePrice(symbol);
 *     if (paid !== null && price < paid * 0.95) yield close(symbol);
 *   },
 * };
 * ```
 */
export const close = (symbol: string, quantity: Decimal | null = null): StrategyEffect => ({
  type: 'close',
  symbol,
  quantity,
});

/**
 * Has `onTimer` called when market time has reached `at`. A timer of the same name is set anew.
 * @param at Whole epoch milliseconds of market time, not a duration: add to `ctx.now()`.
 * @example
 * ```ts
 * const DAY_MS = 86_400_000;
 *
 * const create = (_config: unknown, ctx: StrategyContext): StrategyHooks => ({
 *   *onStart() {
 *     yield setTimer('rebalance', ctx.now() + DAY_MS);
 *   },
 * });
 * ```
 */
export const setTimer = (name: string, at: number): StrategyEffect => ({ type: 'setTimer', name, at });

/**
 * Takes back a timer that has not rung; one that there is not is no error.
 * @example
 * ```ts
 * const hooks: StrategyHooks = {
 *   *onFill() {
 *     yield clearTimer('patience');
 *   },
 * };
 * ```
 */
export const clearTimer = (name: string): StrategyEffect => ({ type: 'clearTimer', name });

/**
 * Writes a line to the strategy's log, which `strategyEvents` follows. It is kept or lost with its step.
 * @param data Whatever else is to be seen, as JSON.
 * @example
 * ```ts
 * const hooks: StrategyHooks = {
 *   *onOrderEvent({ reason, ref, status }) {
 *     if (status === 'DENIED') yield log('WARN', 'an order was denied', { ref, reason });
 *   },
 * };
 * ```
 */
export const log = (level: LogLevel, message: string, data: Json = null): StrategyEffect => ({
  type: 'log',
  level,
  message,
  data,
});

/**
 * Sets a gauge, shown by the gateway under the strategy's id.
 * @param value Finite, in whatever unit the name says.
 * @example
 * ```ts
 * const hooks: StrategyHooks = {
 *   *onQuote({ ask, bid }) {
 *     if (ask !== null && bid !== null) yield metric('spread', ask - bid);
 *   },
 * };
 * ```
 */
export const metric = (name: string, value: number): StrategyEffect => ({ type: 'metric', name, value });
