import type { Notification } from '@omniquant/plugin-sdk';
import type { PoolClient } from 'pg';

import type { ConditionScope } from '../../../core/notifications/condition-watch.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { unavailable } from '../database-error.ts';
import { EVENT_COLUMNS, type EventRow } from '../journal/event-row.ts';

/** A row of the outbox, with the journal's event where it tells of one. */
export type StoredOutboxRow = Omit<EventRow, 'payload'> & {
  readonly id: string;
  readonly workspace_id: string | null;
  readonly account_id: string | null;
  readonly account_name: string | null;
  readonly content: string | null;
  readonly payload: string | null;
};

const COLUMNS = EVENT_COLUMNS.split(', ')
  .map((column) => `e.${column}`)
  .join(', ');

/** The oldest of each account first. */
export async function readOutbox(client: PoolClient, first: number): Promise<readonly StoredOutboxRow[]> {
  const { rows } = await client.query<StoredOutboxRow>(
    `SELECT o.id, o.workspace_id, o.account_id, o.content, a.name AS account_name, ${COLUMNS}
       FROM (SELECT * FROM notification_outbox ORDER BY account_id, seq, id LIMIT $1) o
       LEFT JOIN account a ON a.account_id = o.account_id
       LEFT JOIN journal_event e ON e.account_id = o.account_id AND e.seq = o.seq
      ORDER BY o.account_id, o.seq, o.id`,
    [first],
  );
  return rows;
}

export interface GatewayOutbox {
  /** Safe to repeat: what is there already stays as it is. */
  put(notification: Notification, scope: ConditionScope, signal: AbortSignal): Promise<void>;
}

const OF_GATEWAY = `INSERT INTO notification_outbox (id, content) VALUES ($1, $2) ON CONFLICT DO NOTHING`;

/** Once for each workspace that has accounts behind the connection. */
const OF_CONNECTION = `
INSERT INTO notification_outbox (id, workspace_id, content)
  SELECT $1 || ':' || w.workspace_id, w.workspace_id, $2
    FROM (SELECT DISTINCT workspace_id FROM account WHERE broker = $3 AND connection = $4) w
ON CONFLICT DO NOTHING`;

/** Where the gateway puts what it has to say of itself. */
export function createGatewayOutbox(pool: ConnectionPool): GatewayOutbox {
  return {
    async put(notification, scope, signal) {
      const { id } = notification;
      const content = JSON.stringify(notification);
      const statement =
        scope.kind === 'gateway'
          ? { text: OF_GATEWAY, values: [id, content] }
          : { text: OF_CONNECTION, values: [id, content, scope.broker, scope.connection] };
      try {
        await pool.query(statement, signal);
      } catch (cause) {
        throw unavailable('the outbox', cause);
      }
    },
  };
}
