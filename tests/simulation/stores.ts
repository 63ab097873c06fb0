import type { AccountDirectory } from '../../core/ports/account-directory.ts';
import { type AppendResult, type Journal, JournalError } from '../../core/ports/journal.ts';
import type { LeaseStore } from '../../core/ports/leases.ts';
import type { OrderArchive } from '../../core/ports/order-archive.ts';
import { createMemoryArchive } from '../support/memory-archive.ts';
import { createMemoryDirectory } from '../support/memory-directory.ts';
import { createMemoryJournal } from '../support/memory-journal.ts';
import { createMemoryLeases } from '../support/memory-leases.ts';
import { createMemoryStore, type MemoryStore } from '../support/memory-store.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

/** What one gateway process has of the store. */
export interface StorePorts {
  readonly journal: Journal;
  readonly archive: OrderArchive;
  readonly directory: AccountDirectory;
  readonly leases: LeaseStore;
}

/** What all gateways of a run share. `contents` shows at any moment what is committed. */
export interface SimulatedStore {
  readonly contents: MemoryStore;
  /** Each process has adapters of its own. */
  connect(): StorePorts;
}

function createSimulatedMemoryStore(contents: MemoryStore, clock: VirtualClock): SimulatedStore {
  const journal = createMemoryJournal(contents);
  const leases = createMemoryLeases(contents, clock);
  return {
    contents,
    connect: () => ({
      journal,
      leases,
      archive: createMemoryArchive(contents),
      directory: createMemoryDirectory(contents),
    }),
  };
}

/** Where a run happens: in memory unless said otherwise. */
export interface Stage {
  readonly clock: VirtualClock;
  readonly store: SimulatedStore;
}

export function stageInMemory(): Stage {
  const clock = createVirtualClock();
  return { clock, store: createSimulatedMemoryStore(createMemoryStore(), clock) };
}

/** `fail`: provably not written. The others lose the answer, after or before the commit. */
export type AppendOutcome = 'fail' | 'unknown-committed' | 'unknown-lost';

/** The next appends end as `outcomes` say, whatever journal they are meant for. */
export function failingJournal(journal: Journal, outcomes: AppendOutcome[]): Journal {
  return {
    takeOver: (...args) => journal.takeOver(...args),
    latestSnapshot: (...args) => journal.latestSnapshot(...args),
    saveSnapshot: (...args) => journal.saveSnapshot(...args),
    read: (...args) => journal.read(...args),
    async append(batches, signal): Promise<AppendResult> {
      const outcome = outcomes.shift();
      if (outcome === 'fail') throw new JournalError('NOT_COMMITTED', 'the transaction was rolled back');
      if (outcome === 'unknown-lost') {
        throw new JournalError('UNKNOWN', 'the connection broke before the commit');
      }
      const result = await journal.append(batches, signal);
      if (outcome === 'unknown-committed') {
        throw new JournalError('UNKNOWN', 'the connection broke during the commit');
      }
      return result;
    },
  };
}
