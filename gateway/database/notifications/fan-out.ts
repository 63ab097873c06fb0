import type { Notification } from '@omniquant/plugin-sdk';
import type { PoolClient } from 'pg';

import { type ChannelFilter, isForChannel } from '../../../core/notifications/channel-filter.ts';
import { condense, type CondenseLimits } from '../../../core/notifications/condense.ts';
import { toNotification } from '../../../core/notifications/to-notification.ts';
import { inTransaction } from '../background-transaction.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { toEvent } from '../journal/event-row.ts';
import { addDeliveries, growDeliveries, readQueues } from './delivery-queue.ts';
import { readOutbox, type StoredOutboxRow } from './outbox.ts';

/** Rows of the outbox that one transaction takes. */
const BATCH = 500;
/** Whoever fans out holds this advisory lock: what is condensed is then decided by one alone. */
const LOCK = 7_310_042_119n;

export interface FanOut {
  /** Takes all that is there, or nothing while another gateway is at it. Answers how many alerts it took. */
  run(signal: AbortSignal): Promise<number>;
}

interface FanOutOptions {
  /** Of the writer's role. */
  readonly pool: ConnectionPool;
  readonly limits: CondenseLimits;
  readonly now: () => number;
  /** Told of a row that says nothing: it is dropped. */
  readonly onUnreadable: (id: string, error: unknown) => void;
}

interface Arrival {
  readonly workspaceId: string | null;
  readonly notification: Notification;
}

/**
 * Turns rows of the outbox into deliveries for the channels that they are for. A row goes in the transaction
 * that adds its deliveries, so that it is neither lost nor told twice, whenever the process dies.
 */
export function createFanOut({ limits, now, onUnreadable, pool }: FanOutOptions): FanOut {
  const arrivalOf = (row: StoredOutboxRow): Arrival[] => {
    try {
      const notification = read(row);
      return notification === null ? [] : [{ workspaceId: row.workspace_id, notification }];
    } catch (error) {
      onUnreadable(row.id, error);
      return [];
    }
  };

  async function takeBatch(client: PoolClient): Promise<number> {
    const { rows: locks } = await client.query<{ mine: boolean }>(
      'SELECT pg_try_advisory_xact_lock($1) AS mine',
      [String(LOCK)],
    );
    if (locks[0]?.mine !== true) return 0;
    const rows = await readOutbox(client, BATCH);
    if (rows.length === 0) return 0;
    const arrivals = rows.flatMap(arrivalOf);
    for (const channel of await readFilters(client)) {
      const own = arrivals.filter(({ notification, workspaceId }) =>
        isForChannel(channel, workspaceId, notification),
      );
      // What several workspaces are told of one connection is one thing for who sees them all.
      const byId = new Map(own.map(({ notification }) => [notification.id, notification]));
      if (byId.size > 0) await queue(client, channel, [...byId.values()]);
    }
    await client.query('DELETE FROM notification_outbox WHERE id = ANY ($1)', [rows.map(({ id }) => id)]);
    return rows.length;
  }

  async function queue(
    client: PoolClient,
    { id, workspaceId }: StoredFilter,
    notifications: readonly Notification[],
  ): Promise<void> {
    const at = now();
    const before = await readQueues(client, id, at - limits.windowMs);
    const { added, grown } = condense(before, notifications, at, limits);
    await addDeliveries(client, { channelId: id, workspaceId }, added);
    await growDeliveries(client, id, grown);
  }

  return {
    async run(signal) {
      let total = 0;
      for (;;) {
        const taken = await inTransaction(pool, 'the notifications', signal, takeBatch);
        total += taken;
        if (taken < BATCH) return total;
      }
    },
  };
}

function read(row: StoredOutboxRow): Notification | null {
  if (row.content !== null) return JSON.parse(row.content) as Notification;
  if (row.account_id === null || row.workspace_id === null || row.payload === null) {
    throw new Error('its event is not in the journal');
  }
  const event = toEvent(row.account_id, { ...row, payload: row.payload });
  return toNotification(event, { workspaceId: row.workspace_id, name: row.account_name });
}

type StoredFilter = ChannelFilter & { readonly id: string };

async function readFilters(client: PoolClient): Promise<readonly StoredFilter[]> {
  const { rows } = await client.query<StoredFilter>(
    `SELECT c.id, c.workspace_id AS "workspaceId", c.minimum_severity AS "minimumSeverity", c.codes,
            CASE WHEN c.every_account THEN NULL
                 ELSE ARRAY(SELECT a.account_id FROM notification_channel_account a WHERE a.channel_id = c.id)
             END AS "accountIds",
            c.every_workspace AS "everyWorkspace", c.created_at AS "createdAt"
       FROM notification_channel c WHERE c.enabled ORDER BY c.id FOR KEY SHARE`,
  );
  return rows;
}
