import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { z } from 'zod';

const schema = z.object({ email: z.string(), password: z.string(), accountId: z.string().nullable() });

/** The demo user of this DATA_DIR, kept so that every start can show it again. */
export type DemoNote = z.infer<typeof schema>;

const pathOf = (dataDir: string): string => join(dataDir, 'keys', 'demo-user.json');

/** Null before the first start with a demo. */
export function readDemoNote(dataDir: string): DemoNote | null {
  try {
    return schema.parse(JSON.parse(readFileSync(pathOf(dataDir), 'utf8')));
  } catch {
    return null;
  }
}

export function writeDemoNote(dataDir: string, note: DemoNote): void {
  mkdirSync(dirname(pathOf(dataDir)), { recursive: true, mode: 0o700 });
  writeFileSync(pathOf(dataDir), `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600 });
}
