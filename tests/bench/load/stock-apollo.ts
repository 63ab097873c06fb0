import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface StockApollo {
  readonly url: string;
  close(): Promise<void>;
}

/** Root fields and the constants that they answer with. */
export interface Constants {
  readonly Query?: Readonly<Record<string, unknown>>;
  readonly Mutation?: Readonly<Record<string, unknown>>;
}

/** Starts the reference server: stock Apollo on Express 5, NODE_ENV=production, the gateway's own schema. */
export async function startStockApollo(constants: Constants): Promise<StockApollo> {
  const folder = mkdtempSync(join(tmpdir(), 'omniquant-reference-'));
  const constantPath = join(folder, 'constant.json');
  writeFileSync(constantPath, JSON.stringify(constants));
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const child = spawn(
    process.execPath,
    [
      '--max-semi-space-size=64',
      here('stock-apollo.mjs'),
      here('../../../schema/schema.graphql'),
      constantPath,
    ],
    { env: { ...process.env, NODE_ENV: 'production' }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const gone = once(child, 'exit');
  const died = gone.then(() => Promise.reject(new Error('the reference server ended at its start')));
  died.catch(() => undefined);
  const [line] = (await Promise.race([once(child.stdout, 'data'), died])) as [Buffer];
  const { url } = JSON.parse(line.toString()) as { url: string };
  return {
    url,
    async close() {
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
