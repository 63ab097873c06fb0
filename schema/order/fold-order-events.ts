import type { JournaledEvent } from '../../core/engine/account-event.ts';
import { applyToOrder, isOrderEvent } from '../../core/orders/apply-to-order.ts';
import type { Order } from '../../core/orders/order.ts';
import type { OrderEventType } from '../../core/orders/order-event.ts';
import type { OrderFillRecord, OrderRecord } from '../../core/orders/order-record.ts';
import { fillToRecord, orderToRecord } from '../../core/orders/order-record-codec.ts';

/** RECALLED only brings a done order back to memory: nothing has happened to it. */
export type ShownEventType = Exclude<OrderEventType, 'RECALLED'>;

/** An order right after one of its events. */
export interface OrderMoment {
  readonly accountId: string;
  readonly seq: number;
  readonly type: ShownEventType;
  /** Market time. */
  readonly at: number;
  readonly recordedAt: number;
  /** Without its fills. */
  readonly record: OrderRecord;
  /** That the event booked or busted. */
  readonly fill: OrderFillRecord | null;
}

/** Orders of one account as their events make them, followed event by event. */
export interface OrderFold {
  /** Orders that the events concern and whose past must be learned first. */
  missing(events: readonly JournaledEvent[]): string[];
  /** Takes in the past of orders: all their events from the first, in order. */
  learn(events: readonly JournaledEvent[]): void;
  /** What the events, next in order, have made of their orders; those that show nothing are left out. */
  follow(events: readonly JournaledEvent[]): OrderMoment[];
}

const orderIdOf = ({ event }: JournaledEvent): string | null => (isOrderEvent(event) ? event.orderId : null);

const begins = ({ event }: JournaledEvent): boolean =>
  event.type === 'INITIALIZED' || event.type === 'RECALLED';

/** `capacity`: orders remembered between calls of `follow`; the one changed longest ago is forgotten first. */
export function createOrderFold(capacity = Number.POSITIVE_INFINITY): OrderFold {
  const orders = new Map<string, Order>();

  const fold = (journaled: JournaledEvent): Order | null => {
    const id = orderIdOf(journaled);
    if (id === null) return null;
    const order = applyToOrder(begins(journaled) ? undefined : orders.get(id), journaled);
    orders.delete(id);
    orders.set(id, order);
    return order;
  };

  const forget = (): void => {
    for (const id of orders.keys()) {
      if (orders.size <= capacity) return;
      orders.delete(id);
    }
  };

  return {
    missing(events) {
      const begun = new Set<string>();
      const missing = new Set<string>();
      for (const journaled of events) {
        const id = orderIdOf(journaled);
        if (id === null || begun.has(id) || orders.has(id)) continue;
        if (begins(journaled)) begun.add(id);
        else missing.add(id);
      }
      return [...missing];
    },
    learn(events) {
      for (const journaled of events) fold(journaled);
    },
    follow(events) {
      const moments: OrderMoment[] = [];
      for (const journaled of events) {
        const order = fold(journaled);
        const moment = order === null ? null : toMoment(order, journaled);
        if (moment !== null) moments.push(moment);
      }
      forget();
      return moments;
    },
  };
}

function toMoment(
  order: Order,
  { accountId, seq, at, recordedAt, event }: JournaledEvent,
): OrderMoment | null {
  if (!isOrderEvent(event) || event.type === 'FEE_CHARGED' || event.type === 'RECALLED') return null;
  const fill = 'executionId' in event ? order.fills.get(event.executionId) : undefined;
  return {
    accountId,
    seq,
    type: event.type,
    at,
    recordedAt,
    record: orderToRecord(order, { fills: false }),
    // A bust may come before its fill: there is nothing to show of it yet.
    fill: fill === undefined || fill.quantity === 0n ? null : fillToRecord(fill),
  };
}
