import type { PerformanceRange } from '../../schema/account/performance-service.ts';
import { badInput } from '../../schema/errors/api-error.ts';
import type { RenderedReport, ReportDocument } from '../backtests/jobs/report-task.ts';
import type { JobPool } from '../plugins/isolation/job-pool.ts';
import type { HistoryCollector } from './collect-histories.ts';

/** Documents of the accounts of a workspace. */
export interface AccountReports {
  /**
   * Null when there is no such account in the workspace. Throws BAD_USER_INPUT naming what of the range is wrong; rejects
   * with JobError, DatabaseError and UnavailableError.
   */
  render(
    target: {
      readonly workspaceId: string;
      readonly accountId: string;
      readonly range: PerformanceRange;
      readonly document: ReportDocument;
    },
    signal: AbortSignal,
  ): Promise<RenderedReport | null>;
}

export interface AccountReportsOptions {
  readonly collector: HistoryCollector;
  readonly pool: Pick<JobPool, 'run'>;
  readonly dataDir: string;
}

export const createAccountReports = ({
  collector,
  dataDir,
  pool,
}: AccountReportsOptions): AccountReports => ({
  async render({ accountId, document, range, workspaceId }, signal) {
    const [history] = await collector.collect(workspaceId, [accountId], range, signal);
    if (history === undefined) return null;
    const charts = document === 'report.html' ? await collector.charts(workspaceId, history, signal) : {};
    const task = { history, charts, document, dataDir };
    const job = {
      kind: 'account-report',
      specifier: 'omniquant:report',
      id: document,
      config: null,
      task,
    } as const;
    const outcome = await pool.run(job, signal);
    if ('problem' in outcome) throw badInput(outcome.problem.message, outcome.problem.field);
    return outcome.report;
  },
});
