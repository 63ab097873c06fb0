import type { ExchangeArchive, ExchangeOutput, ExecutionRecord } from '@omniquant/venue/exchange-output';
import { isLive, type OrderState } from '@omniquant/venue/order-state';

import { ACCOUNT, type Arrivals } from './arrivals.ts';

/**
 * Orders that are over at the venue while a request that names them is under way: it is told that it is too late. All
 * others are forgotten, so that a run does not grow with them; nothing is busted here.
 */
export class DoneOrders implements ExchangeArchive {
  private kept: OrderState[] = [];
  private readonly arrivals: Arrivals;

  constructor(arrivals: Arrivals) {
    this.arrivals = arrivals;
  }

  get orders(): readonly OrderState[] {
    return this.kept;
  }

  keep(order: OrderState): void {
    this.kept.push(order);
  }

  take(output: ExchangeOutput): void {
    if (this.kept.length > 0) this.kept = this.kept.filter((order) => this.isNamed(order));
    if (this.arrivals.count === 0) return;
    for (const order of output.orders) if (!isLive(order) && this.isNamed(order)) this.kept.push(order);
  }

  order(account: string, venueOrderId: string): OrderState | undefined {
    if (account !== ACCOUNT) return undefined;
    return this.kept.find((order) => order.venueOrderId === venueOrderId);
  }

  orderById(id: number): OrderState | undefined {
    return this.kept.find((order) => order.id === id);
  }

  execution(): ExecutionRecord | undefined {
    return undefined;
  }

  private isNamed({ venueOrderId }: OrderState): boolean {
    return venueOrderId !== null && this.arrivals.names(venueOrderId);
  }
}
