import type { OrderRecord } from '../../core/orders/order-record.ts';
import type { FillQuery, OrderQuery, Page } from '../../core/ports/order-reader.ts';
import type { FillRow } from '../../core/ports/read-model.ts';
import { pageSize, toConnection } from '../pagination/connection.ts';
import { cursorFormat, positionAfter } from '../pagination/cursor.ts';
import type { StreamCursors } from '../pagination/stream-cursor.ts';
import type { FillConnection } from './fill.type.ts';
import type { OrderMoment } from './fold-order-events.ts';
import type { FillsArgs, OrdersArgs } from './order.args.ts';
import type { OrderConnection } from './order.type.ts';
import type { OrderEventConnection } from './order-event.type.ts';
import { toFill, toOrder, toOrderEvent } from './order-view.ts';

const ORDERS = cursorFormat<[seq: number, id: string]>('orders', ['number', 'string']);
const FILLS = cursorFormat<[seq: number]>('fills', ['number']);

/** Filters that are not given (or null) filter nothing. */
function given<T extends object>(filters: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(filters).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}

export function orderQuery({ accountId, filter, first, after }: OrdersArgs): OrderQuery {
  const { symbol, status, open, from, to, strategyId } = filter ?? {};
  const position = positionAfter(after, (cursor) => ORDERS.decode(cursor));
  return {
    accountId,
    first: pageSize(first),
    ...given({ symbol, statuses: status, open, from, to, strategyId }),
    ...(position === null ? {} : { before: { seq: position[0], id: position[1] } }),
  };
}

export function toOrderConnection(accountId: string, page: Page<OrderRecord>): OrderConnection {
  const connection = toConnection(
    page,
    (record) => toOrder(accountId, record),
    (record) => ORDERS.encode(record.firstSeq, record.id),
  );
  return { ...connection, totalCount: null };
}

export function fillQuery({ accountId, symbol, from, to, first, after }: FillsArgs): FillQuery {
  const beforeSeq = fillPosition(after);
  return {
    accountId,
    first: pageSize(first),
    ...given({ symbol, from, to }),
    ...(beforeSeq === null ? {} : { beforeSeq }),
  };
}

export function fillPosition(after: string | null | undefined): number | null {
  return positionAfter(after, (cursor) => FILLS.decode(cursor)[0]);
}

export function toFillConnection(page: Page<FillRow>): FillConnection {
  return toConnection(
    page,
    (row) => toFill(row.orderId, row),
    (row) => FILLS.encode(row.seq),
  );
}

export function toOrderEventConnection(
  page: Page<OrderMoment>,
  cursors: StreamCursors,
): OrderEventConnection {
  return toConnection(
    page,
    (moment) => toOrderEvent(moment, cursors),
    (moment) => cursors.encode(moment.accountId, moment.seq),
  );
}
