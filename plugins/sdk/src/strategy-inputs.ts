import type { Decimal, OrderSide, OrderType } from './order-terms.ts';
import type { BarInterval } from './venue-market.ts';

/*
 * What strategies see. Prices and sizes of market data are floats, fit for indicators and statistics;
 * quantities and prices of orders are exact decimals and stay so.
 */

/**
 * A closed bar. Prices are of one unit, in the instrument's currency.
 * @see {@link defineStrategy}
 */
export interface Bar {
  readonly symbol: string;
  readonly interval: BarInterval;
  /** Start of the bar, market time, epoch ms. */
  readonly at: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Units; 0 where the source has none. */
  readonly volume: number;
}

/**
 * Top of the book: prices of one unit, in the instrument's currency; null where there is no such price.
 * @example
 * ```ts
 * const middleOf = ({ ask, bid, last }: Quote) => (ask === null || bid === null ? last : (ask + bid) / 2);
 * ```
 */
export interface Quote {
  readonly symbol: string;
  /** Market time, epoch ms. */
  readonly at: number;
  readonly bid: number | null;
  readonly ask: number | null;
  /** Price of the last trade. */
  readonly last: number | null;
}

/**
 * A trade of the market, whoever made it; those of the strategy's own orders are {@link StrategyFill}s.
 * @example
 * ```ts
 * const worthOf = ({ price, size }: Trade) => price * size;
 * ```
 */
export interface Trade {
  readonly symbol: string;
  /** Market time, epoch ms. */
  readonly at: number;
  /** Of one unit, in the instrument's currency. */
  readonly price: number;
  /** Units. */
  readonly size: number;
}

/**
 * An execution of one of the strategy's orders.
 * @example
 * ```ts
 * const hooks: StrategyHooks = {
 *   *onFill({ fee, price, quantity, ref, side }: StrategyFill) {
 *     yield log('INFO', `${ref}: ${side} ${quantity} at ${price}`, { fee });
 *   },
 * };
 * ```
 */
export interface StrategyFill {
  /** The order's name, as it was placed with; legs of a bracket have `<ref>.takeProfit` and `<ref>.stopLoss`. */
  readonly ref: string;
  readonly symbol: string;
  readonly side: OrderSide;
  /** Market time, epoch ms. */
  readonly at: number;
  /** Of one unit, in the instrument's currency. */
  readonly price: Decimal;
  /** Units, above zero on either side. */
  readonly quantity: Decimal;
  /** Null while the venue has not said it. */
  readonly fee: Decimal | null;
}

/**
 * Where an order of the strategy is. FILLED, CANCELED, EXPIRED, REJECTED and DENIED are the end of it.
 * @see {@link StrategyOrderEvent}
 */
export type StrategyOrderStatus =
  /** The gateway keeps it: a leg that waits for its entry, or a trigger that the gateway watches. */
  | 'HELD'
  /** On its way to the venue. */
  | 'SUBMITTED'
  /** What became of the request is not known yet. */
  | 'IN_DOUBT'
  /** The venue has it. */
  | 'WORKING'
  /** Its trigger was reached. */
  | 'TRIGGERED'
  | 'PARTIALLY_FILLED'
  | 'FILLED'
  /** It ended on request, or by a rule of the gateway or the venue. */
  | 'CANCELED'
  /** Its time is over. */
  | 'EXPIRED'
  /** The venue refused it. */
  | 'REJECTED'
  /** A risk rule refused it: it never left the gateway. */
  | 'DENIED';

/**
 * Something happened to one of the strategy's orders; `status` is what it is after it.
 * @example
 * ```ts
 * const ENDS: readonly StrategyOrderStatus[] = ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED', 'DENIED'];
 * const isOver = ({ status }: StrategyOrderEvent) => ENDS.includes(status);
 * ```
 */
export interface StrategyOrderEvent {
  /** The order's name, as it was placed with; legs of a bracket have `<ref>.takeProfit` and `<ref>.stopLoss`. */
  readonly ref: string;
  readonly symbol: string;
  /** Market time, epoch ms. */
  readonly at: number;
  readonly status: StrategyOrderStatus;
  /** Why it was denied, rejected or cancelled, where somebody has said it. */
  readonly reason: string | null;
}

/**
 * A timer that has rung. It rings once; `onTimer` may set it again.
 * @see {@link cancel}
 */
export interface StrategyTimer {
  /** As it was set by `setTimer`. */
  readonly name: string;
  /** When it was due, market time, epoch ms; `ctx.now()` may be later. */
  readonly at: number;
}

/**
 * An open order of the strategy.
 * @example
 * ```ts
 * const leftOf = ({ filledQuantity, quantity }: StrategyOrderView): Fixed | null =>
 *   quantity === null ? null : parseDecimal(quantity) - parseDecimal(filledQuantity);
 * ```
 */
export interface StrategyOrderView {
  readonly ref: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly status: StrategyOrderStatus;
  /** Units; null for a notional order that the venue has not sized yet. */
  readonly quantity: Decimal | null;
  /** Units executed so far. */
  readonly filledQuantity: Decimal;
  readonly limitPrice: Decimal | null;
  /** The trigger, as it stands now; null for a type without one. */
  readonly stopPrice: Decimal | null;
}

/**
 * What the strategy holds, and the account that it trades on, as they were when the step began. Positions and orders are
 * the strategy's own, `cash` and `equity` the account's, in its base currency.
 * @example
 * ```ts
 * const shareOf = (symbol: string, price: number, portfolio: PortfolioView): number | null =>
 *   portfolio.equity === null ? null : (portfolio.position(symbol) * price) / portfolio.equity;
 * ```
 */
export interface PortfolioView {
  /** Signed units that the strategy's own orders have opened; 0 without a position, below 0 for a short one. */
  position(symbol: string): number;
  /** The same, exact: what a closing order would have to be. */
  quantity(symbol: string): Decimal;
  /** Average price of that position, of one unit in the instrument's currency; null without one. */
  averagePrice(symbol: string): number | null;
  /** The strategy's open orders. */
  readonly orders: readonly StrategyOrderView[];
  /** Realised by the strategy's own fills, before fees, in the currency of its instruments. */
  readonly realizedPnl: number;
  /** Of the whole account, in its base currency; below 0 when it is borrowed. */
  readonly cash: number;
  /** Cash and the value of all positions; null while a price that it needs is missing or stale. */
  readonly equity: number | null;
  /**
   * Whether all this is of a later time than the bar at hand: it is one of the warm-up, or was missed while the gateway
   * was away and newer ones of its series follow. A signal of it is best remembered and not traded on.
   */
  readonly isAhead: boolean;
}

/**
 * What is known of an instrument: in which steps it is traded, and what a unit is worth.
 * @see {@link wholeLots}
 */
export interface InstrumentView {
  readonly symbol: string;
  /** Of its prices. */
  readonly currency: string;
  /** Prices of orders are whole multiples of it. */
  readonly tickSize: Decimal;
  /** Quantities are whole multiples of it, in units. */
  readonly lotSize: Decimal;
  /** What one unit is worth at a price of 1: "1" for a share, "50" for a future of 50 dollars a point. */
  readonly multiplier: Decimal;
  readonly shortable: boolean;
  /** Whether quantities need not be whole numbers. */
  readonly fractionable: boolean;
}

/**
 * What is known of the market as of the step: of the strategy's own symbols.
 * @see {@link StrategyView}
 */
export interface MarketView {
  /** Null for a symbol that the market does not have. */
  instrument(symbol: string): InstrumentView | null;
  /** The last quote, if the strategy listens to quotes. */
  quote(symbol: string): Quote | null;
  /** The last closed bar that the strategy has been given. */
  bar(symbol: string, interval: BarInterval): Bar | null;
}

/**
 * What every hook is given: read-only, and the same for everything that one step does.
 * @example
 * ```ts
 * const hooks: StrategyHooks = {
 *   *onBar({ low, symbol }, { market, portfolio }: StrategyView) {
 *     const instrument = market.instrument(symbol);
 *     if (instrument === null || portfolio.position(symbol) <= 0) return;
 *     const stopPrice = atTick(low, instrument, 'floor');
 *     yield place({ symbol, side: 'SELL', quantity: portfolio.quantity(symbol), type: 'STOP', stopPrice });
 *   },
 * };
 * ```
 */
export interface StrategyView {
  readonly portfolio: PortfolioView;
  readonly market: MarketView;
}
