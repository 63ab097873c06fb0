import type { PerformanceSummary } from '../../core/performance/summary.ts';
import type { RequestContext } from '../context.ts';

/** Which days of an account, in market time (ms), and what it is compared with. Null: all days; no benchmark. */
export interface PerformanceRange {
  readonly from: number | null;
  /** Exclusive. */
  readonly to: number | null;
  readonly benchmark: string | null;
}

/**
 * The performance of accounts. Every method authorises its caller; throws NOT_FOUND for an account that is not the
 * caller's, BAD_USER_INPUT naming what of the range is wrong, and UNAVAILABLE.
 */
export interface PerformanceService {
  /** In the order of the accounts. */
  summaries(
    context: RequestContext,
    accountIds: readonly string[],
    range: PerformanceRange,
  ): Promise<readonly PerformanceSummary[]>;
  /** Path on this gateway of the tear sheet, good for an hour. */
  reportPath(context: RequestContext, accountId: string, range: PerformanceRange): string;
}
