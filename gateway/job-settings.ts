import { count, milliseconds, number, port, type Setting, setting, text } from './setting-kinds.ts';

/** Of what is computed beside trading: jobs of plugins, and backtests. */
export const JOB_SETTINGS = {
  JOB_WORKERS: setting(
    count.default(2),
    '2',
    'Jobs of optimizers, models and tuners that are done at the same time, each in a thread of its own.',
  ),
  JOB_TIMEOUT_MS: setting(
    milliseconds.default(60_000),
    '60000',
    'A job that takes longer is ended, unless whoever asked for it gave it a deadline of its own.',
  ),
  JOB_HEAP_MB: setting(
    count.default(256),
    '256',
    'Memory of one job, MB: as much for its heap, and as much outside of it.',
  ),
  BACKTEST_WORKERS: setting(
    number.int().min(0).max(64).default(2),
    '2',
    'Backtests, and batches of sweeps, that this process does at the same time, each in a thread of its own; 0 leaves them to others (omniquant worker).',
  ),
  BACKTEST_TIMEOUT_MS: setting(
    number.int().min(1).max(82_800_000).default(3_600_000),
    '3600000',
    'A backtest that takes longer fails.',
  ),
  BACKTEST_HEAP_MB: setting(
    count.default(512),
    '512',
    'Memory of one backtest, MB: as much for its heap, and as much outside of it.',
  ),
  BACKTESTS_WAITING: setting(
    count.default(100),
    '100',
    'Backtests of one workspace that may wait; more are refused.',
  ),
  BACKTESTS_RUNNING: setting(
    count.default(2),
    '2',
    'Backtests of one workspace that are done at the same time, by all processes together.',
  ),
  WORKER_HOST: setting(
    text.default('127.0.0.1'),
    '127.0.0.1',
    'Address of the server that tells how an omniquant worker is: /healthz, /readyz, /metrics.',
  ),
  WORKER_PORT: setting(
    port.optional(),
    '',
    'Its port; 0 takes a free one. Without it a worker has no such server.',
  ),
  BACKTEST_SAVE_MS: setting(
    milliseconds.default(10_000),
    '10000',
    'How often a backtest under way is saved, so that another process goes on with it when its own ends.',
  ),
  BACKTEST_RETENTION_DAYS: setting(
    number.int().min(1).max(36_500).optional(),
    '',
    'Days after its end at which a backtest is removed, with all that came of it; without it none is.',
  ),
  SWEEP_RETENTION_DAYS: setting(
    number.int().min(1).max(36_500).optional(),
    '',
    'Days after its end at which a sweep is removed, with all of its runs; without it none is.',
  ),
  SWEEPS_WAITING: setting(
    count.default(20),
    '20',
    'Sweeps of one workspace that may be unfinished; more are refused.',
  ),
  SWEEP_EVALUATIONS: setting(
    number.int().min(1).max(100_000).default(10_000),
    '10000',
    'Runs of one sweep; one that has more is refused, or fails when it gets there.',
  ),
  SWEEP_BATCHES_RUNNING: setting(
    count.default(64),
    '64',
    'Batches of sweeps of one workspace that are done at the same time, by all processes together.',
  ),
} as const satisfies Record<string, Setting>;
