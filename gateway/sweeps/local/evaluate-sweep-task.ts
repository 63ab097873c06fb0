import type { EvaluationSummary, EvaluationTask } from '../../../core/sweeps/evaluation.ts';
import { settingsHash } from '../../../core/sweeps/parameters-hash.ts';
import type { SweepSettings } from '../../../core/sweeps/sweep-settings.ts';
import { loadBacktestExtensions } from '../../backtests/backtest-extensions.ts';
import type { BacktestPlugin } from '../../backtests/jobs/backtest-task.ts';
import type { MarketDataSource } from '../../backtests/market-data/market-data-source.ts';
import { openMarketData } from '../../backtests/market-data/open-market-data.ts';
import { offeredMarketData, type StoredBarsOffer } from '../../backtests/market-data/stored-bars-channel.ts';
import { barsInMemory } from './bars-in-memory.ts';
import { evaluateTasks, type EvaluationSurroundings } from './evaluate-tasks.ts';

/** Runs of one sweep, for a worker thread; plain data. */
export interface EvaluateSweepTask {
  readonly settings: SweepSettings;
  readonly tasks: readonly EvaluationTask[];
  /** That of the strategy, and those of optimizers that it may use. */
  readonly plugins: readonly BacktestPlugin[];
  /** Where imported bars are. */
  readonly dataDir: string;
  /** Bars that gateways have kept, which the workspace may read; none when left out. */
  readonly stored?: StoredBarsOffer;
  /** For bars that stay in memory from one task to the next: see {@link barMegabytesOf}. */
  readonly barMegabytes: number;
}

/** Whoever does not want the results any more ends the thread. */
const NEVER_ABORTED = new AbortController().signal;

/** That of the last sweep that this thread has worked for. */
let last: {
  readonly key: string;
  readonly place: Place;
  readonly surroundings: Promise<EvaluationSurroundings>;
} | null = null;

/** Where bars are read that are not in memory: stored ones are offered to each task anew. */
interface Place {
  data: MarketDataSource;
}

/** Does runs in this thread; the bars of a sweep are read once. */
export async function evaluateSweepTask(
  task: EvaluateSweepTask,
  onProgress: (fraction: number) => void,
): Promise<readonly EvaluationSummary[]> {
  const { tasks } = task;
  let done = 0;
  return evaluateTasks(tasks, await surroundingsOf(task), {
    signal: NEVER_ABORTED,
    onEvaluated() {
      done += 1;
      onProgress(done / tasks.length);
    },
  });
}

function surroundingsOf(task: EvaluateSweepTask): Promise<EvaluationSurroundings> {
  const { barMegabytes, dataDir, plugins, settings } = task;
  const key = JSON.stringify([settingsHash(settings), dataDir, plugins, barMegabytes]);
  const data = marketDataOf(task);
  if (last?.key === key) {
    last.place.data = data;
    return last.surroundings;
  }
  const place: Place = { data };
  const surroundings = open(task, place);
  last = { key, place, surroundings };
  surroundings.catch(() => {
    last = null;
  });
  return surroundings;
}

const marketDataOf = ({ dataDir, stored }: EvaluateSweepTask): MarketDataSource =>
  openMarketData(dataDir, stored === undefined ? null : offeredMarketData(stored));

/** What is at the place when it is asked. */
const dataAt = (place: Place): MarketDataSource => ({
  series: () => place.data.series(),
  ticks: () => place.data.ticks(),
  actions: (symbol) => place.data.actions(symbol),
  instrument: (symbol) => place.data.instrument(symbol),
  read: (series, range, signal) => place.data.read(series, range, signal),
  readTicks: (series, range, signal) => place.data.readTicks(series, range, signal),
});

async function open(
  { barMegabytes, plugins, settings }: EvaluateSweepTask,
  place: Place,
): Promise<EvaluationSurroundings> {
  const extensions = await loadBacktestExtensions(plugins.map((plugin) => ({ ...plugin, required: false })));
  const data = dataAt(place);
  return { settings, extensions, data, bars: barsInMemory(data, settings.backtest, barMegabytes) };
}
