import type { Json, OrderSide } from '@omniquant/plugin-sdk';
import type { Offer } from '@omniquant/venue/market-liquidity';
import { isWithin, opposite } from '@omniquant/venue/resting-orders';

import type { FillModel } from '../fill-models.ts';
import { ConsumedLevels, type Replenish } from './consumed-levels.ts';
import { bestOf, type MarketDepth } from './market-depth.ts';
import type { RestingLine } from './resting-line.ts';
import { requestAt, type TickLiquidity, worsened } from './tick-liquidity.ts';
import { TradeAtHand } from './trade-at-hand.ts';

export interface BookLiquidityOptions {
  readonly depth: MarketDepth;
  readonly model: FillModel;
  readonly replenish: Replenish;
  /** Null has orders that rest before all others at their price. */
  readonly line: RestingLine | null;
}

/**
 * What a book of history trades with orders. A taker walks its levels from the best and takes what they show; an order
 * that rests trades with what comes to its price from the other side, and with trades of the market that reach it.
 */
export class BookLiquidity implements TickLiquidity {
  private readonly depth: MarketDepth;
  private readonly model: FillModel;
  private readonly consumed: ConsumedLevels;
  private readonly line: RestingLine | null;
  private readonly trade = new TradeAtHand();

  constructor({ depth, line, model, replenish }: BookLiquidityOptions) {
    this.depth = depth;
    this.model = model;
    this.line = line;
    this.consumed = new ConsumedLevels(replenish);
  }

  refresh(): void {
    // The depth is the feed's own, and moves with it.
  }

  best(side: OrderSide): Offer | undefined {
    const price = this.firstLeft(opposite(side));
    return Number.isNaN(price) ? undefined : { price, lots: this.leftAt(opposite(side), price) };
  }

  takeBest(side: OrderSide, wanted: number, limit: number | null): Offer | undefined {
    const price = this.firstLeft(opposite(side));
    if (Number.isNaN(price)) return undefined;
    const lots = this.take(opposite(side), price, wanted);
    return { lots, price: worsened(this.model, requestAt(side, 'TAKER', price, lots, false), limit) };
  }

  available(side: OrderSide, limit: number | null): number {
    const other = opposite(side);
    let total = 0;
    for (let price = bestOf(this.depth, other); isWithin(side, limit, price);) {
      if (Number.isNaN(price)) break;
      total += this.leftAt(other, price);
      price = this.depth.behind(other, price);
    }
    return total;
  }

  takeResting(side: OrderSide, price: number, wanted: number, place: number): number {
    const taken = this.takeCome(side, price, wanted);
    return taken > 0 ? taken : this.takeTraded(side, price, wanted, place);
  }

  restingPrice(_side: OrderSide, price: number): number {
    return price;
  }

  rested(place: number, side: OrderSide, price: number): void {
    this.line?.rested(place, side, price);
  }

  left(place: number): void {
    this.line?.left(place);
  }

  traded(price: number, lots: number, side: number): void {
    this.trade.begin(price, lots, side);
    this.line?.traded(this.trade);
  }

  tradeOver(): void {
    this.trade.end();
    this.line?.tradeOver();
  }

  levelSet(side: OrderSide, price: number): void {
    this.line?.levelSet(side, price);
  }

  bookMoved(isAnew: boolean): void {
    this.consumed.refresh(this.depth);
    this.line?.bookMoved(isAnew);
  }

  save(): Json {
    return { consumed: this.consumed.save(), line: this.line?.save() ?? null } as unknown as Json;
  }

  restore(saved: Json): void {
    const { consumed, line } = saved as unknown as {
      readonly consumed: ReturnType<ConsumedLevels['save']>;
      readonly line: Json;
    };
    this.consumed.restore(consumed);
    if (line !== null) this.line?.restore(line);
  }

  /** From whoever has come to the price from the other side. */
  private takeCome(side: OrderSide, price: number, wanted: number): number {
    const other = opposite(side);
    const come = this.firstLeft(other);
    if (Number.isNaN(come) || !isWithin(side, price, come)) return 0;
    const lots = this.model.lots(requestAt(side, 'MAKER', price, wanted, come !== price));
    return lots > 0 ? this.take(other, come, lots) : 0;
  }

  private takeTraded(side: OrderSide, price: number, wanted: number, place: number): number {
    const { line, model, trade } = this;
    const reach = trade.reach(side, price);
    if (reach === null) return 0;
    const reached = reach === 'AT' && line !== null ? line.reached(place) : Infinity;
    const most = Math.min(wanted, trade.lots, reached);
    if (most <= 0) return 0;
    const lots = model.lots(requestAt(side, 'MAKER', price, most, reach === 'THROUGH' || line !== null));
    trade.lots -= lots;
    if (reach === 'AT') line?.took(place, lots);
    return lots;
  }

  private take(side: OrderSide, price: number, wanted: number): number {
    const lots = Math.min(wanted, this.leftAt(side, price));
    this.consumed.take(side, price, this.depth.lotsAt(side, price), lots);
    return lots;
  }

  /** The best price of a side at which something is left; NaN without any. */
  private firstLeft(side: OrderSide): number {
    let price = bestOf(this.depth, side);
    while (!Number.isNaN(price) && this.leftAt(side, price) <= 0) price = this.depth.behind(side, price);
    return price;
  }

  private leftAt(side: OrderSide, price: number): number {
    return this.consumed.left(side, price, this.depth.lotsAt(side, price));
  }
}
