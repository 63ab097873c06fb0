import type { Notification } from '@omniquant/plugin-sdk';

import { type DeliveryContent, toSent } from '../../../core/notifications/summary.ts';
import { inTransaction } from '../background-transaction.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { unavailable } from '../database-error.ts';

/*
 *   WAITING --taken--> DELIVERED
 *      |  ^-- failed, to be sent again
 *      |----rejected--> REJECTED
 *      '----too old---> GIVEN_UP
 *
 * A gateway sends to a channel while it holds the channel's lease, which is judged by the database's clock and
 * extended with every step. Attempts are counted before they are made: who dies in between has made one.
 */

/** A message that is about to be sent. */
export interface DueDelivery {
  readonly channelId: string;
  readonly id: string;
  readonly notifier: string;
  readonly notification: Notification;
  readonly alerts: number;
  readonly createdAt: number;
  /** This one included. */
  readonly attempts: number;
  /** Of the channel in a row, before this one. */
  readonly failures: number;
}

export interface Outcome {
  readonly state: 'WAITING' | 'DELIVERED' | 'REJECTED' | 'GIVEN_UP';
  readonly at: number;
  /** Why it failed; null when it was taken. */
  readonly failure: string | null;
  readonly nextAttemptAt: number;
  /** Until when nothing else is sent by the channel. */
  readonly heldUntil: number;
}

export interface GivenUp {
  readonly channelId: string;
  readonly id: string;
  readonly alerts: number;
}

export interface DeliveryStore {
  /** Leases channels that have something due; answers their ids. */
  claim(now: number, most: number, leaseMs: number, signal: AbortSignal): Promise<readonly string[]>;
  /** The next message of a channel that is leased, counted as attempted; null when there is none or it is not. */
  begin(channelId: string, now: number, leaseMs: number, signal: AbortSignal): Promise<DueDelivery | null>;
  settle(delivery: DueDelivery, outcome: Outcome, signal: AbortSignal): Promise<void>;
  /** It could not be tried: no attempt of it is counted, and nothing is sent by the channel until then. */
  postpone(
    delivery: DueDelivery,
    wait: { readonly at: number; readonly until: number; readonly failure: string },
    signal: AbortSignal,
  ): Promise<void>;
  release(channelId: string, signal: AbortSignal): Promise<void>;
  /** Gives up what was made before `before` and still waits: of channels that are off or cannot be opened. */
  giveUp(before: number, now: number, signal: AbortSignal): Promise<readonly GivenUp[]>;
  /** Forgets what was settled before then. */
  forget(before: number, signal: AbortSignal): Promise<void>;
  waiting(signal: AbortSignal): Promise<{ readonly messages: number; readonly oldestAt: number | null }>;
}

interface StoredDue {
  readonly notification_id: string;
  readonly notifier: string;
  readonly content: string;
  readonly alerts: number;
  readonly created_at: number;
  readonly attempts: number;
  readonly failures: number;
}

const CLAIM = `
UPDATE notification_channel SET leased_by = $1, leased_until = clock_timestamp() + $4 * interval '1 ms'
 WHERE id IN (
   SELECT c.id FROM notification_channel c
    WHERE c.enabled AND c.held_until <= $2 AND c.leased_until <= clock_timestamp()
      AND c.id IN (SELECT channel_id FROM notification_delivery WHERE state = 'WAITING' AND next_attempt_at <= $2)
    ORDER BY c.held_until, c.id LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING id`;

const BEGIN = `
WITH held AS (
  UPDATE notification_channel SET leased_until = clock_timestamp() + $4 * interval '1 ms'
   WHERE id = $1 AND leased_by = $2 AND leased_until > clock_timestamp() AND enabled AND held_until <= $3
  RETURNING id, notifier, failures
), next AS (
  SELECT channel_id, notification_id FROM notification_delivery
   WHERE channel_id = $1 AND state = 'WAITING' AND next_attempt_at <= $3 AND EXISTS (SELECT FROM held)
   ORDER BY position LIMIT 1 FOR UPDATE
)
UPDATE notification_delivery d SET attempts = d.attempts + 1, open = false
  FROM next, held WHERE d.channel_id = next.channel_id AND d.notification_id = next.notification_id
RETURNING d.notification_id, d.content, d.alerts, d.created_at, d.attempts, held.notifier, held.failures`;

const SETTLE_DELIVERY = `
UPDATE notification_delivery
   SET state = $3, next_attempt_at = $4, failure = $5, settled_at = CASE WHEN $3 = 'WAITING' THEN NULL ELSE $6::bigint END
 WHERE channel_id = $1 AND notification_id = $2 AND state = 'WAITING' RETURNING alerts`;

/** A receiver that said yes or no is there: only one that could not be reached has its failures counted. */
const SETTLE_CHANNEL = `
UPDATE notification_channel
   SET failures = CASE WHEN $2 IN ('DELIVERED', 'REJECTED') THEN 0 ELSE failures + 1 END,
       held_until = $3, delivered = delivered + $4, undelivered = undelivered + $5,
       last_delivered_at = CASE WHEN $2 = 'DELIVERED' THEN $6::bigint ELSE last_delivered_at END,
       last_failed_at = CASE WHEN $7::text IS NULL THEN last_failed_at ELSE $6::bigint END,
       last_failure = coalesce($7, last_failure)
 WHERE id = $1`;

const GIVE_UP = `
WITH old AS (
  UPDATE notification_delivery SET state = 'GIVEN_UP', open = false, settled_at = $2,
         failure = coalesce(failure, 'it was never tried')
   WHERE state = 'WAITING' AND created_at < $1 RETURNING channel_id, notification_id, alerts, failure
), counted AS (
  UPDATE notification_channel c SET undelivered = undelivered + o.alerts, last_failed_at = $2,
         last_failure = o.failure
    FROM (SELECT channel_id, sum(alerts)::bigint AS alerts, max(failure) AS failure FROM old GROUP BY 1) o
   WHERE c.id = o.channel_id
)
SELECT channel_id AS "channelId", notification_id AS id, alerts FROM old`;

/** Deliveries under the writer's role. `owner` names this life of the process. */
export function createDeliveryStore(pool: ConnectionPool, owner: string): DeliveryStore {
  const ask = async <R extends object>(
    text: string,
    values: unknown[],
    signal: AbortSignal,
  ): Promise<readonly R[]> => {
    try {
      return await pool.query<R>({ text, values }, signal);
    } catch (cause) {
      throw unavailable('the notifications', cause);
    }
  };

  return {
    async claim(now, most, leaseMs, signal) {
      const rows = await ask<{ id: string }>(CLAIM, [owner, now, most, leaseMs], signal);
      return rows.map(({ id }) => id);
    },

    async begin(channelId, now, leaseMs, signal) {
      const [row] = await ask<StoredDue>(BEGIN, [channelId, owner, now, leaseMs], signal);
      if (row === undefined) return null;
      const { alerts, attempts, content, failures, notification_id: id, notifier } = row;
      const notification = toSent(id, JSON.parse(content) as DeliveryContent);
      return {
        ...{ channelId, id, notifier, notification, alerts, attempts, failures },
        createdAt: row.created_at,
      };
    },

    settle: ({ channelId, id }, { at, failure, heldUntil, nextAttemptAt, state }, signal) =>
      inTransaction(pool, 'the notifications', signal, async (client) => {
        const values = [channelId, id, state, nextAttemptAt, failure, at];
        const { rows } = await client.query<{ alerts: number }>(SETTLE_DELIVERY, values);
        const alerts = rows[0]?.alerts ?? 0;
        const counts = [
          state === 'DELIVERED' ? alerts : 0,
          state === 'REJECTED' || state === 'GIVEN_UP' ? alerts : 0,
        ];
        await client.query(SETTLE_CHANNEL, [channelId, state, heldUntil, ...counts, at, failure]);
      }),

    async postpone({ channelId, id }, { at, failure, until }, signal) {
      const text = `
        WITH put_back AS (
          UPDATE notification_delivery SET attempts = attempts - 1, failure = $4
           WHERE channel_id = $1 AND notification_id = $2)
        UPDATE notification_channel SET held_until = $3, last_failure = $4, last_failed_at = $5 WHERE id = $1`;
      await ask(text, [channelId, id, until, failure, at], signal);
    },

    async release(channelId, signal) {
      const text = `UPDATE notification_channel SET leased_until = '-infinity' WHERE id = $1 AND leased_by = $2`;
      await ask(text, [channelId, owner], signal);
    },

    giveUp: (before, now, signal) => ask<GivenUp>(GIVE_UP, [before, now], signal),

    async forget(before, signal) {
      await ask('DELETE FROM notification_delivery WHERE settled_at < $1', [before], signal);
    },

    async waiting(signal) {
      const text = `SELECT count(*) AS messages, min(created_at) AS "oldestAt"
                      FROM notification_delivery WHERE state = 'WAITING'`;
      const [row] = await ask<{ messages: number; oldestAt: number | null }>(text, [], signal);
      return row ?? { messages: 0, oldestAt: null };
    },
  };
}
