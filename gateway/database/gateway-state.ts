import type {
  GatewayStateReader,
  GatewayStateWriter,
  GatewayTrading,
} from '../../core/ports/gateway-state.ts';
import { appendAudit } from './audit-log.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { unavailable } from './database-error.ts';
import { openWorkspaceTransaction } from './workspace-transaction.ts';

interface StoredState {
  readonly state: GatewayTrading['state'];
  readonly version: number;
  readonly cancel_open_orders: boolean;
  readonly reason: string;
}

/** Under the writer's or the app's role. */
export function createGatewayStateReader(pool: ConnectionPool): GatewayStateReader {
  return {
    async read(signal) {
      try {
        const [row] = await pool.query<StoredState>(
          {
            name: 'gateway-state',
            text: 'SELECT state, version, cancel_open_orders, reason FROM gateway_state',
          },
          signal,
        );
        return toTrading(row);
      } catch (cause) {
        throw unavailable('the gateway’s trading state', cause);
      }
    },
  };
}

/** Under the app's role. The change and its audit entry are one transaction. */
export function createGatewayStateWriter(pool: ConnectionPool): GatewayStateWriter {
  return {
    async write({ state, cancelOpenOrders, reason, actor, workspaceId, at }, signal) {
      const transaction = openWorkspaceTransaction(pool, { workspaceId, mode: 'READ WRITE' }, signal);
      try {
        const [row] = await transaction.query<StoredState>({
          text: `UPDATE gateway_state
                    SET state = $1, version = version + 1, cancel_open_orders = $2, reason = $3, changed_by = $4, changed_at = $5
                 RETURNING state, version, cancel_open_orders, reason`,
          values: [state, cancelOpenOrders, reason, actor, at],
        });
        const trading = toTrading(row);
        const details = { state, cancelOpenOrders, reason, version: trading.version };
        await appendAudit(transaction, { at, actor, action: 'gateway.trading-state', target: null, details });
        await transaction.commit();
        return trading;
      } finally {
        await transaction.rollback();
      }
    },
  };
}

function toTrading(row: StoredState | undefined): GatewayTrading {
  if (row === undefined) throw new Error('gateway_state has no row: the database was not migrated');
  return {
    state: row.state,
    version: row.version,
    cancelOpenOrders: row.cancel_open_orders,
    reason: row.reason,
  };
}
