import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type BenchGateway, startBenchGateway } from './bench-gateway.ts';

/** Has strategies that misbehave, for the bench that starts them. */
const PLUGIN = fileURLToPath(new URL('../../support/plugins/unruly-strategies.ts', import.meta.url));

/** One gateway for all benches that can share it: starting one takes longer than most of them. */
export interface SharedGateway {
  /** Started when it is first wanted. */
  get(): Promise<BenchGateway>;
  close(): Promise<void>;
}

export function shareGateway(): SharedGateway {
  let started: Promise<BenchGateway> | null = null;
  const folder = mkdtempSync(join(tmpdir(), 'omniquant-bench-'));
  const list = join(folder, 'plugins.json');
  writeFileSync(list, JSON.stringify([{ plugin: PLUGIN }]));
  return {
    get() {
      started ??= startBenchGateway({ PLUGINS_FILE: list, STRATEGY_STEP_TIMEOUT_MS: '1000' });
      return started;
    },
    async close() {
      const gateway = await started?.catch(() => null);
      await gateway?.close();
      rmSync(folder, { recursive: true });
    },
  };
}
