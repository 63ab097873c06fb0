import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { PRIVATE_ROOT } from './private-root.ts';

/** How much of a host a process is kept from: see docs/PLUGIN-ISOLATION.md. */
export type SandboxLevel = 'namespaces' | 'limits' | 'permissions';

export interface SandboxTerms {
  readonly level: SandboxLevel;
  /** Absolute paths that the process may read. */
  readonly readable: readonly string[];
  readonly heapMegabytes: number;
  /** Of everything that is not code, bytes; null: not limited. */
  readonly dataBytes: number | null;
}

export interface SandboxCommand {
  readonly file: string;
  readonly args: readonly string[];
}

const TOOLS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin'];

/** Programs of the host that the levels need. */
const NEEDED: Readonly<Record<SandboxLevel, readonly string[]>> = {
  namespaces: ['setpriv', 'unshare', 'sh', 'env', 'mount', 'umount', 'pivot_root', 'prlimit', 'realpath'],
  limits: ['setpriv', 'prlimit'],
  permissions: [],
};

/** The host's own programs and libraries: Node needs some, the script that makes the root others. */
const SYSTEM = ['/usr/bin', '/usr/sbin', '/usr/lib', '/usr/lib64', '/bin', '/sbin', '/lib', '/lib64'];

const NAMESPACES = ['--user', '--map-root-user', '--net', '--pid', '--mount', '--ipc', '--uts', '--cgroup'];

const IS_SOURCE = import.meta.url.endsWith('.ts');
const ENTRY = fileURLToPath(
  new URL(IS_SOURCE ? './strategy-process.ts' : './strategy-process.js', import.meta.url),
);

/** The first of the tools' folders that has it. */
const tool = (name: string): string | undefined =>
  TOOLS.map((folder) => join(folder, name)).find((path) => existsSync(path));

/** The programs that a level needs and this host lacks. */
export const missingTools = (level: SandboxLevel): readonly string[] =>
  NEEDED[level].filter((name) => tool(name) === undefined);

/** Memory that V8 may use for young objects, MB. */
const YOUNG_MEGABYTES = 16;

function nodeArguments({ heapMegabytes, readable }: SandboxTerms): readonly string[] {
  return [
    // Neither writing, child processes, workers, native addons nor WASI; and reading no more than this.
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${String(heapMegabytes)}`,
    `--max-semi-space-size=${String(YOUNG_MEGABYTES)}`,
    // SIGUSR1 would open a debugger's port.
    '--disable-sigusr1',
    // The warnings that permissions and stripped types are experimental.
    '--disable-warning=ExperimentalWarning',
    // Sources run as they are; the loader of the gateway would need a native addon.
    ...(IS_SOURCE ? ['--conditions=omniquant:source', '--experimental-strip-types'] : []),
    ENTRY,
  ];
}

/** What to spawn, with no environment. Throws when the host lacks a program; see `missingTools`. */
export function sandboxCommand(terms: SandboxTerms): SandboxCommand {
  const node = process.execPath;
  const args = nodeArguments(terms);
  const data = terms.dataBytes === null ? 'unlimited' : String(terms.dataBytes);
  switch (terms.level) {
    case 'permissions':
      return { file: node, args };
    case 'limits':
      return {
        file: found('setpriv'),
        args: [
          ...['--pdeathsig', 'KILL', '--no-new-privs', found('prlimit')],
          ...['--core=0', '--fsize=0', '--nofile=64', `--data=${data}`, node, ...args],
        ],
      };
    case 'namespaces': {
      const paths = [...SYSTEM.filter((path) => existsSync(path)), node, ...terms.readable];
      return {
        file: found('setpriv'),
        args: [
          ...['--pdeathsig', 'KILL', found('unshare'), ...NAMESPACES, '--fork', '--kill-child'],
          ...[found('sh'), '-c', PRIVATE_ROOT, 'sandbox', ...paths, '--', data, node, ...args],
        ],
      };
    }
  }
}

function found(name: string): string {
  const path = tool(name);
  if (path === undefined) throw new Error(`this host has no ${name}`);
  return path;
}
