import type { ConnectionPool } from './connection-pool.ts';
import { unavailable } from './database-error.ts';

/** What tells this installation from others, made when the database was. */
export interface Installation {
  readonly id: string;
  /** Names the history that stream cursors belong to. */
  readonly journalIncarnation: string;
  /** What our order ids at venues begin with. */
  readonly venuePrefix: string;
}

export async function readInstallation(pool: ConnectionPool, signal: AbortSignal): Promise<Installation> {
  try {
    const [row] = await pool.query<{ id: string; journal_incarnation: string; venue_prefix: string }>(
      { text: 'SELECT id, journal_incarnation, venue_prefix FROM installation' },
      signal,
    );
    if (row === undefined) throw new Error('it has no row: run omniquant migrate');
    return { id: row.id, journalIncarnation: row.journal_incarnation, venuePrefix: row.venue_prefix };
  } catch (cause) {
    throw unavailable('the installation', cause);
  }
}
