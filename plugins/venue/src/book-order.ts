import type { OrderSide } from '@omniquant/plugin-sdk';

export type BookTimeInForce = 'GTC' | 'IOC' | 'FOK';

/** An order for the book: prices in ticks, quantities in lots, all whole and positive. */
export interface BookOrder {
  /** Unique among the orders that rest. */
  readonly id: number;
  readonly side: OrderSide;
  /** Null takes any price and never rests. */
  readonly price: number | null;
  readonly quantity: number;
  readonly timeInForce: BookTimeInForce;
  readonly postOnly: boolean;
  /** The part that the book shows at a time; null shows all. */
  readonly display: number | null;
}

/** One maker's share of a match, at the maker's price. */
export interface BookFill {
  readonly makerId: number;
  readonly price: number;
  readonly quantity: number;
  /** What is left of the maker, its hidden part included. */
  readonly makerLeaves: number;
}

/**
 * `rested`: the remainder waits in the book. `done`: nothing is left. `canceled`: the remainder was
 * not allowed to wait. `refused`: nothing happened: a post-only order would have taken, or a
 * fill-or-kill order found too little.
 */
export interface BookResult {
  readonly outcome: 'rested' | 'done' | 'canceled' | 'refused';
  readonly fills: readonly BookFill[];
  readonly leaves: number;
}

/** An order as it waits in the book. */
export interface RestingOrder {
  readonly id: number;
  readonly side: OrderSide;
  readonly price: number;
  /** All that is left, hidden part included. */
  readonly leaves: number;
  /** The part that the book shows now. */
  readonly shown: number;
  readonly display: number | null;
}

export interface BookLevel {
  readonly price: number;
  /** Shown lots. */
  readonly quantity: number;
  readonly orders: number;
}
