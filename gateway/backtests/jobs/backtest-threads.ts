import type { StrategyDefinition, StrategyRun } from '@omniquant/plugin-sdk';

import type { BacktestSettings } from '../../../core/backtest/backtest-spec.ts';
import { HostedStrategyError } from '../../../core/ports/strategy-host.ts';
import type { StoredBarsReader } from '../../database/stored-bars/stored-bars-reader.ts';
import { JobError } from '../../plugins/isolation/job-error.ts';
import type { JobPool } from '../../plugins/isolation/job-pool.ts';
import type { PluginHost, RegisteredExtension } from '../../plugins/plugin-host.ts';
import { optimizersFor } from '../../plugins/strategy-optimizers.ts';
import { offerStoredBars } from '../market-data/stored-bars-channel.ts';
import type { BacktestPlugin } from './backtest-task.ts';
import type { ExecuteBacktest } from './run-queued-backtest.ts';

export interface BacktestThreadsOptions {
  readonly pool: Pick<JobPool, 'run'>;
  readonly host: Pick<PluginHost, 'extension' | 'plugins'>;
  readonly dataDir: string;
  readonly stored: StoredBarsReader;
  /** Between two snapshots of a run. */
  readonly saveEveryMs: number;
}

/** Does backtests in threads of this process, with the plugins that it has in use. */
export function executeInThreads({
  dataDir,
  host,
  pool,
  saveEveryMs,
  stored,
}: BacktestThreadsOptions): ExecuteBacktest {
  return async ({ request, saved, settings, workspaceId }, { onProgress, onSaved, saveNow, signal }) => {
    const strategy = host.extension('strategy', settings.strategy);
    if (strategy === null) {
      throw missing(`no plugin in use by this process has the strategy ${settings.strategy}`);
    }
    const plugins = await pluginsOf(host, strategy, settings);
    const { specifier } = strategy;
    const job = { kind: 'backtest', specifier, id: settings.strategy, config: settings.config } as const;
    const { close, offer } = await offerStoredBars(stored, workspaceId, signal);
    try {
      const task = {
        ...{ request, plugins, dataDir, stored: offer },
        storedActions: settings.storedActions ?? [],
      };
      const saving = { saved, everyMs: saveEveryMs };
      return await pool.run({ ...job, task, saving }, signal, { onProgress, onSaved, saveNow });
    } finally {
      close();
    }
  };
}

async function pluginsOf(
  host: BacktestThreadsOptions['host'],
  strategy: RegisteredExtension<StrategyDefinition>,
  { config, interval, symbols }: BacktestSettings,
): Promise<readonly BacktestPlugin[]> {
  const run: StrategyRun = { symbols, interval };
  const optimizers = await optimizersFor(host, strategy, config, run).catch((error: unknown) => {
    throw error instanceof HostedStrategyError ? missing(error.message, error) : error;
  });
  const extensions = [strategy, ...optimizers.map(({ extension }) => extension)];
  const bySpecifier = new Map(
    extensions.map(({ entry, specifier }) => [specifier, { specifier, grants: entry.grants }]),
  );
  return [...bySpecifier.values()];
}

const missing = (message: string, cause?: unknown): JobError =>
  new JobError('JOB_FAILED', message, { reason: 'PLUGIN_NOT_FOUND', cause });
