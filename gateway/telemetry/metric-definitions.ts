import { RUNTIME_METRICS } from '../../core/runtime/metrics.ts';
import { SERVER_METRICS } from '../server/server-metrics.ts';
import type { MetricDefinition } from './metrics.ts';

/** Every metric that the gateway exports besides those of the process itself. */
export const METRIC_DEFINITIONS: Readonly<Record<string, MetricDefinition>> = {
  ...RUNTIME_METRICS,
  ...SERVER_METRICS,
};
