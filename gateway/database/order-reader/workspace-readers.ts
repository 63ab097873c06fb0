import type { WorkspaceReaders } from '../../../core/ports/order-reader.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { openWorkspaceTransaction } from '../workspace-transaction.ts';
import { createAccountReads } from './account-reads.ts';
import { createAlertReads } from './alert-reads.ts';
import { createEventReads } from './event-reads.ts';
import { createOrderReads } from './order-reads.ts';
import { createStrategyReads } from './strategy-reads.ts';

/** Readers under the app's role: one transaction a request, of one workspace. */
export function createWorkspaceReaders(pool: ConnectionPool): WorkspaceReaders {
  return {
    open(workspaceId, signal) {
      const transaction = openWorkspaceTransaction(pool, { workspaceId, mode: 'READ ONLY' }, signal);
      return {
        ...createAccountReads(transaction),
        ...createOrderReads(transaction),
        ...createEventReads(transaction),
        ...createAlertReads(transaction),
        ...createStrategyReads(transaction),
        close: () => transaction.rollback(),
      };
    },
  };
}
