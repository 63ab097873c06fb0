/** Makes in the folder that it is given what prepared-data.ts copies. */
import { startEmbeddedPostgres } from '../../../gateway/database/embedded-postgres.ts';
import { migrate } from '../../../gateway/database/migrations/migrate.ts';

const [, , dataDir = ''] = process.argv;
const signal = AbortSignal.timeout(60_000);
const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined, signal });
await migrate(postgres.url('owner'), { deriveRoles: false, signal });
await postgres.close();
process.exit(0);
