import { BacktestError } from '../../../core/backtest/backtest-error.ts';
import { apiError } from '../../../schema/errors/api-error.ts';
import type { StoredBarsReader } from '../../database/stored-bars/stored-bars-reader.ts';
import { JobError } from '../../plugins/isolation/job-error.ts';
import type { JobPool } from '../../plugins/isolation/job-pool.ts';
import type { PluginHost } from '../../plugins/plugin-host.ts';
import type { CheckBacktest } from '../../services/backtest-service.ts';
import { nearestHint } from '../../services/nearest-text.ts';
import { badSetting } from '../bad-setting.ts';
import { listStoredBars } from '../market-data/stored-bars-channel.ts';
import type { CheckedBacktest } from './backtest-task.ts';
import { pluginsOfStrategy } from './plugins-of-strategy.ts';

export interface BacktestCheckOptions {
  readonly pool: Pick<JobPool, 'run'>;
  readonly host: Pick<PluginHost, 'extension' | 'plugins'>;
  readonly dataDir: string;
  readonly stored: StoredBarsReader;
}

/** Checks requests in a thread, as it runs code of plugins: against those in use, and the bars that there are. */
export function createBacktestCheck({ dataDir, host, pool, stored }: BacktestCheckOptions): CheckBacktest {
  return async (request, signal, workspaceId) => {
    const id = request.strategy;
    const strategy = host.extension('strategy', id);
    if (strategy === null) throw unknownStrategy(id, host);
    const offer = await listStoredBars(stored, workspaceId, signal);
    const task = { request, plugins: pluginsOfStrategy(strategy, host), dataDir, stored: offer };
    const { specifier } = strategy;
    const checked: CheckedBacktest = await pool
      .run({ kind: 'check-backtest', specifier, id, config: null, task }, signal)
      .catch(refuseJob);
    if ('settings' in checked) return checked.settings;
    const { field, message } = checked.problem;
    throw new BacktestError('BAD_USER_INPUT', message, field);
  };
}

export function unknownStrategy(id: string, { plugins }: BacktestCheckOptions['host']): BacktestError {
  const known = plugins
    .flatMap(({ extensions }) => extensions)
    .flatMap((extension) => (extension.kind === 'strategy' ? [extension.id] : []))
    .sort();
  const hint = nearestHint(id, known);
  const instead = hint === '' ? `: there are ${known.join(', ') || 'none'}` : hint;
  return badSetting(
    'strategy',
    `is ${JSON.stringify(id.slice(0, 80))}, which no plugin in use has${instead}`,
  );
}

/** Throws for a check that was not done. The gateway itself is well: what the plugin did is the request's affair. */
export function refuseJob(error: unknown): never {
  if (!(error instanceof JobError) || error.code === 'JOB_ABORTED') throw error;
  if (error.code === 'JOB_QUEUE_FULL' || error.code === 'JOB_POOL_CLOSED') {
    throw apiError('UNAVAILABLE', 'The gateway has too much to check: ask again later.', {
      outcome: 'NOT_PLACED',
    });
  }
  throw badSetting('strategy', `could not be checked: ${error.message}`);
}
