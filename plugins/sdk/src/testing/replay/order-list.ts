import type { StrategyOrderStatus } from '../../strategy-inputs.ts';
import type { StrategyInput } from '../../strategy-instance.ts';
import { isOpen, type PaperOrder } from './order.ts';

/** All orders of a replay, and what the strategy is told of them. */
export class OrderList {
  readonly all: PaperOrder[] = [];
  private openOrders: PaperOrder[] = [];
  private readonly tell: (input: StrategyInput) => void;

  constructor(tell: (input: StrategyInput) => void) {
    this.tell = tell;
  }

  /** In the order in which they were asked for. */
  get open(): readonly PaperOrder[] {
    return this.openOrders;
  }

  add(order: PaperOrder): void {
    this.all.push(order);
    this.openOrders.push(order);
  }

  /** The open order of that name. */
  find(ref: string): PaperOrder | undefined {
    return this.openOrders.find((order) => order.ref === ref);
  }

  /** Gives an order a status that it goes on with. */
  report(order: PaperOrder, status: StrategyOrderStatus, at: number, reason: string | null = null): void {
    order.status = status;
    const { ref, symbol } = order;
    this.tell({ kind: 'orderEvent', at, event: { ref, symbol, at, status, reason } });
  }

  /** Gives an order its last status. */
  end(order: PaperOrder, status: StrategyOrderStatus, at: number, reason: string | null = null): void {
    if (!isOpen(order)) return;
    order.endedAt = at;
    order.reason = reason;
    this.openOrders = this.openOrders.filter((other) => other !== order);
    this.report(order, status, at, reason);
    // An entry that ends unfilled takes its legs with it; one that ends part-filled leaves them.
    if (order.filled > 0n) return;
    for (const leg of order.legs) {
      this.end(leg, 'CANCELED', at, 'the entry of the bracket has ended unfilled');
    }
  }
}
