import { type Fixed, formatDecimal, ONE } from '@omniquant/plugin-sdk/decimal';

import type { JournaledEvent } from '../engine/account-event.ts';
import type { Order } from '../orders/order.ts';
import { averageFillPrice, isOpen, statusOf } from '../orders/status.ts';
import type { BacktestFill, BacktestOrder } from './backtest-result.ts';

const textOrNull = (value: Fixed | null): string | null => (value === null ? null : formatDecimal(value));

const feesOf = ({ fills }: Order): Fixed => {
  let fees = 0n;
  for (const { fee } of fills.values()) fees += fee ?? 0n;
  return fees;
};

const rowOf = (order: Order, ref: string | null): BacktestOrder => ({
  id: order.id,
  ref,
  symbol: order.symbol,
  side: order.side,
  type: order.type,
  timeInForce: order.timeInForce,
  role: order.role,
  parentId: order.parentId,
  quantity: textOrNull(order.quantity),
  filledQuantity: formatDecimal(order.filledQuantity),
  averageFillPrice: textOrNull(averageFillPrice(order)),
  limitPrice: textOrNull(order.limitPrice),
  stopPrice: textOrNull(order.triggerPrice),
  fees: formatDecimal(feesOf(order)),
  status: statusOf(order),
  reason: order.denial?.message ?? order.reason,
  at: order.createdAt,
  endedAt: isOpen(order) ? null : order.updatedAt,
});

export interface OrderLogOptions {
  readonly refOf: (orderId: string) => string | null;
  readonly orderOf: (orderId: string) => Order | undefined;
  /** Base currency for one unit of a currency, now; null where no price says it. */
  readonly rateOf: (currency: string) => Fixed | null;
}

/** Orders and fills of a run as rows. An order is written when it is over; open ones are written when they are asked for. */
export class OrderLog {
  readonly fills: BacktestFill[] = [];
  denied = 0;
  rejected = 0;
  private readonly rows: (BacktestOrder | null)[] = [];
  /** Places of the open ones. */
  private readonly open = new Map<string, number>();
  private readonly options: OrderLogOptions;

  constructor(options: OrderLogOptions) {
    this.options = options;
  }

  get count(): number {
    return this.rows.length;
  }

  take(events: readonly JournaledEvent[], touched: ReadonlyMap<string, Order>): void {
    for (const { event } of events) {
      switch (event.type) {
        case 'INITIALIZED':
          this.open.set(event.orderId, this.rows.push(null) - 1);
          break;
        case 'DENIED':
          this.denied += 1;
          break;
        case 'REJECTED':
          this.rejected += 1;
          break;
        case 'FILLED':
          this.takeFill(event, touched.get(event.orderId));
          break;
        default:
      }
    }
    for (const order of touched.values()) this.settle(order);
  }

  /** Rows of all orders; those that are open as they stand. */
  orders(): BacktestOrder[] {
    const rows = [...this.rows];
    for (const [orderId, place] of this.open) {
      const order = this.options.orderOf(orderId);
      if (order !== undefined) rows[place] = rowOf(order, this.options.refOf(orderId));
    }
    return rows.filter((row) => row !== null);
  }

  save() {
    const { denied, fills, open, rejected, rows } = this;
    return { denied, rejected, fills: [...fills], rows: [...rows], open: [...open] };
  }

  restore(saved: ReturnType<OrderLog['save']>): void {
    this.denied = saved.denied;
    this.rejected = saved.rejected;
    this.fills.push(...saved.fills);
    this.rows.push(...saved.rows);
    for (const [orderId, place] of saved.open) this.open.set(orderId, place);
  }

  private settle(order: Order): void {
    const place = this.open.get(order.id);
    if (place === undefined || isOpen(order)) return;
    this.rows[place] = rowOf(order, this.options.refOf(order.id));
    this.open.delete(order.id);
  }

  private takeFill(
    event: Extract<JournaledEvent['event'], { type: 'FILLED' }>,
    order: Order | undefined,
  ): void {
    if (order === undefined) return;
    const { currency, multiplier, side, symbol } = order;
    this.fills.push({
      orderId: order.id,
      symbol,
      side,
      at: event.executedAt,
      price: event.price,
      quantity: event.quantity,
      multiplier: formatDecimal(multiplier),
      fee: event.fee ?? '0',
      feeCurrency: event.feeCurrency ?? currency,
      rate: formatDecimal(this.options.rateOf(currency) ?? ONE),
      liquidity: event.liquidity,
    });
  }
}
