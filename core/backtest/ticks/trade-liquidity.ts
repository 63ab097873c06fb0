import type { Json, OrderSide } from '@omniquant/plugin-sdk';
import type { Offer } from '@omniquant/venue/market-liquidity';
import { isWithin } from '@omniquant/venue/resting-orders';

import type { FillModel } from '../fill-models.ts';
import { requestAt, type TickLiquidity, worsened } from './tick-liquidity.ts';
import { TradeAtHand } from './trade-at-hand.ts';

/**
 * What trades alone trade with orders: each trade as many lots as it was of, at its price. Nothing stands between two of
 * them, so a taker waits for the next.
 */
export class TradeLiquidity implements TickLiquidity {
  readonly isMomentary = true;
  private readonly model: FillModel;
  private readonly trade = new TradeAtHand();

  constructor(model: FillModel) {
    this.model = model;
  }

  refresh(): void {
    // Trades are told as they come.
  }

  best(): Offer | undefined {
    const { lots, price } = this.trade;
    return lots > 0 ? { price, lots } : undefined;
  }

  takeBest(side: OrderSide, wanted: number, limit: number | null): Offer | undefined {
    const { price } = this.trade;
    const lots = Math.min(wanted, this.trade.lots);
    if (lots <= 0) return undefined;
    this.trade.lots -= lots;
    return { lots, price: worsened(this.model, requestAt(side, 'TAKER', price, lots, false), limit) };
  }

  available(side: OrderSide, limit: number | null): number {
    return this.trade.lots > 0 && isWithin(side, limit, this.trade.price) ? this.trade.lots : 0;
  }

  takeResting(side: OrderSide, price: number, wanted: number): number {
    const reach = this.trade.reach(side, price);
    if (reach === null) return 0;
    const most = Math.min(wanted, this.trade.lots);
    const lots = this.model.lots(requestAt(side, 'MAKER', price, most, reach === 'THROUGH'));
    this.trade.lots -= lots;
    return lots;
  }

  restingPrice(_side: OrderSide, price: number): number {
    return price;
  }

  traded(price: number, lots: number, side: number): void {
    this.trade.begin(price, lots, side);
  }

  tradeOver(): void {
    this.trade.end();
  }

  levelSet(): void {
    // There are no levels.
  }

  bookMoved(): void {
    // There is no book.
  }

  save(): Json {
    return null;
  }

  restore(): void {
    // Nothing outlives a trade.
  }
}
