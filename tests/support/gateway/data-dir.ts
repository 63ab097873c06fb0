import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { placePostgres } from '../../../gateway/database/embedded-postgres/placement.ts';
import { processIdentity } from '../../../gateway/database/embedded-postgres/process-identity.ts';
import { findServer, stopServer } from '../../../gateway/database/embedded-postgres/server.ts';
import { readVenueNote } from '../../../gateway/venue/venue-note.ts';
import { copyPreparedData } from './prepared-data.ts';

const STOP_MS = 15_000;

/** A new folder for a gateway that has been started before; `name` may hold whatever a path may. */
export function makeDataDir(name = 'gateway'): string {
  const folder = makeEmptyDataDir(name);
  copyPreparedData(folder);
  return folder;
}

/** For a first start, or for several DATA_DIRs within. */
export function makeEmptyDataDir(name = 'gateway'): string {
  const folder = mkdtempSync(join(tmpdir(), `omniquant-${name}-`));
  // Run by root, PostgreSQL runs as another user, who must get there.
  chmodSync(folder, 0o711);
  return folder;
}

/** Ids of the processes that a killed gateway of this folder left behind. */
export function leftBehind(dataDir: string): {
  readonly postgres: number | null;
  readonly venue: number | null;
} {
  const venue = readVenueNote(dataDir);
  return {
    postgres: findServer(placePostgres(dataDir))?.pid ?? null,
    venue: venue !== null && processIdentity(venue.pid) === venue.identity ? venue.pid : null,
  };
}

/** Ends what a gateway of this folder left behind, and removes the folder. */
export async function removeDataDir(dataDir: string): Promise<void> {
  const { postgres, venue } = leftBehind(dataDir);
  if (venue !== null) process.kill(venue, 'SIGKILL');
  if (postgres !== null) await stopServer(postgres, STOP_MS);
  rmSync(dataDir, { recursive: true, force: true });
}
