import type { ExchangeArchive, ExchangeOutput, ExecutionRecord } from './exchange-output.ts';
import { isLive, type OrderState } from './order-state.ts';

/** An archive for runs that end before memory does, such as backtests. */
export class MemoryArchive implements ExchangeArchive {
  private readonly ordersById = new Map<number, OrderState>();
  private readonly ordersByVenueId = new Map<string, Map<string, OrderState>>();
  private readonly executions = new Map<string, ExecutionRecord>();

  /** Keeps what is done; hand it every output of the exchange. */
  keep(output: ExchangeOutput): void {
    for (const order of output.orders) if (!isLive(order)) this.keepOrder(order);
    for (const execution of output.executions) this.executions.set(execution.executionId, execution);
  }

  order(account: string, venueOrderId: string): OrderState | undefined {
    return this.ordersByVenueId.get(account)?.get(venueOrderId);
  }

  orderById(id: number): OrderState | undefined {
    return this.ordersById.get(id);
  }

  execution(executionId: string): ExecutionRecord | undefined {
    return this.executions.get(executionId);
  }

  private keepOrder(order: OrderState): void {
    this.ordersById.set(order.id, order);
    if (order.venueOrderId === null) return;
    const ofAccount = this.ordersByVenueId.get(order.account) ?? new Map<string, OrderState>();
    this.ordersByVenueId.set(order.account, ofAccount.set(order.venueOrderId, order));
  }
}
