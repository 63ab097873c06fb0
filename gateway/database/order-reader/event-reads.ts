import type { JournaledEvent } from '../../../core/engine/account-event.ts';
import type { OrderReader } from '../../../core/ports/order-reader.ts';
import { EVENT_COLUMNS, type EventRow, toEvent } from '../journal/event-row.ts';
import type { WorkspaceTransaction } from '../workspace-transaction.ts';
import { toPage } from './page.ts';

type EventReads = Pick<OrderReader, 'orderEvents' | 'accountEvents' | 'eventsOfOrders'>;

/**
 * OFFSET 0 keeps the planner from reading an account's whole journal in order to spare sorting the few
 * events of an order.
 */
const OF_ORDERS = `SELECT ${EVENT_COLUMNS} FROM journal_event WHERE account_id = $1 AND order_id = ANY ($2)`;

export function createEventReads(transaction: WorkspaceTransaction): EventReads {
  return {
    async orderEvents(accountId, orderId, first, afterSeq) {
      const rows = await transaction.query<EventRow>({
        name: 'reader-order-events',
        text: `SELECT * FROM (${OF_ORDERS} AND seq > $3 OFFSET 0) e ORDER BY seq LIMIT $4`,
        values: [accountId, [orderId], afterSeq ?? 0, first + 1],
      });
      return toPage(rows, first, (row) => toEvent(accountId, row));
    },

    async accountEvents(accountId, afterSeq, first) {
      const rows = await transaction.query<EventRow>({
        name: 'reader-account-events',
        text: `SELECT ${EVENT_COLUMNS} FROM journal_event WHERE account_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
        values: [accountId, afterSeq, first],
      });
      return rows.map((row) => toEvent(accountId, row));
    },

    async eventsOfOrders(accountId, orderIds, upToSeq): Promise<readonly JournaledEvent[]> {
      const rows = await transaction.query<EventRow>({
        name: 'reader-events-of-orders',
        text: `SELECT * FROM (${OF_ORDERS} AND seq <= $3 OFFSET 0) e ORDER BY seq`,
        values: [accountId, orderIds, upToSeq],
      });
      return rows.map((row) => toEvent(accountId, row));
    },
  };
}
