import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { readConfig } from '../../config.ts';
import { addPlugin } from './add-plugin.ts';
import { createPlugin } from './create-plugin.ts';
import { examinePlugins, listPlugins } from './look-at-plugins.ts';
import { testPlugin } from './test-plugin.ts';
import { UsageError } from './usage-error.ts';

export const PLUGIN_USAGE = `usage: omniquant plugin <command>
  create <name> [--kind strategy|notifier] [--format esm|cjs] [--folder <path>]
                          makes a package that builds, tests and runs at once
  add <package|path|tgz> [--grant network,secrets] [--required]
                          installs a plugin beside DATA_DIR's list and puts it on the list
  test <package|path> [--config <json>]
                          puts its strategies through the numbered cases of the SDK's kit
  list                    the plugins on the list
  doctor                  loads each of them and says what is wrong, and what to do
`;

/** Where the operator's list of plugins is. */
export function pluginListFile(): string {
  const config = readConfig();
  return config.PLUGINS_FILE ?? join(config.DATA_DIR, 'plugins.json');
}

/** `omniquant plugin …`. Throws UsageError for arguments that make no sense. */
export async function pluginCommand(args: readonly string[]): Promise<void> {
  const [command = '', ...rest] = args;
  switch (command) {
    case 'create':
      await create(rest);
      return;
    case 'add':
      await add(rest);
      return;
    case 'test':
      await test(rest);
      return;
    case 'list':
      listPlugins(pluginListFile());
      return;
    case 'doctor':
      await examinePlugins(pluginListFile());
      return;
    default:
      throw new UsageError(PLUGIN_USAGE);
  }
}

async function create(args: readonly string[]): Promise<void> {
  const { positionals, values } = parse(args, {
    kind: { type: 'string', default: 'strategy' },
    format: { type: 'string', default: 'esm' },
    folder: { type: 'string' },
  });
  const [name] = positionals;
  if (name === undefined) throw new UsageError(PLUGIN_USAGE);
  const { folder, format, kind } = values;
  await createPlugin({ name, kind, format, folder: folder ?? name });
}

async function add(args: readonly string[]): Promise<void> {
  const { positionals, values } = parse(args, {
    grant: { type: 'string', default: '' },
    required: { type: 'boolean', default: false },
  });
  const [specifier] = positionals;
  if (specifier === undefined) throw new UsageError(PLUGIN_USAGE);
  const grants = values.grant.split(',').filter((grant) => grant !== '');
  await addPlugin({ specifier, grants, required: values.required, file: pluginListFile() });
}

async function test(args: readonly string[]): Promise<void> {
  const { positionals, values } = parse(args, { config: { type: 'string' } });
  const [plugin] = positionals;
  if (plugin === undefined) throw new UsageError(PLUGIN_USAGE);
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

type Options = NonNullable<Parameters<typeof parseArgs>[0]>['options'];

function parse<const O extends NonNullable<Options>>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}\n${PLUGIN_USAGE}`, {
      cause,
    });
  }
}
