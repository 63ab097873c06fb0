import { checkBacktestTask } from '../../gateway/backtests/jobs/backtest-task.ts';
import { createBacktestCheck } from '../../gateway/backtests/jobs/check-backtest.ts';
import type { StoredBarsReader } from '../../gateway/database/stored-bars/stored-bars-reader.ts';
import type { JobPool } from '../../gateway/plugins/isolation/job-pool.ts';
import { loadPlugin } from '../../gateway/plugins/load-plugin.ts';
import type { PluginHost } from '../../gateway/plugins/plugin-host.ts';

const loaded = await loadPlugin({ specifier: '@omniquant/strategy-sma-cross', grants: [], required: false });
const [definition] = loaded.extensions;

const host = {
  plugins: [loaded],
  extension: (kind: string, id: string) =>
    kind === 'strategy' && id === 'sma-cross'
      ? { definition, entry: loaded.entry, specifier: loaded.entry.specifier }
      : null,
} as unknown as Pick<PluginHost, 'extension' | 'plugins'>;

/** In this thread. */
const pool = {
  run: (job: { readonly task: Parameters<typeof checkBacktestTask>[0] }) => checkBacktestTask(job.task),
} as unknown as Pick<JobPool, 'run'>;

const NO_STORED_BARS: StoredBarsReader = {
  series: () => Promise.resolve([]),
  page: () => Promise.reject(new Error('there are no stored bars')),
};

/** As of a gateway with one strategy, sma-cross, and the bars that come by npm. */
export const checkTestBacktest = createBacktestCheck({
  pool,
  host,
  dataDir: 'no-folder-of-bars',
  stored: NO_STORED_BARS,
});
