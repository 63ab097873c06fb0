import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

const schema = z.object({ pid: z.number().int(), identity: z.string(), url: z.url() });

/** Where the venue of this DATA_DIR runs: process id, what makes that id unmistakable, and address. */
export type VenueNote = z.infer<typeof schema>;

const pathOf = (dataDir: string): string => join(dataDir, 'venue.json');

/** Null when there is none, or none that can be read. */
export function readVenueNote(dataDir: string): VenueNote | null {
  try {
    return schema.parse(JSON.parse(readFileSync(pathOf(dataDir), 'utf8')));
  } catch {
    return null;
  }
}

export function writeVenueNote(dataDir: string, note: VenueNote): void {
  const draft = `${pathOf(dataDir)}.draft`;
  writeFileSync(draft, JSON.stringify(note), { mode: 0o600 });
  renameSync(draft, pathOf(dataDir));
}

export function forgetVenue(dataDir: string): void {
  rmSync(pathOf(dataDir), { force: true });
}
