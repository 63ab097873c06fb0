import type { Config } from '../config.ts';
import { openDatabase } from '../database/open-database.ts';
import { createLogger } from '../telemetry/logger.ts';

const TIMEOUT_MS = 600_000;

/** Opening the database migrates it; nothing else of the gateway is started. */
export async function migrateDatabase(config: Config): Promise<void> {
  const logger = createLogger({ level: config.LOG_LEVEL, instanceId: 'migrate' });
  const database = await openDatabase(
    config,
    (level, message, fields) => {
      logger[level](fields ?? {}, message);
    },
    AbortSignal.timeout(TIMEOUT_MS),
  );
  await database.close();
  process.stdout.write('The schema is up to date.\n');
}
