import type { BacktestResults } from '../../database/backtests/backtest-results.ts';
import type { StoredBarsReader } from '../../database/stored-bars/stored-bars-reader.ts';
import type { JobPool } from '../../plugins/isolation/job-pool.ts';
import { offerStoredBars } from '../market-data/stored-bars-channel.ts';
import type { RenderedReport, ReportDocument } from './report-task.ts';

export const REPORT_NAMES: readonly ReportDocument[] = [
  ...(['report.html', 'report.json', 'performance.csv', 'equity.csv', 'trades.csv'] as const),
];

/** Documents of the backtests of a workspace. */
export interface BacktestReports {
  /**
   * Null when there is no such backtest in the workspace, or it has no result. Rejects with JobError and DatabaseError.
   */
  render(
    target: { readonly workspaceId: string; readonly backtestId: string; readonly document: ReportDocument },
    signal: AbortSignal,
  ): Promise<RenderedReport | null>;
}

export interface BacktestReportsOptions {
  readonly results: BacktestResults;
  /** Drawing takes its time, and no other request is to wait for it. */
  readonly pool: Pick<JobPool, 'run'>;
  readonly dataDir: string;
  /** Prices of charts may be stored bars. */
  readonly stored: StoredBarsReader;
}

export const createBacktestReports = ({
  dataDir,
  pool,
  results,
  stored: storedBars,
}: BacktestReportsOptions): BacktestReports => ({
  async render({ backtestId, document, workspaceId }, signal) {
    const stored = await results.whole(workspaceId, backtestId, signal);
    if (stored === null) return null;
    const { close, offer } = await offerStoredBars(storedBars, workspaceId, signal);
    const task = { stored, document, dataDir, bars: offer };
    // No plugin's: the name only keeps threads for the same purpose together.
    const job = { kind: 'report', specifier: 'omniquant:report', id: document, config: null, task } as const;
    try {
      return await pool.run(job, signal);
    } finally {
      close();
    }
  },
});
