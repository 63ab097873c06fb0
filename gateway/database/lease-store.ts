import type { Lease, LeaseStore } from '../../core/ports/leases.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { unavailable } from './database-error.ts';

/**
 * Leases as rows. Expiry is set and judged by the database's clock, which all processes share. An
 * epoch grows with each change of owner, and also when an owner comes back after its lease expired, as
 * another may have been there in between.
 */
export function createPostgresLeases(pool: ConnectionPool): LeaseStore {
  const query = async (text: string, values: unknown[], signal: AbortSignal): Promise<readonly Lease[]> => {
    try {
      return await pool.query<{ resource: string; owner: string; address: string; epoch: number }>(
        { text, values },
        signal,
      );
    } catch (cause) {
      throw unavailable('the leases', cause);
    }
  };

  return {
    claim: (resources, owner, address, ttlMs, signal) =>
      query(
        `INSERT INTO lease AS l (resource, owner, address, epoch, expires_at)
           SELECT resource, $2, $3, 1, clock_timestamp() + $4 * interval '1 ms'
             FROM unnest($1::text[]) AS r (resource) ORDER BY resource
         ON CONFLICT (resource) DO UPDATE
           SET owner = excluded.owner, address = excluded.address, expires_at = excluded.expires_at,
               epoch = CASE WHEN l.owner = excluded.owner AND l.expires_at > clock_timestamp() THEN l.epoch ELSE l.epoch + 1 END
         WHERE l.owner = excluded.owner OR l.expires_at <= clock_timestamp()
         RETURNING resource, owner, address, epoch`,
        [[...new Set(resources)], owner, address, ttlMs],
        signal,
      ),

    renew: (owner, ttlMs, signal) =>
      query(
        // Locked in one order, so that two processes cannot wait for each other.
        `UPDATE lease SET expires_at = clock_timestamp() + $2 * interval '1 ms'
          WHERE resource IN (
                  SELECT resource FROM lease WHERE owner = $1 AND expires_at > clock_timestamp() ORDER BY resource FOR UPDATE)
            AND owner = $1 AND expires_at > clock_timestamp()
         RETURNING resource, owner, address, epoch`,
        [owner, ttlMs],
        signal,
      ),

    async release(resources, owner, signal) {
      await query(
        `UPDATE lease SET expires_at = '-infinity'
          WHERE owner = $2 AND resource IN (
                  SELECT resource FROM lease WHERE resource = ANY ($1) ORDER BY resource FOR UPDATE)`,
        [resources, owner],
        signal,
      );
    },

    list: (signal) =>
      query(
        'SELECT resource, owner, address, epoch FROM lease WHERE expires_at > clock_timestamp()',
        [],
        signal,
      ),
  };
}
