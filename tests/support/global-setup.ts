import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Names the folder of the run's PostgreSQL; the first test that needs it starts it. */
export default function globalSetup(): void {
  const folder = mkdtempSync(join(tmpdir(), 'omniquant-test-'));
  // Run by root, PostgreSQL runs as another user, who must get there.
  chmodSync(folder, 0o711);
  process.env.TEST_POSTGRES_DIR = folder;
}
