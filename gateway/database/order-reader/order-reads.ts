import type { OrderRecord } from '../../../core/orders/order-record.ts';
import type { OrderReader, Page } from '../../../core/ports/order-reader.ts';
import type { FillRow } from '../../../core/ports/read-model.ts';
import { toRecord } from '../order-text.ts';
import { FILL_COLUMNS, ORDER_COLUMNS, type StoredFill, type StoredOrder, toFillRow } from '../rows.ts';
import type { WorkspaceTransaction } from '../workspace-transaction.ts';
import { Conditions, toPage } from './page.ts';

type OrderReads = Pick<
  OrderReader,
  'ordersByIds' | 'orderByClientId' | 'orders' | 'legsOf' | 'fills' | 'fillsOfOrders'
>;

const OPEN_ORDERS = 'open_order JOIN orders o USING (account_id, created_seq)';

/** Records come without their fills: those are asked for in pages. */
export function createOrderReads(transaction: WorkspaceTransaction): OrderReads {
  const orders = (name: string, condition: string, values: unknown[]): Promise<readonly StoredOrder[]> =>
    transaction.query<StoredOrder>({
      name,
      text: `SELECT ${ORDER_COLUMNS} FROM orders o WHERE ${condition}`,
      values,
    });

  return {
    async ordersByIds(ids) {
      const rows = await orders('reader-orders-by-ids', 'o.id = ANY ($1)', [ids]);
      return rows.map(withAccount);
    },

    async orderByClientId(accountId, clientOrderId) {
      const condition = 'o.account_id = $1 AND o.client_order_id = $2';
      const [row] = await orders('reader-order-by-client-id', condition, [accountId, clientOrderId]);
      return row === undefined ? null : withoutFills(row);
    },

    async legsOf(parentIds) {
      const condition = 'o.parent_id = ANY ($1) ORDER BY o.account_id, o.created_seq';
      return (await orders('reader-legs', condition, [parentIds])).map(withAccount);
    },

    async orders(query) {
      const conditions = new Conditions()
        .add('o.account_id = ?', query.accountId)
        .add('o.symbol = ?', query.symbol)
        .add('o.status = ANY (?)', query.statuses)
        .add('o.created_at >= ?', query.from)
        .add('o.created_at < ?', query.to)
        .add('o.strategy_id = ?', query.strategyId)
        .add('o.created_seq < ?', query.before?.seq);
      const from = query.open === true ? OPEN_ORDERS : 'orders o';
      const closed = query.open === false ? 'AND NOT o.open' : '';
      const rows = await transaction.query<StoredOrder>({
        text: `SELECT ${ORDER_COLUMNS} FROM ${from} WHERE ${conditions.text} ${closed}
                ORDER BY o.created_seq DESC LIMIT ${conditions.parameter(query.first + 1)}`,
        values: conditions.values,
      });
      return toPage(rows, query.first, withoutFills);
    },

    async fills(query) {
      const conditions = new Conditions()
        .add('f.account_id = ?', query.accountId)
        .add('f.symbol = ?', query.symbol)
        .add('f.at >= ?', query.from)
        .add('f.at < ?', query.to)
        .add('f.seq < ?', query.beforeSeq);
      const rows = await transaction.query<StoredFill>({
        text: `SELECT ${FILL_COLUMNS} FROM fill f WHERE ${conditions.text}
                ORDER BY f.seq DESC LIMIT ${conditions.parameter(query.first + 1)}`,
        values: conditions.values,
      });
      return toPage(rows, query.first, toFillRow);
    },

    async fillsOfOrders(orderIds, first, afterSeq) {
      const rows = await transaction.query<StoredFill>({
        name: 'reader-fills-of-orders',
        text: `SELECT ${FILL_COLUMNS} FROM unnest($1::text[]) AS o (id)
                CROSS JOIN LATERAL (
                  SELECT * FROM fill WHERE order_id = o.id AND seq > $2 ORDER BY seq LIMIT $3) f
                ORDER BY f.order_id, f.seq`,
        values: [[...new Set(orderIds)], afterSeq ?? 0, first + 1],
      });
      const pages = new Map<string, Page<FillRow>>();
      for (const [orderId, list] of Map.groupBy(rows, (row) => row.order_id)) {
        pages.set(orderId, toPage(list, first, toFillRow));
      }
      return pages;
    },
  };
}

const withoutFills = (row: StoredOrder): OrderRecord => toRecord(row, []);

const withAccount = (row: StoredOrder): { accountId: string; record: OrderRecord } => ({
  accountId: row.account_id,
  record: withoutFills(row),
});
