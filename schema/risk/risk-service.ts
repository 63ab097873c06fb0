import type { Page } from '../../core/ports/order-reader.ts';
import type { AlertRow } from '../../core/ports/read-model.ts';
import type { HistoricalRisk } from '../../core/risk/var.ts';
import type { RequestContext } from '../context.ts';

export interface RiskService {
  /** Newest first. NOT_FOUND for an account that is not the caller's. */
  alerts(
    context: RequestContext,
    accountId: string,
    first: number,
    beforeSeq: number | null,
  ): Promise<Page<AlertRow>>;
  /** Of accounts that the caller has been shown, in their order. */
  historical(context: RequestContext, accountIds: readonly string[]): Promise<readonly HistoricalRisk[]>;
}
