import type { JobPool } from '../plugins/isolation/job-pool.ts';
import type { ComputePerformance } from '../services/performance-service.ts';

/** Computes the performance of accounts in threads of the pool. */
export const computeInThreads =
  (pool: Pick<JobPool, 'run'>, dataDir: string): ComputePerformance =>
  (histories, signal) =>
    pool.run(
      {
        kind: 'performance',
        // No plugin's: the name only keeps threads for the same purpose together.
        ...{ specifier: 'omniquant:report', id: 'performance', config: null },
        task: { histories, dataDir },
      },
      signal,
    );
