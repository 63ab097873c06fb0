import type { Telemetry } from '../../core/ports/telemetry.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createJobPool, type JobPool, type JobWatch } from './isolation/job-pool.ts';
import type { Job } from './isolation/job-protocol.ts';
import type { PluginHost } from './plugin-host.ts';

/** Jobs that may wait; one more is refused with JOB_QUEUE_FULL. */
const MOST_WAITING = 100;

const KINDS: readonly Job['kind'][] = [
  'weights',
  'train',
  'predict',
  'tune',
  'check-backtest',
  'check-sweep',
  'report',
  'performance',
  'account-report',
];

export interface OpenJobPoolOptions {
  readonly host: Pick<PluginHost, 'onChange' | 'standings'>;
  readonly config: Config;
  readonly logger: Logger;
  readonly telemetry: Pick<Telemetry, 'count' | 'gauge'>;
}

/**
 * The gateway's pool for jobs of its plugins; no thread is started before the first job. Whoever asks for a job takes
 * the extension from the plugin host and checks the parameters. A plugin that is replaced is loaded anew.
 */
export function openJobPool({ config, host, logger, telemetry }: OpenJobPoolOptions): JobPool {
  const pool = createJobPool({
    size: config.JOB_WORKERS,
    queue: MOST_WAITING,
    deadlineMs: config.JOB_TIMEOUT_MS,
    heapMegabytes: config.JOB_HEAP_MB,
    externalMegabytes: config.JOB_HEAP_MB,
    logger,
    watch: measuring(telemetry),
    refusal: ({ specifier }) => refusalOf(host, specifier),
  });
  const unsubscribe = host.onChange(() => {
    pool.refresh();
  });
  return {
    run: (job, signal, options) => pool.run(job, signal, options),
    get running() {
      return pool.running;
    },
    get waiting() {
      return pool.waiting;
    },
    refresh() {
      pool.refresh();
    },
    async close() {
      unsubscribe();
      await pool.close();
    },
  };
}

/** A thread keeps nothing from code that the gateway itself must not import. */
function refusalOf({ standings }: Pick<PluginHost, 'standings'>, specifier: string): string | null {
  const found = standings.find(({ entry }) => entry.specifier === specifier);
  return found?.entry.read === undefined
    ? null
    : `${found.name} runs in sandboxed processes, and jobs are done in threads of the gateway: ` +
        'give it the isolation "worker" in the list of plugins if you trust its code';
}

const measuring = (telemetry: Pick<Telemetry, 'count' | 'gauge'>): JobWatch => ({
  changed({ running, waiting }) {
    for (const kind of KINDS) {
      telemetry.gauge('jobs_running', running.filter((job) => job.kind === kind).length, { kind });
      telemetry.gauge('jobs_waiting', waiting.filter((job) => job.kind === kind).length, { kind });
    }
  },
  ended({ kind }, error) {
    telemetry.count('jobs_total', { kind, result: error?.code ?? 'DONE' });
  },
});
