#!/usr/bin/env node
// `npx omniquant <command>`: from sources as they are, or from dist where it was built and sources are not there.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const sources = at('../gateway/cli/main.ts');

/** The Node that npm installed with the project, else the one that runs this. */
function node() {
  try {
    return createRequire(import.meta.url).resolve('node/bin/node');
  } catch {
    return process.execPath;
  }
}

const args = existsSync(sources)
  ? [
      '--conditions=omniquant:source',
      `--import=${new URL('../hooks.mjs', import.meta.url).href}`,
      '--enable-source-maps',
      '--disable-warning=ExperimentalWarning',
      sources,
    ]
  : ['--enable-source-maps', at('../dist/gateway/cli/main.js')];

// Ctrl-C reaches the child by itself; this process must outlive it to hand on its exit code.
process.on('SIGINT', () => undefined);
const { status } = spawnSync(node(), [...args, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(status ?? 1);
