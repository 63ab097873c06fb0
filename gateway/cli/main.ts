/**
 * The `omniquant` command. `start` is the gateway; `migrate` brings the schema of DATABASE_URL up to
 * date (a job of its own in production); `verify` checks every journal's and audit log's hash chain;
 * `plugin` is for operators and authors of plugins.
 */
import { ConfigError, readConfig } from '../config.ts';
import { migrateDatabase } from './migrate.ts';
import { pluginCommand } from './plugin/plugin-command.ts';
import { UsageError } from './plugin/usage-error.ts';
import { verifyChains } from './verify.ts';

const USAGE = `usage: omniquant <command>
  start     starts the gateway
  migrate   brings the database's schema up to date
  verify    checks the hash chains of all journals and audit logs
  plugin    makes, adds, lists and examines plugins
Settings come from the environment; .env.example lists them.
`;

const [name = '', ...args] = process.argv.slice(2);

const COMMANDS: Readonly<Record<string, () => Promise<void>>> = {
  start: async () => {
    await import('../main.ts');
  },
  migrate: () => migrateDatabase(readConfig()),
  verify: () => verifyChains(readConfig()),
  plugin: () => pluginCommand(args),
};

const command = COMMANDS[name];
if (command === undefined) {
  process.stderr.write(USAGE);
  process.exit(2);
}
try {
  await command();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message.trimEnd()}\n`);
    process.exit(2);
  }
  process.stderr.write(`omniquant: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
}
