import { performanceOfBacktest } from './backtest-performance.ts';
import type { BacktestResult } from './backtest-result.ts';
import { resultHash } from './result-hash.ts';
import type { TradingFloor } from './trading-floor.ts';

type Frame = Pick<BacktestResult, 'settings' | 'status' | 'failure' | 'startedAt' | 'endedAt'> & {
  readonly bars: number;
  readonly warmupBars: number;
  /** Null without a series of them. */
  readonly ticks: number | null;
};

/** What has come of a run up to now; nothing but the frame of one that has not started. */
export const resultOf = (floor: TradingFloor | null, frame: Frame): BacktestResult => {
  const { bars, ticks, warmupBars, ...known } = frame;
  const { endedAt, settings, startedAt, status } = known;
  const orders = floor?.orders.orders() ?? [];
  const fills = floor?.orders.fills ?? [];
  const equity = [...(floor?.equity.points ?? [])];
  const benchmark = [...(floor?.equity.benchmark ?? [])];
  const isWithinDay = status !== 'COMPLETED' && startedAt !== null && endedAt !== null && endedAt > startedAt;
  if (isWithinDay && floor !== null) {
    const [point, level] = [floor.equity.now(endedAt), floor.equity.benchmarkNow(endedAt)];
    if (point !== null) equity.push(point);
    if (level !== null) benchmark.push(level);
  }
  const charges = [...(floor?.carrying.charges ?? [])];
  const series = { settings, fills, equity, startedAt, endedAt, ...(charges.length > 0 && { charges }) };
  const reported = { ...series, benchmark: settings.benchmark === null ? null : benchmark };
  const { summary, withheld } = performanceOfBacktest(reported);
  return {
    ...known,
    orders,
    fills: [...fills],
    ...(charges.length > 0 && { charges }),
    equity,
    benchmark: reported.benchmark,
    performance: summary,
    withheld,
    logs: [...(floor?.driver.log.logs ?? [])],
    droppedLogs: floor?.driver.log.dropped ?? 0,
    metrics: Object.fromEntries(floor?.driver.log.metrics ?? []),
    counts: {
      bars,
      ...(ticks !== null && { ticks }),
      warmupBars,
      orders: orders.length,
      fills: fills.length,
      denied: floor?.orders.denied ?? 0,
      rejected: floor?.orders.rejected ?? 0,
      events: floor?.account.events ?? 0,
      steps: floor?.driver.steps ?? 0,
    },
    resultHash: resultHash(orders, fills, equity, settings),
  };
};
