import type { MetricDefinition } from '../../telemetry/metrics.ts';

export const SWEEP_METRICS: Readonly<Record<string, MetricDefinition>> = {
  sweep_evaluations_total: {
    help: 'Evaluations of sweeps that this process did, by outcome (NOT_WANTED: called off, or taken by another process).',
    labels: ['result'],
  },
  sweeps_removed_total: { help: 'Sweeps that this process removed for their age.' },
  sweeps_total: {
    help: 'Sweeps that this process brought to their end, by outcome.',
    labels: ['result'],
  },
};
