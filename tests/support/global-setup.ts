import { chmodSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isAlive } from '../../gateway/database/embedded-postgres/process-identity.ts';
import { stopTestServer } from './postgres.ts';

const PREFIX = 'omniquant-test-';

/** Names the folder of the run's PostgreSQL, and of what gateways begin with; the first test that needs one makes it. */
export default async function globalSetup(): Promise<void> {
  await stopServersOfKilledRuns();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${String(process.pid)}-`));
  // Run by root, PostgreSQL runs as another user, who must get there.
  chmodSync(folder, 0o711);
  process.env.TEST_POSTGRES_DIR = folder;
  process.env.TEST_PREPARED_DIR = join(folder, 'prepared');
}

async function stopServersOfKilledRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await stopTestServer(join(tmpdir(), name));
  }
}
