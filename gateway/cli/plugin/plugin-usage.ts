/* What `omniquant plugin` and its commands say of themselves. */

export type PluginCommand = 'create' | 'add' | 'test' | 'enable' | 'disable' | 'list' | 'doctor';

interface Usage {
  readonly synopsis: string;
  readonly does: string;
}

const USAGES: Readonly<Record<PluginCommand, Usage>> = {
  create: {
    synopsis:
      'create <name> [--kind strategy|optimizer|broker|notifier] [--format esm|cjs] [--folder <path>]',
    does: 'makes a package that builds, tests and runs at once',
  },
  add: {
    synopsis:
      'add <package|path|tgz> [--grant network,secrets,storage] [--required] [--isolation worker|process]',
    does: "installs a plugin beside DATA_DIR's list and puts it on the list",
  },
  test: {
    synopsis: 'test <package|path> [--config <json>]',
    does: "puts what it has through the numbered cases of the SDK's kits",
  },
  enable: { synopsis: 'enable <name>', does: "on the list, from the gateway's next start" },
  disable: { synopsis: 'disable <name>', does: "on the list, from the gateway's next start" },
  list: { synopsis: 'list', does: 'the plugins on the list' },
  doctor: {
    synopsis: 'doctor',
    does: 'loads each of them, with its settings and credentials, and says what is wrong, and what to do',
  },
};

export const isPluginCommand = (name: string): name is PluginCommand => Object.hasOwn(USAGES, name);

const lineOf = ({ does, synopsis }: Usage): string => `  ${synopsis}\n      ${does}\n`;

export const PLUGIN_USAGE = `usage: omniquant plugin <command>\n${Object.values(USAGES).map(lineOf).join('')}`;

export const usageOf = (command: PluginCommand): string =>
  `usage: omniquant plugin ${USAGES[command].synopsis}\n      ${USAGES[command].does}\n`;
