import type { AccountDirectory } from '../../core/ports/account-directory.ts';
import type { Journal } from '../../core/ports/journal.ts';
import type { LeaseStore } from '../../core/ports/leases.ts';
import { createPostgresAccountDirectory } from '../../gateway/database/account-directory.ts';
import type { ConnectionPool } from '../../gateway/database/connection-pool.ts';
import { createPostgresJournal } from '../../gateway/database/journal/postgres-journal.ts';
import { createPostgresLeases } from '../../gateway/database/lease-store.ts';
import { createPostgresOrderArchive } from '../../gateway/database/order-archive.ts';
import { commitToMemory } from '../support/memory-journal.ts';
import { createMemoryStore, type MemoryStore } from '../support/memory-store.ts';
import { openTestStore, type TestStore } from '../support/postgres-store.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';
import type { Stage } from './stores.ts';

/*
 * The simulation over PostgreSQL as production has it: the same functions, constraints, roles and policies.
 * Two things are ours. Time: leases are judged by the database's clock, so clock_timestamp() is shadowed by
 * one that reads the virtual time from a table. And a mirror in memory of what is committed, since the
 * promises are checked in the very moment in which something reaches the venue or a client.
 */
const VIRTUAL_TIME = `
  CREATE SCHEMA virtual;
  CREATE UNLOGGED TABLE virtual.clock (ms double precision NOT NULL);
  INSERT INTO virtual.clock VALUES (0);
  CREATE FUNCTION virtual.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
    AS $$ SELECT to_timestamp(ms / 1000) FROM virtual.clock $$;
  GRANT USAGE ON SCHEMA virtual TO PUBLIC;
  GRANT SELECT, UPDATE ON virtual.clock TO PUBLIC;
`;

const TABLES = [
  ...['account', 'account_head', 'journal_event', 'snapshot', 'orders', 'open_order', 'fill', 'position'],
  ...['balance', 'equity_day', 'risk_alert', 'strategy', 'lease', 'broker_credential'],
];

export interface PostgresStages {
  /** An empty store for a run; runs follow each other. */
  next(): Promise<PostgresStage>;
  close(): Promise<void>;
}

export interface PostgresStage extends Stage {
  readonly contents: MemoryStore;
  readonly sql: TestStore;
}

export async function openPostgresStages(workspaceId: string): Promise<PostgresStages> {
  const sql = await openTestStore();
  await sql.admin(VIRTUAL_TIME);
  const [database] = await sql.admin('SELECT current_database() AS name');
  await sql.admin(
    `ALTER DATABASE "${String(database?.['name'])}" SET search_path = virtual, pg_catalog, public`,
  );
  await sql.workspace(workspaceId);
  return {
    async next() {
      await sql.admin(`TRUNCATE ${TABLES.join(', ')} CASCADE`);
      return stage(sql);
    },
    close: () => sql.close(),
  };
}

function stage(sql: TestStore): PostgresStage {
  const work = countingWork();
  const pool = counted(sql.connect('writer'), work);
  const clock = createVirtualClock(undefined, work.idle);
  const contents = createMemoryStore();
  return {
    ...{ clock, contents, sql },
    store: {
      contents,
      connect: () => ({
        journal: mirrored(
          createPostgresJournal(pool, () => undefined),
          contents,
        ),
        archive: createPostgresOrderArchive(pool),
        directory: mirroredDirectory(createPostgresAccountDirectory(pool), contents),
        leases: atVirtualTime(createPostgresLeases(pool), pool, clock),
      }),
    },
  };
}

interface Work {
  begin(): void;
  end(): void;
  /** Resolves when nothing is under way, what followed from it included. */
  idle(): Promise<void>;
}

function countingWork(): Work {
  let open = 0;
  let waiting: (() => void)[] = [];
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    begin: () => void (open += 1),
    end() {
      open -= 1;
      if (open > 0) return;
      for (const tell of waiting) tell();
      waiting = [];
    },
    async idle() {
      while (open > 0) {
        await new Promise<void>((resolve) => waiting.push(resolve));
        await turn();
      }
    },
  };
}

function counted(pool: ConnectionPool, work: Work): ConnectionPool {
  const count = async <T>(request: () => Promise<T>): Promise<T> => {
    work.begin();
    try {
      return await request();
    } finally {
      work.end();
    }
  };
  return {
    query: (statement, signal) => count(() => pool.query(statement, signal)),
    connect: (signal) => count(() => pool.connect(signal)),
    settle: (signal) => count(() => pool.settle(signal)),
    close: () => count(() => pool.close()),
  };
}

function atVirtualTime(leases: LeaseStore, pool: ConnectionPool, clock: VirtualClock): LeaseStore {
  const tell = (signal: AbortSignal): Promise<unknown> =>
    pool.query({ text: 'UPDATE virtual.clock SET ms = $1', values: [clock.now()] }, signal);
  const at =
    <A extends readonly unknown[], T>(request: (...args: [...A, AbortSignal]) => Promise<T>) =>
    async (...args: [...A, AbortSignal]): Promise<T> => {
      await tell(args.at(-1) as AbortSignal);
      return await request(...args);
    };
  return {
    claim: at(leases.claim),
    renew: at(leases.renew),
    release: at(leases.release),
    list: at(leases.list),
  };
}

/** What the database has committed is in the mirror before anybody hears of it. */
function mirrored(journal: Journal, contents: MemoryStore): Journal {
  return {
    ...journal,
    async append(batches, signal) {
      const result = await journal.append(batches, signal);
      const committed = new Set(result.committed);
      commitToMemory(
        contents,
        batches.filter(({ accountId }) => committed.has(accountId)),
      );
      return result;
    },
    async saveSnapshot(snapshot, epoch, signal) {
      await journal.saveSnapshot(snapshot, epoch, signal);
      const stored = await journal.latestSnapshot(snapshot.accountId, signal);
      const account = contents.accounts.get(snapshot.accountId);
      if (account !== undefined) account.snapshot = stored;
    },
  };
}

function mirroredDirectory(directory: AccountDirectory, contents: MemoryStore): AccountDirectory {
  return {
    find: (ids, signal) => directory.find(ids, signal),
    async add(entry, signal) {
      const stored = await directory.add(entry, signal);
      contents.directory.set(stored.accountId, stored);
      return stored;
    },
  };
}
