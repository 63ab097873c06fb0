import type { Json, OrderSide } from '@omniquant/plugin-sdk';
import type { MarketLiquidity } from '@omniquant/venue/market-liquidity';

import type { FillBar, FillModel, FillRequest } from '../fill-models.ts';

/** What the ticks of a symbol trade with its orders, and how it learns of them. Prices in ticks, sizes in lots. */
export interface TickLiquidity extends MarketLiquidity {
  /** The market has traded: until `tradeOver` orders may have been part of it. Side 1 a buyer took, -1 a seller. */
  traded(price: number, lots: number, side: number): void;
  tradeOver(): void;
  /** The feed has set a level. */
  levelSet(side: OrderSide, price: number): void;
  /** A message of the feed is over; `isAnew` when it gave the book, or its top, as a whole. */
  bookMoved(isAnew: boolean): void;
  save(): Json;
  restore(saved: Json): void;
}

/** Ticks have no bar. */
const NO_BAR: FillBar = { volume: null, range: 0, taken: 0 };

/** A request to the fill model of what trades at a tick. */
export const requestAt = (
  side: OrderSide,
  liquidity: FillRequest['liquidity'],
  price: number,
  wanted: number,
  isThrough: boolean,
): FillRequest => ({ side, liquidity, price, wanted, isThrough, bar: NO_BAR });

/** A price that is worse by what the fill model says, within a limit. */
export const worsened = (model: FillModel, request: FillRequest, limit: number | null): number => {
  const { price, side } = request;
  const ticks = model.worseBy(request);
  if (side === 'BUY') return Math.min(price + ticks, limit ?? Infinity);
  return Math.max(1, price - ticks, limit ?? 0);
};
