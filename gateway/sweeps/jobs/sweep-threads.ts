import type { SweepSettings } from '../../../core/sweeps/sweep-settings.ts';
import type { BacktestPlugin } from '../../backtests/jobs/backtest-task.ts';
import { pluginOf, pluginsOfStrategy } from '../../backtests/jobs/plugins-of-strategy.ts';
import { offerStoredBars } from '../../backtests/market-data/stored-bars-channel.ts';
import type { StoredBarsReader } from '../../database/stored-bars/stored-bars-reader.ts';
import { JobError } from '../../plugins/isolation/job-error.ts';
import type { JobPool } from '../../plugins/isolation/job-pool.ts';
import type { PluginHost } from '../../plugins/plugin-host.ts';
import type { SweepWork } from './sweep-work.ts';

export interface SweepThreadsOptions {
  readonly pool: Pick<JobPool, 'run'>;
  readonly host: Pick<PluginHost, 'extension' | 'plugins'>;
  readonly dataDir: string;
  readonly stored: StoredBarsReader;
  /** Of one thread, for bars that stay in it from one batch to the next. */
  readonly barMegabytes: number;
}

interface PluginJob {
  readonly specifier: string;
  readonly id: string;
  readonly config: unknown;
  readonly plugins: readonly BacktestPlugin[];
}

/** Does sweeps in threads of this process, with the plugins that it has in use. */
export function sweepInThreads({
  barMegabytes,
  dataDir,
  host,
  pool,
  stored,
}: SweepThreadsOptions): SweepWork {
  const strategyOf = ({ backtest }: SweepSettings): PluginJob => {
    const strategy = host.extension('strategy', backtest.strategy);
    if (strategy === null) throw missing('strategy', backtest.strategy);
    const { specifier } = strategy;
    return { specifier, id: backtest.strategy, config: null, plugins: pluginsOfStrategy(strategy, host) };
  };
  /** In a thread that does runs of the sweep, too: it has most of what is needed, and its bars stay where they are. */
  const tunerOf = (settings: SweepSettings): PluginJob => {
    const { config, id } = settings.tuner;
    const tuner = host.extension('tuner', id);
    if (tuner === null) throw missing('tuner', id);
    return { specifier: strategyOf(settings).specifier, id, config, plugins: [pluginOf(tuner)] };
  };

  return {
    async evaluate({ settings, workspaceId }, tasks, signal) {
      const { plugins, ...job } = strategyOf(settings);
      const { close, offer } = await offerStoredBars(stored, workspaceId, signal);
      try {
        const task = { settings, tasks, plugins, dataDir, barMegabytes, stored: offer };
        return await pool.run({ kind: 'evaluate-sweep', ...job, task }, signal);
      } finally {
        close();
      }
    },
    async turn({ settings, state }, evaluations, most, signal) {
      const { plugins, ...job } = tunerOf(settings);
      const task = { settings, plugins, state, evaluations, most };
      return pool.run({ kind: 'turn-sweep', ...job, task }, signal);
    },
    async conclude({ settings, state }, evaluations, signal) {
      const { plugins, ...job } = tunerOf(settings);
      const task = { settings, plugins, state, evaluations };
      return pool.run({ kind: 'conclude-sweep', ...job, task }, signal);
    },
  };
}

const missing = (kind: string, id: string): JobError =>
  new JobError('JOB_FAILED', `no plugin in use by this process has the ${kind} ${id}`, {
    reason: 'PLUGIN_NOT_FOUND',
  });
