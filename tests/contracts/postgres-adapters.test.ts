import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { createWorkspaceReaders } from '../../gateway/database/order-reader/workspace-readers.ts';
import { openTestStore } from '../support/postgres-store.ts';
import { describeJournal } from './journal.contract.ts';
import { describeLeases } from './leases.contract.ts';
import { describeOrderArchive, type OrderArchiveHarness } from './order-archive.contract.ts';
import { describeStrategyRows, type StrategyRowsHarness } from './strategy-rows.contract.ts';

async function open(): Promise<OrderArchiveHarness & StrategyRowsHarness> {
  const store = await openTestStore();
  const workspaceId = await store.workspace();
  return {
    journal: store.journal,
    archive: store.archive,
    readers: createWorkspaceReaders(store.connect('app')),
    workspaceId,
    lease: (shard) => store.lease(shard, randomUUID()),
    close: () => store.close(),
  };
}

describeJournal('PostgreSQL', open);
describeOrderArchive('PostgreSQL', open);
describeStrategyRows('PostgreSQL', open);

describeLeases('PostgreSQL', async () => {
  const store = await openTestStore();
  return { leases: store.leases, elapse: (ms) => sleep(ms), close: () => store.close() };
});
