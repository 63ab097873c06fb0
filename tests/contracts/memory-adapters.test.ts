import { createMemoryArchive } from '../support/memory-archive.ts';
import { createMemoryBusLine } from '../support/memory-bus.ts';
import { createMemoryJournal } from '../support/memory-journal.ts';
import { createMemoryLeases } from '../support/memory-leases.ts';
import { createMemoryReaders } from '../support/memory-readers.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';
import { describeBus } from './bus.contract.ts';
import { describeJournal } from './journal.contract.ts';
import { describeLeases } from './leases.contract.ts';
import { describeOrderArchive, type OrderArchiveHarness } from './order-archive.contract.ts';
import { describeStrategyRows, type StrategyRowsHarness } from './strategy-rows.contract.ts';

function openStore(): Promise<OrderArchiveHarness & StrategyRowsHarness> {
  const store = createMemoryStore();
  const leases = createMemoryLeases(store, createVirtualClock());
  let owners = 0;
  return Promise.resolve({
    journal: createMemoryJournal(store),
    archive: createMemoryArchive(store),
    readers: createMemoryReaders(store),
    workspaceId: 'workspace-1',
    async lease(shard) {
      const resource = `shard:${String(shard)}`;
      const signal = AbortSignal.timeout(1_000);
      await leases.release([resource], `owner-${String(owners)}`, signal);
      owners += 1;
      const [lease] = await leases.claim([resource], `owner-${String(owners)}`, 'local', 60_000, signal);
      if (lease === undefined) {
        throw new Error(`${resource} was not free`);
      }
      return lease.epoch;
    },
    close: () => Promise.resolve(),
  });
}

describeJournal('memory', openStore);
describeOrderArchive('memory', openStore);
describeStrategyRows('memory', openStore);

describeLeases('memory', () => {
  const clock = createVirtualClock();
  return Promise.resolve({
    leases: createMemoryLeases(createMemoryStore(), clock),
    elapse: (ms) => clock.advance(ms),
    close: () => Promise.resolve(),
  });
});

describeBus('memory', () => {
  const line = createMemoryBusLine();
  const [here, there] = [line.connect(), line.connect()];
  return Promise.resolve({
    here,
    there,
    async close() {
      await here.close();
      await there.close();
    },
  });
});
