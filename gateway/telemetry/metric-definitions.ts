import { RUNTIME_METRICS } from '../../core/runtime/metrics.ts';
import { BACKTEST_METRICS } from '../backtests/jobs/backtest-metrics.ts';
import { NOTIFICATION_METRICS } from '../notifications/notification-metrics.ts';
import { PLUGIN_METRICS } from '../plugins/plugin-metrics.ts';
import { SERVER_METRICS } from '../server/server-metrics.ts';
import { SWEEP_METRICS } from '../sweeps/jobs/sweep-metrics.ts';
import type { MetricDefinition } from './metrics.ts';

/** Every metric that the gateway exports besides those of the process itself. */
export const METRIC_DEFINITIONS: Readonly<Record<string, MetricDefinition>> = {
  ...RUNTIME_METRICS,
  ...SERVER_METRICS,
  ...PLUGIN_METRICS,
  ...NOTIFICATION_METRICS,
  ...BACKTEST_METRICS,
  ...SWEEP_METRICS,
  journal_disk_free_bytes: { help: 'Free bytes on the fullest disk of the journal, where it can be seen.' },
};
