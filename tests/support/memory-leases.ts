import type { Clock } from '../../core/ports/clock.ts';
import type { Lease, LeaseStore } from '../../core/ports/leases.ts';
import type { MemoryStore, StoredLease } from './memory-store.ts';

export interface MemoryLeases extends LeaseStore {
  /** Every call rejects while it is set. */
  setDown(down: boolean): void;
}

/** Leases in a memory store, judged by the given clock: the store's, not that of any process. */
export function createMemoryLeases(store: MemoryStore, clock: Pick<Clock, 'now'>): MemoryLeases {
  let down = false;

  async function reach(signal: AbortSignal): Promise<void> {
    await Promise.resolve();
    if (down || signal.aborted) {
      throw new Error('the lease store cannot be reached');
    }
  }

  const isLive = (lease: StoredLease): boolean => lease.expiresAt > clock.now();
  const toLease = (resource: string, { owner, address, epoch }: StoredLease): Lease => ({
    resource,
    owner,
    address,
    epoch,
  });

  return {
    setDown: (value) => void (down = value),
    async claim(resources, owner, address, ttlMs, signal) {
      await reach(signal);
      const held: Lease[] = [];
      for (const resource of resources) {
        const known = store.leases.get(resource);
        if (known !== undefined && known.owner !== owner && isLive(known)) {
          continue;
        }
        // An owner that let its lease expire comes back under a new epoch: others may have been there.
        const keeps = known !== undefined && known.owner === owner && isLive(known);
        const epoch = keeps ? known.epoch : (known?.epoch ?? 0) + 1;
        const lease = { owner, address, epoch, expiresAt: clock.now() + ttlMs };
        store.leases.set(resource, lease);
        held.push(toLease(resource, lease));
      }
      return held;
    },
    async renew(owner, ttlMs, signal) {
      await reach(signal);
      const held: Lease[] = [];
      for (const [resource, lease] of store.leases) {
        if (lease.owner === owner && isLive(lease)) {
          lease.expiresAt = clock.now() + ttlMs;
          held.push(toLease(resource, lease));
        }
      }
      return held;
    },
    async release(resources, owner, signal) {
      await reach(signal);
      for (const resource of resources) {
        const lease = store.leases.get(resource);
        if (lease?.owner === owner) {
          lease.expiresAt = 0;
        }
      }
    },
    async list(signal) {
      await reach(signal);
      return [...store.leases]
        .filter(([, lease]) => isLive(lease))
        .map(([name, lease]) => toLease(name, lease));
    },
  };
}
