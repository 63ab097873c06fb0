import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { fractionOfTicks, type InstrumentGrid } from './instrument-grid.ts';
import { isTrailing } from './order-checks.ts';
import type { OrderState } from './order-state.ts';

/** A moved trigger is reported this often at most, in market time. */
const REPORT_EVERY_MS = 5_000;

/** Whether the last trade at `last` sets off an order. Stops wait for a worse price, if-touched for a better. */
export const isTriggered = (order: OrderState, last: number): boolean => {
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

/** Where a trailing trigger belongs when the market trades at a price and nothing was before. */
export const initialTrail = (order: OrderState, grid: InstrumentGrid, last: number): number => {
  const trail = trailOf(order, grid, last);
  return order.terms.side === 'SELL' ? Math.max(1, last - trail) : last + trail;
};

/** The orders of one symbol that wait for a trigger. Triggers and trails follow the last trade. */
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
  trail(last: number): OrderState[] {
    if (this.trailing === 0) return [];
    const moved = [...this.orders].filter(
      (order) => isTrailing(order.terms.type) && this.moveTrail(order, last),
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

  /** Takes out and returns the orders that a trade sets off, the earlier first. */
  setOff(last: number): OrderState[] {
    if (this.orders.size === 0 || this.isQuietAt(last)) return [];
    const triggered = [...this.orders]
      .filter((order) => isTriggered(order, last))
      .sort((a, b) => a.priority - b.priority);
    for (const order of triggered) this.delete(order);
    return triggered;
  }

  /** A trail only ever comes closer to the market. */
  private moveTrail(order: OrderState, last: number): boolean {
    const wanted = initialTrail(order, this.grid, last);
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
