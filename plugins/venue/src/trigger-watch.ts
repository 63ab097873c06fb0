import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { fractionOfTicks, type InstrumentGrid } from './instrument-grid.ts';
import type { MarketTick } from './market-tick.ts';
import { isTrailing } from './order-checks.ts';
import type { OrderState } from './order-state.ts';

/** A moved trigger is reported this often at most, in market time. */
const REPORT_EVERY_MS = 5_000;

/** The prices that triggers go by. */
export type TriggerPrices = Pick<MarketTick, 'last' | 'bid' | 'ask'>;

/**
 * The price that a trigger goes by: the last trade, and in a market of which only quotes are known what an order of its
 * side would trade at. Undefined where there is neither.
 */
const referenceOf = ({ terms }: OrderState, { ask, bid, last }: TriggerPrices): number | undefined => {
  if (last > 0) return last;
  const far = terms.side === 'BUY' ? ask : bid;
  return far > 0 && far < Infinity ? far : undefined;
};

const isSetOff = (order: OrderState, prices: TriggerPrices): boolean => {
  const reference = referenceOf(order, prices);
  return reference !== undefined && isTriggered(order, reference);
};

/** Whether the last trade at `last` sets off an order. Stops wait for a worse price, if-touched for a better. */
const isTriggered = (order: OrderState, last: number): boolean => {
  if (order.stop === null) return false;
  const { type, side } = order.terms;
  const isIfTouched = type === 'MARKET_IF_TOUCHED' || type === 'LIMIT_IF_TOUCHED';
  const waitsForRise = (side === 'BUY') !== isIfTouched;
  return waitsForRise ? last >= order.stop : last <= order.stop;
};

/** Ticks that a trailing trigger keeps from a price. */
const trailOf = (order: OrderState, grid: InstrumentGrid, price: number): number => {
  const offset = parseDecimal(order.terms.trailingOffset ?? '0');
  return order.terms.trailingOffsetType === 'PERCENT' ? fractionOfTicks(price, offset) : grid.ticksOf(offset);
};

/** Where a trailing trigger belongs at these prices when nothing was before. */
export const initialTrail = (order: OrderState, grid: InstrumentGrid, prices: TriggerPrices): number => {
  const reference = referenceOf(order, prices) ?? 0;
  const trail = trailOf(order, grid, reference);
  return order.terms.side === 'SELL' ? Math.max(1, reference - trail) : reference + trail;
};

/** The orders of one symbol that wait for a trigger. */
export class TriggerWatch {
  private readonly grid: InstrumentGrid;
  private readonly orders = new Set<OrderState>();
  private trailing = 0;
  /** Nothing is set off by a price between them; undefined when they have to be found anew. */
  private quiet: { readonly above: number; readonly below: number } | undefined;

  constructor(grid: InstrumentGrid) {
    this.grid = grid;
  }

  add(order: OrderState): void {
    this.orders.add(order);
    if (isTrailing(order.terms.type)) this.trailing += 1;
    this.quiet = undefined;
  }

  delete(order: OrderState): void {
    if (!this.orders.delete(order)) return;
    if (isTrailing(order.terms.type)) this.trailing -= 1;
    this.quiet = undefined;
  }

  /** Moves trailing triggers to a new price and returns the orders whose trigger moved. */
  trail(prices: TriggerPrices): OrderState[] {
    if (this.trailing === 0) return [];
    const moved = [...this.orders].filter(
      (order) => isTrailing(order.terms.type) && this.moveTrail(order, prices),
    );
    if (moved.length > 0) this.quiet = undefined;
    return moved;
  }

  /** The orders whose moved trigger is to be reported now. */
  dueReports(at: number): OrderState[] {
    if (this.trailing === 0) return [];
    return [...this.orders].filter(
      (order) => order.stop !== order.reportedStop && at - order.stopReportedAt >= REPORT_EVERY_MS,
    );
  }

  /** Takes out and returns the orders that these prices set off, the earlier first. */
  setOff(prices: TriggerPrices): OrderState[] {
    if (this.orders.size === 0 || (prices.last > 0 && this.isQuietAt(prices.last))) return [];
    const triggered = [...this.orders]
      .filter((order) => isSetOff(order, prices))
      .sort((a, b) => a.priority - b.priority);
    for (const order of triggered) this.delete(order);
    return triggered;
  }

  /** A trail only ever comes closer to the market. */
  private moveTrail(order: OrderState, prices: TriggerPrices): boolean {
    if (referenceOf(order, prices) === undefined) return false;
    const wanted = initialTrail(order, this.grid, prices);
    const isCloser =
      order.stop === null || (order.terms.side === 'SELL' ? wanted > order.stop : wanted < order.stop);
    if (!isCloser) return false;
    order.stop = wanted;
    if (order.limitOffset !== null) order.limit = Math.max(1, wanted + order.limitOffset);
    return true;
  }

  private isQuietAt(last: number): boolean {
    this.quiet ??= this.findQuiet();
    return last > this.quiet.below && last < this.quiet.above;
  }

  private findQuiet(): { above: number; below: number } {
    let above = Infinity;
    let below = -Infinity;
    for (const order of this.orders) {
      if (order.stop === null) continue;
      // What a much higher price sets off waits for a rise.
      if (isTriggered(order, order.stop + 1)) above = Math.min(above, order.stop);
      else below = Math.max(below, order.stop);
    }
    return { above, below };
  }
}
