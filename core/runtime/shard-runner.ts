import type { AccountDirectory, AccountEntry } from '../ports/account-directory.ts';
import type { Clock } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import type { Journal } from '../ports/journal.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { AccountActor } from './account-actor.ts';
import { type AccountLoader, BrokenAccountError } from './account-loader.ts';
import { pause, withDeadline } from './deadline.ts';
import { createWorkLimit } from './work-limit.ts';

export interface ShardRunnerOptions {
  readonly journal: Journal;
  readonly directory: AccountDirectory;
  readonly load: AccountLoader;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly failpoints: Failpoints;
  readonly timeoutMs: number;
  /** Accounts that are read from the journal at a time. */
  readonly parallelLoads: number;
  createActor(entry: AccountEntry, epoch: number): AccountActor;
  /** Resolves when nothing that this process writes to the account is under way. */
  whenAppended(accountId: string): Promise<unknown>;
  /** The account is in memory and ours, for the first time or again: its broker may be asked. */
  onOpened(actor: AccountActor): void;
  /** It is no longer ours, or no longer readable. */
  onClosed(actor: AccountActor): void;
  /** Waits, not for ever, until what accounts have begun is answered and committed, and saves their snapshots. */
  drain(actors: readonly AccountActor[]): Promise<void>;
}

/**
 * The accounts of the shards that this process owns.
 *
 *   gained -> taken over in the journal (the former owner is fenced off) -> accounts loaded -> opened
 *   lost -> accounts closed at once, their state dropped
 *   released -> nothing more taken in, what was decided is committed, snapshots saved, then closed
 *
 * An account that is not readable stays closed and raises the alarm; the others go on.
 */
export interface ShardRunner {
  readonly actors: ReadonlyMap<string, AccountActor>;
  /** Accounts whose journal cannot be read. */
  readonly broken: ReadonlyMap<string, BrokenAccount>;
  gain(shard: number, epoch: number): void;
  lose(shard: number): void;
  release(shard: number): Promise<void>;
  /** The actor of an account on a shard of ours, once the shard has been taken over; null for an account that was never opened. */
  find(entry: AccountEntry): Promise<AccountActor | null>;
  /** The shard is ours and its accounts are known. */
  isTaken(shard: number): boolean;
  /** The actor of an account that is about to be opened. */
  create(entry: AccountEntry): AccountActor | null;
  /** Reads an account's state again. */
  reload(actor: AccountActor, afterMs: number): void;
}

export interface BrokenAccount {
  readonly entry: AccountEntry;
  readonly error: BrokenAccountError;
}

interface Shard {
  readonly epoch: number;
  readonly gone: AbortController;
  /** Settles when all accounts are known, loaded or not. */
  readonly taken: Promise<void>;
  isLeaving: boolean;
  isKnown: boolean;
}

const RETRY_FROM_MS = 100;
const RETRY_TO_MS = 2_000;

export function createShardRunner(options: ShardRunnerOptions): ShardRunner {
  const { clock, journal, telemetry, timeoutMs } = options;
  const actors = new Map<string, AccountActor>();
  const broken = new Map<string, BrokenAccount>();
  const shards = new Map<number, Shard>();
  const limit = createWorkLimit(options.parallelLoads);

  function measure(): void {
    telemetry.gauge('accounts_owned', actors.size);
    telemetry.gauge('accounts_broken', broken.size);
  }

  /** Does `work` again until it succeeds, the shard is gone, or it says that again is of no use. Logged once. */
  async function persist(shard: Shard, what: string, work: () => Promise<void>): Promise<void> {
    const isGone = (): boolean => shard.gone.signal.aborted;
    for (let wait = RETRY_FROM_MS; !isGone(); wait = Math.min(wait * 2, RETRY_TO_MS)) {
      try {
        await work();
        return;
      } catch (error) {
        if (error instanceof BrokenAccountError) {
          throw error;
        }
        if (!isGone()) {
          const level = wait === RETRY_FROM_MS ? 'warn' : 'debug';
          telemetry.log(level, `${what} failed and is tried again`, { error });
        }
      }
      await pause(clock, wait, shard.gone.signal);
    }
  }

  async function takeOver(number: number, shard: Shard): Promise<readonly AccountEntry[]> {
    options.failpoints.hit('takeover.before');
    const { signal } = shard.gone;
    const ids = await withDeadline(
      clock,
      timeoutMs,
      'the takeover',
      (s) => journal.takeOver(number, shard.epoch, s),
      signal,
    );
    options.failpoints.hit('takeover.after');
    if (ids.length === 0) {
      return [];
    }
    const entries = await withDeadline(
      clock,
      timeoutMs,
      'the directory',
      (s) => options.directory.find(ids, s),
      signal,
    );
    return [...entries].sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
  }

  function adopt(entry: AccountEntry, shard: Shard): void {
    if (shard.gone.signal.aborted || actors.has(entry.accountId)) {
      return;
    }
    const actor = options.createActor(entry, shard.epoch);
    actors.set(entry.accountId, actor);
    void open(actor, shard, false);
  }

  async function open(actor: AccountActor, shard: Shard, isReload: boolean): Promise<void> {
    const { accountId } = actor.entry;
    try {
      await limit(() =>
        persist(shard, 'loading an account', async () => {
          if (isReload) {
            // Waits for a transaction of ours that may still be under way, and fails if we were fenced off.
            await takeOver(actor.entry.shard, shard);
          }
          await options.whenAppended(accountId);
          const loaded = await options.load(accountId, shard.gone.signal);
          if (!shard.gone.signal.aborted && actors.get(accountId) === actor) {
            actor.open(loaded.state, loaded.snapshotSeq);
            options.onOpened(actor);
          }
        }),
      );
    } catch (error) {
      if (error instanceof BrokenAccountError) {
        broken.set(accountId, { entry: actor.entry, error });
        telemetry.log('error', 'an account cannot be loaded', { account: accountId, error });
        drop(actor);
      }
    }
    measure();
  }

  function drop(actor: AccountActor): void {
    if (actors.get(actor.entry.accountId) === actor) {
      actors.delete(actor.entry.accountId);
    }
    actor.close();
    options.onClosed(actor);
    measure();
  }

  const actorsOf = (shard: number): AccountActor[] =>
    [...actors.values()].filter(({ entry }) => entry.shard === shard);

  function forget(number: number): void {
    shards.get(number)?.gone.abort();
    shards.delete(number);
    for (const actor of actorsOf(number)) {
      drop(actor);
    }
    for (const [accountId, { entry }] of broken) {
      if (entry.shard === number) {
        broken.delete(accountId);
      }
    }
    measure();
  }

  return {
    actors,
    broken,
    gain(number, epoch) {
      forget(number);
      let taken = (): void => undefined;
      const shard: Shard = {
        epoch,
        gone: new AbortController(),
        taken: new Promise((resolve) => (taken = resolve)),
        isLeaving: false,
        isKnown: false,
      };
      shards.set(number, shard);
      void persist(shard, 'taking over a shard', async () => {
        for (const entry of await takeOver(number, shard)) {
          adopt(entry, shard);
        }
        shard.isKnown = true;
      }).finally(taken);
    },
    lose: forget,
    async release(number) {
      const shard = shards.get(number);
      if (shard === undefined) {
        return;
      }
      shard.isLeaving = true;
      const leaving = actorsOf(number);
      for (const actor of leaving) {
        actor.stopIntake();
      }
      await options.drain(leaving);
      forget(number);
    },
    async find(entry) {
      const shard = shards.get(entry.shard);
      if (shard === undefined || shard.isLeaving) {
        return null;
      }
      await shard.taken;
      return actors.get(entry.accountId) ?? null;
    },
    isTaken(number) {
      const shard = shards.get(number);
      return shard !== undefined && !shard.isLeaving && shard.isKnown;
    },
    create(entry) {
      const shard = shards.get(entry.shard);
      if (shard === undefined || shard.isLeaving || shard.gone.signal.aborted) {
        return null;
      }
      adopt(entry, shard);
      return actors.get(entry.accountId) ?? null;
    },
    reload(actor, afterMs) {
      const shard = shards.get(actor.entry.shard);
      // A lease that is not surely ours at the moment may yet be renewed: only a lost shard ends its accounts.
      if (shard?.epoch !== actor.epoch) {
        drop(actor);
      } else {
        const pausing = afterMs === 0 ? Promise.resolve() : pause(clock, afterMs, shard.gone.signal);
        void pausing.then(() => open(actor, shard, true));
      }
    },
  };
}
