import { requireScope } from '../../core/identity/principal.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { PerformanceRange, PerformanceService } from '../../schema/account/performance-service.ts';
import type { RequestContext } from '../../schema/context.ts';
import { apiError, badInput, notFound } from '../../schema/errors/api-error.ts';
import type { HistoryCollector } from '../account-performance/collect-histories.ts';
import type { AccountHistoryData } from '../account-performance/history-data.ts';
import type { PerformanceOutcome } from '../account-performance/performance-task.ts';
import type { ReportLinks } from '../auth/report-links.ts';
import { JobError } from '../plugins/isolation/job-error.ts';

/** Computes outside of this thread. Rejects with JobError. */
export type ComputePerformance = (
  histories: readonly AccountHistoryData[],
  signal: AbortSignal,
) => Promise<PerformanceOutcome>;

export interface PerformanceServiceOptions {
  readonly collector: HistoryCollector;
  readonly compute: ComputePerformance;
  readonly links: ReportLinks;
  readonly clock: Pick<Clock, 'now'>;
}

export function createPerformanceService(options: PerformanceServiceOptions): PerformanceService {
  const { clock, collector, compute, links } = options;

  const collect = async (
    context: RequestContext,
    accountIds: readonly string[],
    range: PerformanceRange,
  ): Promise<readonly AccountHistoryData[]> => {
    const { workspaceId } = requireScope(context.principal, 'READ');
    const found = await collector.collect(workspaceId, accountIds, range, context.signal);
    const byId = new Map(found.map((history) => [history.account.accountId, history]));
    return accountIds.map((id) => {
      const history = byId.get(id);
      if (history === undefined) throw notFound('account', id, 'id');
      return history;
    });
  };

  return {
    async summaries(context, accountIds, range) {
      const histories = await collect(context, accountIds, range);
      const outcome = await compute(histories, context.signal).catch(refuse);
      if ('problem' in outcome) throw badInput(outcome.problem.message, outcome.problem.field);
      return outcome.summaries;
    },

    reportPath(context, accountId, range) {
      const { workspaceId } = requireScope(context.principal, 'READ');
      collector.check(range);
      return links.pathOfAccount({ accountId, workspaceId, ...range }, clock.now());
    },
  };
}

/** That all threads are taken, or one took too long, is no fault of the caller. */
function refuse(error: unknown): never {
  if (!(error instanceof JobError) || error.code === 'JOB_FAILED') throw error;
  throw apiError('UNAVAILABLE', 'The performance cannot be computed now: ask again later.');
}
