import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { backtestExtensionsOf } from '../../gateway/backtests/backtest-extensions.ts';
import { openMarketData } from '../../gateway/backtests/market-data/open-market-data.ts';
import { runSweep, type SweepOutcome } from '../../gateway/sweeps/local/run-sweep.ts';
import { openSweepThreads } from '../../gateway/sweeps/local/sweep-threads.ts';
import { type PreparedSweep, prepareSweep } from '../../gateway/sweeps/prepare-sweep.ts';
import { createLogger } from '../../gateway/telemetry/logger.ts';
import { smaCross } from '../../plugins/strategy-sma-cross/src/sma-cross.ts';
import { grid } from '../../plugins/tuner-grid/src/grid.ts';
import type { Bench, Figure } from './bench.ts';

const NEVER = new AbortController().signal;

/** Of moving averages that cross: `sets` points, all of which the strategy takes. */
const requestOf = (sets: number) => ({
  backtest: { strategy: 'sma-cross', symbols: ['AAPL'], interval: 'DAY_1', config: { quantity: '100' } },
  space: { fast: { min: 1, max: 20 }, slow: { min: 30, max: 29 + sets / 20 } },
  tuner: 'grid',
});

/** A sweep with that many threads, which have been at work before: starting them is no part of it. */
async function sweepWith(prepared: PreparedSweep, dataDir: string, threads: number) {
  const open = openSweepThreads({
    ...{ settings: prepared.settings, dataDir, threads, megabytes: 512, deadlineMs: 600_000 },
    plugins: [{ specifier: '@omniquant/strategy-sma-cross', grants: [] }],
    logger: createLogger({ level: 'silent', instanceId: 'bench' }),
  });
  try {
    const lead = (): Promise<SweepOutcome> =>
      runSweep(prepared, { workers: threads, signal: NEVER, evaluate: open.evaluate });
    const { evaluations } = await lead();
    const started = performance.now();
    const { result } = await lead();
    const seconds = (performance.now() - started) / 1_000;
    return {
      rate: evaluations.size / seconds,
      best: JSON.stringify(result.search?.ranking[0]),
      size: evaluations.size,
    };
  } finally {
    await open.close();
  }
}

/** Parameter sets over five years of daily bars, with one thread and with two. */
export const sweep: Bench = {
  name: 'sweep',
  async *run({ quick }): AsyncIterable<Figure> {
    const dataDir = mkdtempSync(join(tmpdir(), 'omniquant-sweep-'));
    try {
      const extensions = backtestExtensionsOf([smaCross, grid]);
      const request = requestOf(quick ? 40 : 1_000);
      const prepared = await prepareSweep(request, { extensions, data: openMarketData(dataDir) }, NEVER);
      const one = await sweepWith(prepared, dataDir, 1);
      const two = await sweepWith(prepared, dataDir, 2);
      if (one.best !== two.best) throw new Error('two threads found another best one than one thread');
      const what = `${String(one.size)} parameter sets over 5 years of daily bars, statistics and overfitting included`;
      yield { name: 'one-worker', value: one.rate, unit: 'sets/s', ratio: null, reference: what };
      yield {
        name: 'two-workers',
        ...{ value: two.rate, unit: 'sets/s', ratio: two.rate / one.rate },
        reference: 'one worker; target 1.8 on two processors that nobody else uses',
      };
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};
