import type { Chance, Clock, Timer } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import type { Lease, LeaseStore, ShardOwnership } from '../ports/leases.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { withDeadline } from './deadline.ts';
import { shardResource, SHARDS } from './sharding.ts';

export interface LeaseKeeperOptions {
  readonly store: LeaseStore;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly telemetry: Telemetry;
  readonly failpoints: Failpoints;
  /** Unique for each life of a process. */
  readonly owner: string;
  /** Where other processes send commands to. */
  readonly address: string;
  readonly ttlMs: number;
  /** How long the store may take to answer at the start, when nothing is held that could be lost meanwhile. */
  readonly startTimeoutMs: number;
  /** How often free shards and other owners are looked for. */
  readonly pollMs: number;
  onGained(shard: number, epoch: number): void;
  onLost(shard: number): void;
  /** Ends the work of a shard in good order; it is given back afterwards. */
  onRelease(shard: number): Promise<void>;
}

interface Held {
  readonly epoch: number;
  /** Monotonic; counted from before the request that gave or extended it. */
  validUntil: number;
}

/**
 * Keeps this process's share of the shards. Every process has a lease "member:<owner>", so that each
 * knows how many there are: N members aim at ceil(64 / N) shards, take free ones up to that and hand
 * over what they have above it. A lease counts from the instant before it was asked for, on the
 * monotonic clock: what this process believes ends earlier than what the store believes.
 */
export interface LeaseKeeper extends ShardOwnership {
  readonly members: number;
  readonly shards: readonly number[];
  /** Rejects when the store cannot be reached: a process that cannot begin should say so. */
  start(): Promise<void>;
  /** Looks at once who owns what. */
  refresh(): Promise<void>;
  /** Gives everything back, in good order. */
  close(): Promise<void>;
}

export function createLeaseKeeper(options: LeaseKeeperOptions): LeaseKeeper {
  const { store, clock, telemetry, owner, ttlMs } = options;
  const membership = `member:${owner}`;
  const held = new Map<number, Held>();
  const releasing = new Set<number>();
  let owners = new Map<number, Lease>();
  let members = 1;
  let renewedAt = Number.NEGATIVE_INFINITY;
  const preferred = shardsFrom(owner);
  let isMember = false;
  let timer: Timer | null = null;
  let running: Promise<void> = Promise.resolve();
  let isClosing = false;
  let isFailing = false;
  let askMs = options.startTimeoutMs;

  const ask = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    withDeadline(clock, askMs, 'the lease store', work);

  function hold(lease: Lease, asked: number): void {
    const shard = shardOfResource(lease.resource);
    if (shard === null) {
      isMember = isMember || lease.resource === membership;
      return;
    }
    const known = held.get(shard);
    if (known?.epoch === lease.epoch) {
      known.validUntil = asked + ttlMs;
      return;
    }
    if (known !== undefined) {
      lose(shard);
    }
    held.set(shard, { epoch: lease.epoch, validUntil: asked + ttlMs });
    options.onGained(shard, lease.epoch);
  }

  function lose(shard: number): void {
    if (held.delete(shard)) {
      telemetry.count('leases_lost_total');
      options.onLost(shard);
    }
  }

  async function renew(): Promise<void> {
    const asked = clock.monotonic();
    const leases = await ask((signal) => store.renew(owner, ttlMs, signal));
    renewedAt = asked;
    isMember = leases.some(({ resource }) => resource === membership);
    const kept = new Set(leases.map(({ resource }) => resource));
    for (const shard of [...held.keys()]) {
      if (!kept.has(shardResource(shard))) {
        lose(shard);
      }
    }
    // Also what is not known here: a claim whose answer was lost has been granted all the same.
    for (const lease of leases) {
      const shard = shardOfResource(lease.resource);
      if (shard === null || !releasing.has(shard) || held.has(shard)) {
        hold(lease, asked);
      }
    }
  }

  async function claim(resources: readonly string[]): Promise<void> {
    options.failpoints.hit('lease.before-claim');
    const asked = clock.monotonic();
    const leases = await ask((signal) => store.claim(resources, owner, options.address, ttlMs, signal));
    options.failpoints.hit('lease.after-claim');
    for (const lease of leases) {
      hold(lease, asked);
    }
  }

  async function look(): Promise<void> {
    const leases = await ask((signal) => store.list(signal));
    const seen = new Map<number, Lease>();
    const names = new Set([owner]);
    for (const lease of leases) {
      const shard = shardOfResource(lease.resource);
      if (shard !== null) {
        seen.set(shard, lease);
      } else if (lease.resource.startsWith('member:')) {
        names.add(lease.owner);
      }
    }
    owners = seen;
    members = names.size;
  }

  async function balance(): Promise<void> {
    const share = Math.ceil(SHARDS / members);
    const free = preferred.filter((shard) => !owners.has(shard) && !held.has(shard));
    const wanted = free.slice(0, Math.max(0, share - held.size));
    if (wanted.length > 0) {
      await claim(wanted.map(shardResource));
    }
    const surplus = [...held.keys()].slice(share).filter((shard) => !releasing.has(shard));
    for (const shard of surplus) {
      void release(shard);
    }
  }

  async function release(shard: number): Promise<void> {
    releasing.add(shard);
    try {
      await options.onRelease(shard);
      held.delete(shard);
      await ask((signal) => store.release([shardResource(shard)], owner, signal));
    } catch (error) {
      // It expires by itself.
      telemetry.log('warn', 'a shard could not be given back', { shard, error });
    } finally {
      releasing.delete(shard);
    }
  }

  function lapse(): void {
    const now = clock.monotonic();
    for (const [shard, { validUntil }] of [...held]) {
      if (validUntil <= now) {
        lose(shard);
      }
    }
  }

  async function round(): Promise<void> {
    if (clock.monotonic() - renewedAt >= ttlMs / 3) {
      await renew();
    }
    if (!isMember) {
      await claim([membership]);
    }
    await look();
    await balance();
    telemetry.gauge('shards_owned', held.size);
  }

  function schedule(): void {
    if (isClosing) {
      return;
    }
    timer = clock.after(options.pollMs * (0.9 + 0.2 * options.chance.next()), () => {
      running = round()
        .then(() => {
          isFailing = false;
        })
        .catch((error: unknown) => {
          // Once for each outage, not with every round of it.
          telemetry.log(isFailing ? 'debug' : 'warn', 'leases could not be kept', { error });
          isFailing = true;
        })
        .then(() => {
          lapse();
          schedule();
        });
    });
  }

  return {
    get members() {
      return members;
    },
    get shards() {
      return [...held.keys()];
    },
    epoch(shard) {
      const lease = held.get(shard);
      return lease !== undefined && clock.monotonic() < lease.validUntil ? lease.epoch : null;
    },
    validUntil: (shard) => held.get(shard)?.validUntil ?? 0,
    addressOf(shard) {
      const lease = owners.get(shard);
      return lease === undefined || lease.owner === owner ? null : lease.address;
    },
    async start() {
      const asked = clock.monotonic();
      await claim([membership]);
      await look();
      await balance();
      renewedAt = asked;
      askMs = ttlMs / 3;
      schedule();
    },
    refresh: look,
    async close() {
      isClosing = true;
      timer?.cancel();
      await running;
      await Promise.all([...held.keys()].map(release));
      await ask((signal) => store.release([membership], owner, signal)).catch((error: unknown) => {
        telemetry.log('warn', 'the membership could not be given back', { error });
      });
    },
  };
}

const SHARD_OF = new Map(Array.from({ length: SHARDS }, (_, shard) => [shardResource(shard), shard]));

const shardOfResource = (resource: string): number | null => SHARD_OF.get(resource) ?? null;

/** All shards, from a place that differs between owners, so that those who start together seldom collide. */
function shardsFrom(owner: string): number[] {
  let offset = 0;
  for (let index = 0; index < owner.length; index += 1) {
    offset = (offset * 31 + owner.charCodeAt(index)) % SHARDS;
  }
  return Array.from({ length: SHARDS }, (_, index) => (index + offset) % SHARDS);
}
