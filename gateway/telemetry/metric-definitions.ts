import { RUNTIME_METRICS } from '../../core/runtime/metrics.ts';
import { SERVER_METRICS } from '../server/server-metrics.ts';
import type { MetricDefinition } from './metrics.ts';

/** Every metric that the gateway exports besides those of the process itself. */
export const METRIC_DEFINITIONS: Readonly<Record<string, MetricDefinition>> = {
  ...RUNTIME_METRICS,
  ...SERVER_METRICS,
  journal_disk_free_bytes: { help: 'Free bytes on the fullest disk of the journal, where it can be seen.' },
};
