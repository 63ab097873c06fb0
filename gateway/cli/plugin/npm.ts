import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The gateway's own folder, where its package.json is; two levels up from sources, three from dist. */
export const ROOT = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../' : '../../../../', import.meta.url),
);

/** The folder of the SDK that this gateway runs plugins with. */
export const SDK_FOLDER = join(ROOT, 'plugins', 'sdk');

/**
 * A gateway that runs from its sources has no built SDK, which authors compile against. Does nothing where
 * there is nothing to build it with: it came built then.
 */
export async function buildSdk(): Promise<void> {
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(compiler) || !existsSync(join(SDK_FOLDER, 'src'))) return;
  await run(process.execPath, [compiler, '-b', join(SDK_FOLDER, 'tsconfig.json')], ROOT);
}

/** Runs a command in a folder, its output on ours. Throws when it fails. */
export async function run(command: string, args: readonly string[], folder: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', (cause) => {
      reject(new Error(`${command} could not be run: ${cause.message}`, { cause }));
    });
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} ended with ${String(code)}`));
    });
  });
}
