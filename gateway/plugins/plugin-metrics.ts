import type { MetricDefinition } from '../telemetry/metrics.ts';

export const PLUGIN_METRICS: Readonly<Record<string, MetricDefinition>> = {
  plugin_up: { help: 'Whether a plugin of the list is in use.', labels: ['plugin'] },
  plugin_ready: { help: 'Whether a plugin is in use and says that it is well.', labels: ['plugin'] },
  jobs_running: { help: 'Jobs of optimizers, models and tuners that are being done.', labels: ['kind'] },
  jobs_waiting: { help: 'Jobs that wait for a worker.', labels: ['kind'] },
  jobs_total: {
    help: 'Jobs that came to an end; result is DONE or why there is none.',
    labels: ['kind', 'result'],
  },
};
