import { backtestExtensionsOf } from '../../gateway/backtests/backtest-extensions.ts';
import { openMarketData } from '../../gateway/backtests/market-data/open-market-data.ts';
import { loadPlugin } from '../../gateway/plugins/load-plugin.ts';
import { OWN_STRATEGIES } from '../../gateway/plugins/own-strategies.ts';
import { OWN_TUNERS } from '../../gateway/plugins/own-tuners.ts';
import { sweepOutcome } from '../../gateway/sweeps/jobs/sweep-outcome.ts';
import { barsInMemory } from '../../gateway/sweeps/local/bars-in-memory.ts';
import { evaluateTasks } from '../../gateway/sweeps/local/evaluate-tasks.ts';
import { runSweep } from '../../gateway/sweeps/local/run-sweep.ts';
import { prepareSweep } from '../../gateway/sweeps/prepare-sweep.ts';
import type { SweepRequest } from '../../gateway/sweeps/sweep-request.ts';

const signal = new AbortController().signal;

/** What a sweep of our own strategies and tuners comes to without any queue, and its hash. */
export async function sweepInOneProcess(request: SweepRequest) {
  const loaded = await Promise.all(
    [...OWN_STRATEGIES, ...OWN_TUNERS].map((specifier) =>
      loadPlugin({ specifier, grants: [], required: true }),
    ),
  );
  const extensions = backtestExtensionsOf(loaded.flatMap((plugin) => plugin.extensions));
  const surroundings = { extensions, data: openMarketData('no-folder-of-bars') };
  const prepared = await prepareSweep(request, surroundings, signal);
  const bars = barsInMemory(surroundings.data, prepared.settings.backtest, 64);
  const { result } = await runSweep(prepared, {
    ...{ workers: 1, signal },
    evaluate: (tasks) =>
      evaluateTasks(tasks, { ...surroundings, settings: prepared.settings, bars }, { signal }),
  });
  return { result, hash: sweepOutcome(result).hash };
}
