import { BacktestError } from '../../../core/backtest/backtest-error.ts';
import type { SweepSettings } from '../../../core/sweeps/sweep-settings.ts';
import type { BacktestRequest } from '../../backtests/backtest-request.ts';
import {
  type BacktestCheckOptions,
  refuseJob,
  unknownStrategy,
} from '../../backtests/jobs/check-backtest.ts';
import { pluginsOfKind, pluginsOfStrategy } from '../../backtests/jobs/plugins-of-strategy.ts';
import { offerStoredBars } from '../../backtests/market-data/stored-bars-channel.ts';
import { placed } from '../sweep-field.ts';
import type { SweepRequest } from '../sweep-request.ts';
import type { CheckedSweep } from './sweep-tasks.ts';

/** A sweep as the API asks for it. */
export type SweepOfBacktest = SweepRequest & { readonly backtest: BacktestRequest };

/**
 * What a request comes to, and how many evaluations that is, null where nobody knows. Throws BacktestError BAD_USER_INPUT
 * with the field that is wrong.
 */
export type CheckSweep = (
  request: SweepOfBacktest,
  signal: AbortSignal,
  workspaceId: string,
) => Promise<{ readonly settings: SweepSettings; readonly total: number | null }>;

/** Checks requests in a thread, as it runs code of plugins: against those in use, and the bars that there are. */
export function createSweepCheck({ dataDir, host, pool, stored }: BacktestCheckOptions): CheckSweep {
  return async (request, signal, workspaceId) => {
    const id = request.backtest.strategy;
    const strategy = host.extension('strategy', id);
    if (strategy === null) throw placed('backtest', unknownStrategy(id, host));
    const plugins = [...pluginsOfStrategy(strategy, host), ...pluginsOfKind('tuner', host)];
    const { specifier } = strategy;
    // How long strategies warm up is found out by reading.
    const { close, offer } = await offerStoredBars(stored, workspaceId, signal);
    const task = { request, plugins, dataDir, stored: offer };
    const checked: CheckedSweep = await pool
      .run({ kind: 'check-sweep', specifier, id, config: null, task }, signal)
      .catch((error: unknown) => {
        try {
          return refuseJob(error);
        } catch (refused) {
          throw placed('backtest', refused);
        }
      })
      .finally(close);
    if ('settings' in checked) return checked;
    const { field, message } = checked.problem;
    throw new BacktestError('BAD_USER_INPUT', message, field);
  };
}
