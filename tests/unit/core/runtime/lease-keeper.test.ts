import { beforeEach, describe, expect, it } from '@jest/globals';

import { NO_FAILPOINTS } from '../../../../core/ports/failpoints.ts';
import type { LeaseStore } from '../../../../core/ports/leases.ts';
import { createLeaseKeeper, type LeaseKeeper } from '../../../../core/runtime/lease-keeper.ts';
import { shardOf, SHARDS } from '../../../../core/runtime/sharding.ts';
import { createMemoryLeases } from '../../../support/memory-leases.ts';
import { createMemoryStore } from '../../../support/memory-store.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';

const TTL = 3_000;

describe('the keeper of leases', () => {
  let clock: VirtualClock;
  let leases: ReturnType<typeof createMemoryLeases>;
  let told: string[];

  beforeEach(() => {
    clock = createVirtualClock();
    leases = createMemoryLeases(createMemoryStore(), clock);
    told = [];
  });

  function keeper(owner: string, store: LeaseStore = leases): LeaseKeeper {
    return createLeaseKeeper({
      store,
      clock,
      chance: { next: () => 0.5 },
      telemetry: {
        span: () => {
          throw new Error('no spans here');
        },
        count: () => undefined,
        observe: () => undefined,
        gauge: () => undefined,
        log: () => undefined,
      },
      failpoints: NO_FAILPOINTS,
      owner,
      address: `http://${owner}`,
      ttlMs: TTL,
      startTimeoutMs: 10_000,
      pollMs: 500,
      onGained: (shard, epoch) => void told.push(`${owner} gained ${String(shard)} ${String(epoch)}`),
      onLost: (shard) => void told.push(`${owner} lost ${String(shard)}`),
      onRelease: () => Promise.resolve(),
    });
  }

  it('counts a lease from before it was asked for', async () => {
    const slow: LeaseStore = {
      ...leases,
      claim: async (...terms) => {
        const held = await leases.claim(...terms);
        await new Promise<void>((resolve) => clock.after(800, resolve));
        return held;
      },
    };
    const one = keeper('one', slow);
    const starting = one.start();
    await clock.advance(2_000);
    await starting;
    const [shard = 0] = one.shards;
    // Asked for at 800 ms, after the membership; the answer came at 1,600.
    expect(one.validUntil(shard)).toBe(800 + TTL);
  });

  it('begins although the store is slower at the start than it may be later', async () => {
    let isSlow = true;
    const slow: LeaseStore = {
      ...leases,
      claim: async (...terms) => {
        if (isSlow) await new Promise<void>((resolve) => clock.after(TTL, resolve));
        isSlow = false;
        return await leases.claim(...terms);
      },
    };
    const one = keeper('one', slow);
    const starting = one.start();
    await clock.advance(TTL + 100);
    await starting;
    expect(one.shards).toHaveLength(SHARDS);
  });

  it('says that nothing is surely its own when it cannot renew, before the store gives it away', async () => {
    const one = keeper('one');
    await one.start();
    const [shard = 0] = one.shards;
    leases.setDown(true);
    await clock.advance(TTL);
    expect(one.epoch(shard)).toBeNull();
    await clock.advance(1_000);
    expect(one.shards).toEqual([]);
    expect(told).toContain(`one lost ${String(shard)}`);
    leases.setDown(false);
    await clock.advance(2_000);
    expect(one.shards).toHaveLength(SHARDS);
    expect(one.epoch(shard)).toBeGreaterThan(1);
  });

  it('holds what a claim got whose answer was lost', async () => {
    let isLost = true;
    const lossy: LeaseStore = {
      ...leases,
      claim: async (resources, ...terms) => {
        const held = await leases.claim(resources, ...terms);
        if (isLost && resources.length > 1) {
          isLost = false;
          throw new Error('the answer was lost');
        }
        return held;
      },
    };
    const one = keeper('one', lossy);
    await expect(one.start()).rejects.toThrow('lost');
    const again = keeper('two', lossy);
    await again.start();
    expect(again.shards).toHaveLength(0);
    await clock.advance(2 * TTL);
    expect(again.shards).toHaveLength(SHARDS);
  });

  it('tells where the shards of others are', async () => {
    const [one, two] = [keeper('one'), keeper('two')];
    await one.start();
    await two.start();
    await clock.advance(5_000);
    expect([one.shards.length, two.shards.length]).toEqual([SHARDS / 2, SHARDS / 2]);
    const [theirs = 0] = two.shards;
    expect(one.epoch(theirs)).toBeNull();
    expect(one.addressOf(theirs)).toBe('http://two');
    expect(two.addressOf(theirs)).toBeNull();
  });

  it('gives everything back when it is closed', async () => {
    const [one, two] = [keeper('one'), keeper('two')];
    await one.start();
    await one.close();
    await two.start();
    expect(two.shards).toHaveLength(SHARDS);
    expect(clock.pendingTimers).toBe(1);
    await two.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('shards', () => {
  it('are the same for ever, since accounts keep theirs', () => {
    const ref = { broker: 'simulated', connection: 'default' };
    expect(
      ['a', 'account-1', '0190c8a4-0000-7000-8000-000000000000'].map((id) => shardOf(id, ref, false)),
    ).toEqual([44, 22, 30]);
    expect(
      new Set(Array.from({ length: 20 }, (_, index) => shardOf(`account-${String(index)}`, ref, true))).size,
    ).toBe(1);
  });

  it('are filled evenly', () => {
    const counts = new Map<number, number>();
    for (let index = 0; index < 6_400; index += 1) {
      const shard = shardOf(
        `0190c8a4-0000-7000-8000-${String(index).padStart(12, '0')}`,
        { broker: 'b', connection: 'c' },
        false,
      );
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }
    expect(counts.size).toBe(SHARDS);
    expect(Math.max(...counts.values())).toBeLessThan(200);
  });
});
