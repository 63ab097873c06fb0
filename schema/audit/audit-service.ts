import type { OrderReader } from '../../core/ports/order-reader.ts';
import type { RequestContext } from '../context.ts';

export type AuditPage = Awaited<ReturnType<OrderReader['audits']>>;

export interface AuditService {
  /** Newest first, of an account or of the whole workspace. ADMIN. */
  entries(
    context: RequestContext,
    accountId: string | null,
    first: number,
    beforeSequence: string | null,
  ): Promise<AuditPage>;
}
