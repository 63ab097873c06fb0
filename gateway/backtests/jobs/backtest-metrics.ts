import type { MetricDefinition } from '../../telemetry/metrics.ts';

export const BACKTEST_METRICS: Readonly<Record<string, MetricDefinition>> = {
  backtests_running: { help: 'Backtests, and batches of sweeps, that this process does now.' },
  backtests_queued: { help: 'Backtests of all workspaces that wait, in the whole installation.' },
  backtest_seconds: {
    help: 'Wall time of one run of a backtest in this process, by outcome, s.',
    labels: ['result'],
    buckets: [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000, 3_600],
  },
  backtests_removed_total: { help: 'Backtests that this process removed for their age.' },
  backtests_total: {
    help: 'Backtests that this process did, by outcome (NOT_WANTED: called off, or taken by another process).',
    labels: ['result'],
  },
};
