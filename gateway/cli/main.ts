/**
 * The `omniquant` command. `start` is the gateway; `migrate` brings the schema of DATABASE_URL up to
 * date (a job of its own in production); `verify` checks every journal's and audit log's hash chain;
 * `worker` does backtests that gateways have taken; `plugin` is for operators and authors of plugins; `backtest` runs a
 * strategy on bars of the past, `sweep` searches its parameters on them, and `data` imports such bars.
 */
import { ConfigError, readConfig } from '../config.ts';
import { withCauses } from '../plugins/with-causes.ts';
import { asksForHelp } from './asks-for-help.ts';
import { migrateDatabase } from './migrate.ts';
import { pluginCommand } from './plugin/plugin-command.ts';
import { StoppedError } from './stop-signal.ts';
import { UsageError } from './usage-error.ts';
import { verifyChains } from './verify.ts';

const USAGE = `usage: omniquant <command>
  start     starts the gateway
  migrate   brings the database's schema up to date
  verify    checks the hash chains of all journals and audit logs
  worker    does backtests of the queue, beside the gateways on DATABASE_URL
  plugin    makes, adds, lists and examines plugins
  backtest  runs a strategy on bars of the past
  sweep     searches the parameters of a strategy on bars of the past, with walk-forward
  data      imports, lists and removes bars of the past
Settings come from the environment; .env.example lists them.
`;

const [name = '', ...args] = process.argv.slice(2);

const COMMANDS: Readonly<Record<string, () => Promise<void>>> = {
  start: async () => {
    await import('../main.ts');
  },
  migrate: () => migrateDatabase(readConfig()),
  verify: () => verifyChains(readConfig()),
  worker: async () => (await import('./worker-command.ts')).workerCommand(),
  plugin: () => pluginCommand(args),
  // Their parts take their time to load: not for a gateway that starts.
  backtest: async () => (await import('./backtest/backtest-command.ts')).backtestCommand(args),
  sweep: async () => (await import('./sweep/sweep-command.ts')).sweepCommand(args),
  data: async () => (await import('./data/data-command.ts')).dataCommand(args),
};
/** Commands that say themselves what they are for, and what they take. */
const WITH_ARGUMENTS: readonly string[] = ['plugin', 'backtest', 'sweep', 'data'];
const takesArguments = WITH_ARGUMENTS.includes(name);

// Of its own commands it says the same as of itself; others have more to say.
if (asksForHelp(takesArguments ? [] : [name, ...args])) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command === undefined) {
  process.stderr.write(USAGE);
  process.exit(2);
}
if (!takesArguments && args[0] !== undefined) {
  process.stderr.write(`omniquant ${name} does not take ${args[0]}\n${USAGE}`);
  process.exit(2);
}
try {
  await command();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message.trimEnd()}\n`);
    process.exit(2);
  }
  process.stderr.write(`omniquant: ${withCauses(error)}\n`);
  if (error instanceof StoppedError) process.exit(error.exitCode);
  process.exit(error instanceof ConfigError ? 2 : 1);
}
