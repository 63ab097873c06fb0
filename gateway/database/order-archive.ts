import type { OrderRecord } from '../../core/orders/order-record.ts';
import type { OrderArchive } from '../../core/ports/order-archive.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { unavailable } from './database-error.ts';
import {
  FILL_COLUMNS,
  ORDER_COLUMNS,
  type StoredFill,
  type StoredOrder,
  toFillRow,
  withFills,
} from './rows.ts';

/** Done orders out of the read models, under the writer's role; each question is one indexed statement and one for the fills. */
export function createPostgresOrderArchive(pool: ConnectionPool): OrderArchive {
  type Found = readonly { readonly accountId: string; readonly record: OrderRecord }[];

  async function find(
    name: string,
    column: string,
    wanted: readonly (readonly [accountId: string, key: string])[],
    signal: AbortSignal,
  ): Promise<Found> {
    try {
      const orders = await pool.query<StoredOrder>(
        {
          name,
          text: `SELECT ${ORDER_COLUMNS} FROM orders o
                   JOIN unnest($1::text[], $2::text[]) AS w (account_id, key) ON o.account_id = w.account_id AND o.${column} = w.key`,
          values: [wanted.map(([accountId]) => accountId), wanted.map(([, key]) => key)],
        },
        signal,
      );
      if (orders.length === 0) return [];
      const fills = await pool.query<StoredFill>(
        {
          name: 'archive-fills',
          text: `SELECT ${FILL_COLUMNS} FROM fill f
                   JOIN unnest($1::text[], $2::text[]) AS w (account_id, order_id) USING (account_id, order_id)
                  ORDER BY f.seq`,
          values: [orders.map((order) => order.account_id), orders.map((order) => order.id)],
        },
        signal,
      );
      return withFills(orders, fills);
    } catch (cause) {
      throw unavailable('the order archive', cause);
    }
  }

  return {
    byClientIds: (wanted, signal) =>
      find(
        'archive-by-client-ids',
        'client_order_id',
        wanted.map(({ accountId, clientOrderId }) => [accountId, clientOrderId] as const),
        signal,
      ),

    byIds: (wanted, signal) =>
      find(
        'archive-by-ids',
        'id',
        wanted.map(({ accountId, orderId }) => [accountId, orderId] as const),
        signal,
      ),

    async fillsOf(accountId, symbol, signal) {
      try {
        const rows = await pool.query<StoredFill & { terms: string }>(
          {
            name: 'archive-fills-of-symbol',
            text: `SELECT ${FILL_COLUMNS}, o.terms
                     FROM fill f JOIN orders o ON o.id = f.order_id AND o.account_id = f.account_id
                    WHERE f.account_id = $1 AND f.symbol = $2 ORDER BY f.seq`,
            values: [accountId, symbol],
          },
          signal,
        );
        return rows.map((row) => {
          const { multiplier, currency } = JSON.parse(row.terms) as OrderRecord;
          return { ...toFillRow(row), multiplier, currency };
        });
      } catch (cause) {
        throw unavailable('the fills of a symbol', cause);
      }
    },
  };
}
