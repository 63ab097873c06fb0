import type { JournaledEvent } from '../../core/engine/account-event.ts';
import {
  type AccountBatch,
  type AccountSnapshot,
  type AppendResult,
  type Journal,
  JournalError,
} from '../../core/ports/journal.ts';
import type { StrategyRow } from '../../core/ports/read-model.ts';
import type { MemoryStore, StoredAccount } from './memory-store.ts';

/** `fail`: provably not written. The others lose the answer, after or before the commit. */
export type AppendFault = 'fail' | 'unknown-committed' | 'unknown-lost';

export interface MemoryJournal extends Journal {
  /** The next appends fail thus, one after the other. */
  failNext(...faults: AppendFault[]): void;
  /** Appends wait until the returned function is called; one whose signal aborts meanwhile is lost. */
  hold(): () => void;
  /** Reads, takeovers and snapshots reject while it is set. */
  setDown(down: boolean): void;
  readonly appends: number;
}

const PAGE = 1_000;

export function createMemoryJournal(store: MemoryStore): MemoryJournal {
  const faults: AppendFault[] = [];
  let held: Promise<void> | null = null;
  let down = false;
  let appends = 0;

  function checkUp(signal: AbortSignal): void {
    if (down || signal.aborted) {
      throw new JournalError('NOT_COMMITTED', 'the store cannot be reached');
    }
  }

  return {
    get appends() {
      return appends;
    },
    failNext: (...next) => void faults.push(...next),
    setDown: (value) => void (down = value),
    hold() {
      let release = (): void => undefined;
      const current = new Promise<void>((resolve) => (release = resolve));
      held = current;
      return () => {
        if (held === current) {
          held = null;
        }
        release();
      };
    },

    async append(batches, signal): Promise<AppendResult> {
      checkUp(signal);
      appends += 1;
      if (held !== null) {
        await unlessAborted(held, signal);
      }
      await Promise.resolve();
      const fault = faults.shift();
      if (fault === 'fail') {
        throw new JournalError('NOT_COMMITTED', 'the transaction was rolled back');
      }
      if (fault === 'unknown-lost') {
        throw new JournalError('UNKNOWN', 'the connection broke before the commit');
      }
      const result = commit(store, batches);
      if (fault === 'unknown-committed') {
        throw new JournalError('UNKNOWN', 'the connection broke during the commit');
      }
      return result;
    },

    async takeOver(shard, epoch, signal) {
      checkUp(signal);
      await Promise.resolve();
      if (store.leases.get(`shard:${String(shard)}`)?.epoch !== epoch) {
        throw new JournalError(
          'NOT_COMMITTED',
          `epoch ${String(epoch)} of shard ${String(shard)} is not current`,
        );
      }
      const taken: string[] = [];
      for (const account of store.accounts.values()) {
        if (account.shard === shard) {
          account.epoch = epoch;
          taken.push(account.accountId);
        }
      }
      return taken.sort();
    },

    async latestSnapshot(accountId, signal) {
      checkUp(signal);
      await Promise.resolve();
      return store.accounts.get(accountId)?.snapshot ?? null;
    },

    async saveSnapshot(snapshot: AccountSnapshot, epoch, signal) {
      checkUp(signal);
      await Promise.resolve();
      const account = store.accounts.get(snapshot.accountId);
      if (account?.epoch === epoch && (account.snapshot?.seq ?? 0) < snapshot.seq) {
        account.snapshot = snapshot;
      }
    },

    async *read(accountId, afterSeq, signal) {
      checkUp(signal);
      const account = store.accounts.get(accountId);
      for (let from = afterSeq; account !== undefined && from < account.events.length; from += PAGE) {
        await Promise.resolve();
        checkUp(signal);
        yield account.events.slice(from, from + PAGE).map((text) => JSON.parse(text) as JournaledEvent);
      }
    },
  };
}

async function unlessAborted(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new JournalError('UNKNOWN', 'no answer in time'));
    });
    void wait.then(resolve);
  });
}

function commit(store: MemoryStore, batches: readonly AccountBatch[]): AppendResult {
  const committed: string[] = [];
  const fenced: string[] = [];
  for (const batch of batches) {
    const account = fenceOf(store, batch);
    if (account === null) {
      fenced.push(batch.accountId);
    } else {
      write(account, batch);
      committed.push(batch.accountId);
    }
  }
  return { committed, fenced };
}

function fenceOf(store: MemoryStore, batch: AccountBatch): StoredAccount | null {
  const known = store.accounts.get(batch.accountId);
  if (known !== undefined) {
    return known.epoch === batch.epoch && known.seq === batch.expectedSeq ? known : null;
  }
  if (batch.expectedSeq !== 0 || store.leases.get(`shard:${String(batch.shard)}`)?.epoch !== batch.epoch) {
    return null;
  }
  return create(store, batch);
}

function create(store: MemoryStore, { accountId, workspaceId, shard, epoch }: AccountBatch): StoredAccount {
  const created: StoredAccount = {
    ...{ accountId, workspaceId, shard, epoch, seq: 0, events: [], snapshot: null, row: null },
    ...{ orders: new Map(), fills: new Map(), positions: new Map(), balances: new Map() },
    strategies: new Map(),
  };
  store.accounts.set(accountId, created);
  return created;
}

/** Writes what another store has committed. Throws when the events do not follow: it let two owners write. */
export function commitToMemory(store: MemoryStore, batches: readonly AccountBatch[]): void {
  for (const batch of batches) write(store.accounts.get(batch.accountId) ?? create(store, batch), batch);
}

function write(account: StoredAccount, { events, changes }: AccountBatch): void {
  for (const event of events) {
    if (event.seq !== account.seq + 1) {
      throw new JournalError('CORRUPT', `expected seq ${String(account.seq + 1)}, got ${String(event.seq)}`);
    }
    account.seq = event.seq;
    account.events.push(JSON.stringify(event));
  }
  account.row = changes.account ?? account.row;
  for (const { record, open } of changes.orders) {
    account.orders.set(record.id, { record: JSON.parse(JSON.stringify(record)) as typeof record, open });
  }
  for (const fill of changes.fills) {
    account.fills.set(`${fill.orderId}/${fill.executionId}`, fill);
  }
  for (const { orderId, executionId, ...update } of changes.fillUpdates) {
    const fill = account.fills.get(`${orderId}/${executionId}`);
    if (fill !== undefined) {
      account.fills.set(`${orderId}/${executionId}`, { ...fill, ...update });
    }
  }
  for (const position of changes.positions) {
    account.positions.set(position.symbol, position);
  }
  for (const balance of changes.balances) {
    account.balances.set(balance.currency, balance);
  }
  for (const row of changes.strategies) {
    // As text in between: the state's own objects change further.
    account.strategies.set(row.strategyId, JSON.parse(JSON.stringify(row)) as StrategyRow);
  }
}
