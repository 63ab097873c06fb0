/**
 * The `omniquant` command. `start` is the gateway; `migrate` brings the schema of DATABASE_URL up to
 * date (a job of its own in production); `verify` checks every journal's and audit log's hash chain.
 */
import { ConfigError, readConfig } from '../config.ts';
import { migrateDatabase } from './migrate.ts';
import { verifyChains } from './verify.ts';

const USAGE = `usage: omniquant <command>
  start     starts the gateway
  migrate   brings the database's schema up to date
  verify    checks the hash chains of all journals and audit logs
Settings come from the environment; .env.example lists them.
`;

const COMMANDS: Readonly<Record<string, () => Promise<void>>> = {
  start: async () => {
    await import('../main.ts');
  },
  migrate: () => migrateDatabase(readConfig()),
  verify: () => verifyChains(readConfig()),
};

const [name = ''] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) {
  process.stderr.write(USAGE);
  process.exit(2);
}
try {
  await command();
} catch (error) {
  process.stderr.write(`omniquant: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
}
