import { DatabaseError } from '../../../gateway/database/database-error.ts';
import { startEmbeddedPostgres } from '../../../gateway/database/embedded-postgres.ts';

/** Stands for a gateway: starts the embedded PostgreSQL in the folder named, says so, and lives on until it is killed. */
const [, , dataDir = ''] = process.argv;
try {
  await startEmbeddedPostgres({ dataDir, log: () => undefined, signal: AbortSignal.timeout(120_000) });
  process.stdout.write('ready\n');
  setInterval(() => undefined, 1_000);
} catch (error) {
  process.stdout.write(
    error instanceof DatabaseError ? `${error.code} ${error.message}\n` : `${String(error)}\n`,
  );
}
