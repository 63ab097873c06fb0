import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { readConfig } from '../../config.ts';
import type { Sandbox } from '../../plugins/isolation/sandbox.ts';
import { sandboxOf } from '../../plugins/strategy-host.ts';
import { createLogger } from '../../telemetry/logger.ts';
import { asksForHelp } from '../asks-for-help.ts';
import { UsageError } from '../usage-error.ts';
import { addPlugin } from './add-plugin.ts';
import { createPlugin } from './create-plugin.ts';
import { examinePlugins, listPlugins } from './look-at-plugins.ts';
import { isPluginCommand, PLUGIN_USAGE, type PluginCommand, usageOf } from './plugin-usage.ts';
import { switchPlugin } from './switch-plugin.ts';
import { testPlugin } from './test-plugin.ts';

/** Where the operator's list of plugins is. */
export function pluginListFile(): string {
  const config = readConfig();
  return config.PLUGINS_FILE ?? join(config.DATA_DIR, 'plugins.json');
}

const sandbox = (): Sandbox => sandboxOf(readConfig(), createLogger({ level: 'warn', instanceId: 'cli' }));

const RUN: Readonly<Record<PluginCommand, (args: readonly string[]) => Promise<void> | void>> = {
  create,
  add,
  test,
  enable: (args) => {
    turn('enable', args);
  },
  disable: (args) => {
    turn('disable', args);
  },
  list: (args) => {
    parse('list', args, {}, 0);
    listPlugins(pluginListFile());
  },
  doctor,
};

/** `omniquant plugin …`. Throws UsageError for arguments that make no sense. */
export async function pluginCommand([command = '', ...args]: readonly string[]): Promise<void> {
  if (isPluginCommand(command)) {
    if (asksForHelp(args)) process.stdout.write(usageOf(command));
    else await RUN[command](args);
  } else if (asksForHelp([command])) process.stdout.write(PLUGIN_USAGE);
  else throw new UsageError(PLUGIN_USAGE);
}

async function doctor(args: readonly string[]): Promise<void> {
  parse('doctor', args, {}, 0);
  const { STRATEGY_ISOLATION: usual, variable } = readConfig();
  await examinePlugins({ file: pluginListFile(), usual, sandbox: sandbox(), variable });
}

function turn(command: 'enable' | 'disable', args: readonly string[]): void {
  const { subject } = parse(command, args, {});
  switchPlugin(pluginListFile(), subject, command === 'enable');
}

async function create(args: readonly string[]): Promise<void> {
  const { subject: name, values } = parse('create', args, {
    kind: { type: 'string', default: 'strategy' },
    format: { type: 'string', default: 'esm' },
    folder: { type: 'string' },
  });
  const { folder, format, kind } = values;
  await createPlugin({ name, kind, format, folder: folder ?? name });
}

async function add(args: readonly string[]): Promise<void> {
  const { subject: specifier, values } = parse('add', args, {
    grant: { type: 'string', default: '' },
    required: { type: 'boolean', default: false },
    isolation: { type: 'string' },
  });
  const grants = values.grant.split(',').filter((grant) => grant !== '');
  const { isolation, required } = values;
  const usual = readConfig().STRATEGY_ISOLATION;
  await addPlugin({
    ...{ specifier, grants, required, isolation, usual },
    sandbox: sandbox(),
    file: pluginListFile(),
  });
}

async function test(args: readonly string[]): Promise<void> {
  const { subject: plugin, values } = parse('test', args, { config: { type: 'string' } });
  await testPlugin({ plugin, config: parameters(values.config), file: pluginListFile() });
}

function parameters(text: string | undefined): Readonly<Record<string, unknown>> | null {
  if (text === undefined) return null;
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new UsageError('--config is JSON, such as \'{"period": 5}\'', { cause });
  }
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

/** The options of a command and, unless it has none, the one thing that it is about. */
function parse<const O extends Options>(
  command: PluginCommand,
  args: readonly string[],
  options: O,
  subjects: 0 | 1 = 1,
) {
  const refuse = (why: string, cause?: unknown): never => {
    throw new UsageError(`${why}\n${usageOf(command)}`, { cause });
  };
  const { positionals, values } = understood(args, options, refuse);
  if (positionals.length < subjects) refuse('something is missing');
  const stray = positionals[subjects];
  if (stray !== undefined) refuse(`${stray} is one argument too many`);
  return { subject: positionals[0] ?? '', values };
}

function understood<const O extends Options>(
  args: readonly string[],
  options: O,
  refuse: (why: string, cause: unknown) => never,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
}
