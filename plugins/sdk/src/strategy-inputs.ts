import type { BarInterval } from './broker-events.ts';
import type { Decimal, OrderSide, OrderType } from './order-terms.ts';

/*
 * What strategies see. Prices and sizes of market data are floats, fit for indicators and statistics;
 * quantities and prices of orders are exact decimals and stay so.
 */

/** A closed bar. */
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

/** Top of the book; null where there is no such price. */
export interface Quote {
  readonly symbol: string;
  readonly at: number;
  readonly bid: number | null;
  readonly ask: number | null;
  readonly last: number | null;
}

export interface Trade {
  readonly symbol: string;
  readonly at: number;
  readonly price: number;
  readonly size: number;
}

/** An execution of one of the strategy's orders. */
export interface StrategyFill {
  readonly ref: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly at: number;
  readonly price: Decimal;
  readonly quantity: Decimal;
  /** Null while the venue has not said it. */
  readonly fee: Decimal | null;
}

export type StrategyOrderStatus =
  | 'HELD'
  | 'SUBMITTED'
  | 'IN_DOUBT'
  | 'WORKING'
  | 'TRIGGERED'
  | 'PARTIALLY_FILLED'
  | 'FILLED'
  | 'CANCELED'
  | 'EXPIRED'
  | 'REJECTED'
  | 'DENIED';

/** Something happened to one of the strategy's orders; `status` is what it is after it. */
export interface StrategyOrderEvent {
  readonly ref: string;
  readonly symbol: string;
  readonly at: number;
  readonly status: StrategyOrderStatus;
  /** Why it was denied, rejected or cancelled, where somebody has said it. */
  readonly reason: string | null;
}

export interface StrategyTimer {
  readonly name: string;
  /** When it was due. */
  readonly at: number;
}

/** An open order of the strategy. */
export interface StrategyOrderView {
  readonly ref: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly status: StrategyOrderStatus;
  /** Null for a notional order that the venue has not sized yet. */
  readonly quantity: Decimal | null;
  readonly filledQuantity: Decimal;
  readonly limitPrice: Decimal | null;
  readonly stopPrice: Decimal | null;
}

/** What the strategy holds, and the account that it trades on, as they were when the step began. */
export interface PortfolioView {
  /** Signed units that the strategy's own orders have opened. */
  position(symbol: string): number;
  /** The same, exact: what a closing order would have to be. */
  quantity(symbol: string): Decimal;
  /** Average price of that position; null without one. */
  averagePrice(symbol: string): number | null;
  /** The strategy's open orders. */
  readonly orders: readonly StrategyOrderView[];
  /** Realised by the strategy's own fills, before fees, in the currency of its instruments. */
  readonly realizedPnl: number;
  /** Of the whole account, in its base currency. */
  readonly cash: number;
  /** Null while a price that it needs is missing or stale. */
  readonly equity: number | null;
}

/** What is known of an instrument. */
export interface InstrumentView {
  readonly symbol: string;
  readonly currency: string;
  readonly tickSize: Decimal;
  readonly lotSize: Decimal;
  readonly multiplier: Decimal;
  readonly shortable: boolean;
  readonly fractionable: boolean;
}

export interface MarketView {
  instrument(symbol: string): InstrumentView | null;
  /** The last quote, if the strategy listens to quotes. */
  quote(symbol: string): Quote | null;
  /** The last closed bar that the strategy has been given. */
  bar(symbol: string, interval: BarInterval): Bar | null;
}

/** Read-only, and the same for everything that one step does. */
export interface StrategyView {
  readonly portfolio: PortfolioView;
  readonly market: MarketView;
}
