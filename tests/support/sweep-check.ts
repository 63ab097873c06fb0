import type { SweepSettings } from '../../core/sweeps/sweep-settings.ts';
import { parseBacktestRequest } from '../../gateway/backtests/backtest-request.ts';
import type { CheckSweep } from '../../gateway/sweeps/jobs/check-sweep.ts';
import { underField } from '../../gateway/sweeps/sweep-field.ts';
import { parseSweepRequest } from '../../gateway/sweeps/sweep-request.ts';

/** Evaluations of every sweep that it takes. */
export const TEST_TOTAL = 4;

/** Of the form of a request alone, for what does not depend on strategies, tuners and bars. */
export const checkTestSweep: CheckSweep = async (request) => {
  const { backtest, objective, seed, tuner, tunerConfig, walkForward } = parseSweepRequest(request);
  const settings = {
    ...{ objective, seed, walkForward, space: { dimensions: [], fixed: {} } },
    tuner: { id: tuner ?? 'grid', config: tunerConfig },
    backtest: underField('backtest', () => parseBacktestRequest(backtest)),
  };
  return { settings: settings as unknown as SweepSettings, total: TEST_TOTAL };
};
