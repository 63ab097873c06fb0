import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { DatabaseRole } from '../roles.ts';

/** Passwords of the embedded database, kept in DATA_DIR/database.json with mode 0600. */
export interface Credentials {
  readonly admin: string;
  readonly roles: Readonly<Record<DatabaseRole, string>>;
}

/** Those of an earlier start, or new ones. */
export function loadCredentials(dataDir: string): Credentials {
  const path = join(dataDir, 'database.json');
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Credentials;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const credentials: Credentials = {
    admin: newPassword(),
    roles: { owner: newPassword(), app: newPassword(), writer: newPassword() },
  };
  // Whole or not at all: a half-written file would lock everyone out of the data.
  writeFileSync(`${path}.new`, JSON.stringify(credentials, null, 2), { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
  return credentials;
}

const newPassword = (): string => randomBytes(24).toString('base64url');
