#!/usr/bin/env node
// `npx omniquant <command>`: from sources as they are, or from dist where it was built and sources are not there.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
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

const child = spawn(node(), [...args, ...process.argv.slice(2)], { stdio: 'inherit' });
// The command ends in its own time, and this process with its exit code.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// A strategy that never returns lets nobody hear of a signal: the second Ctrl-C ends a backtest whatever it does.
if (process.argv[2] === 'backtest') {
  process.once('SIGINT', () => process.once('SIGINT', () => child.kill('SIGKILL')));
}
child.once('error', (error) => {
  process.stderr.write(`omniquant: ${error.message}\n`);
  process.exit(1);
});
child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
