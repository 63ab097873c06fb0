import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import { type AccountState, newAccount } from '@omniquant/venue/account-ledger';
import type {
  AccountMessage,
  ExchangeArchive,
  ExchangeOutput,
  ExecutionRecord,
  ExecutionReport,
} from '@omniquant/venue/exchange-output';
import { isLive, type OrderState } from '@omniquant/venue/order-state';

import { VenueError } from './venue-error.ts';

const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS account (
  id TEXT PRIMARY KEY, currency TEXT NOT NULL, seq INTEGER NOT NULL, cash TEXT NOT NULL, positions TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS venue_order (
  id INTEGER PRIMARY KEY, account TEXT NOT NULL, venue_order_id TEXT, live INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS venue_order_by_venue_id
  ON venue_order (account, venue_order_id) WHERE venue_order_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS venue_order_live ON venue_order (id) WHERE live = 1;
CREATE TABLE IF NOT EXISTS execution (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS report (cursor INTEGER PRIMARY KEY, account TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS report_by_account ON report (account, cursor);
-- The messages of one commit to one account are one row.
CREATE TABLE IF NOT EXISTS message (
  id INTEGER PRIMARY KEY, account TEXT NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS message_by_account ON message (account, last_seq);
`;

/** Rows of messages that are kept for streams to resume; fills are kept for ever. */
const KEPT_MESSAGE_ROWS = 100_000;
const PRUNE_EVERY_COMMITS = 1_000;

/**
 * What the venue knows, in an SQLite file that one process at a time may open. A commit is on disk
 * when it returns: nothing that it holds is told to anyone before.
 */
export class VenueStore implements ExchangeArchive {
  private readonly database: DatabaseSync;
  private readonly putMeta: StatementSync;
  private readonly getMeta: StatementSync;
  private readonly putAccount: StatementSync;
  private readonly putOrder: StatementSync;
  private readonly orderByVenueId: StatementSync;
  private readonly orderByNumber: StatementSync;
  private readonly putExecution: StatementSync;
  private readonly getExecution: StatementSync;
  private readonly putReport: StatementSync;
  private readonly putMessages: StatementSync;
  private commits = 0;

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.database = openAlone(dataDir);
    const prepare = (sql: string): StatementSync => this.database.prepare(sql);
    this.putMeta = prepare(
      'INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    );
    this.getMeta = prepare('SELECT value FROM meta WHERE key = ?');
    this.putAccount = prepare('INSERT OR REPLACE INTO account VALUES (?, ?, ?, ?, ?)');
    this.putOrder = prepare(
      'INSERT INTO venue_order VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET live = excluded.live, body = excluded.body',
    );
    this.orderByVenueId = prepare('SELECT body FROM venue_order WHERE account = ? AND venue_order_id = ?');
    this.orderByNumber = prepare('SELECT body FROM venue_order WHERE id = ?');
    this.putExecution = prepare('INSERT OR REPLACE INTO execution VALUES (?, ?)');
    this.getExecution = prepare('SELECT body FROM execution WHERE id = ?');
    this.putReport = prepare('INSERT INTO report VALUES (?, ?, ?)');
    this.putMessages = prepare(
      'INSERT INTO message (account, first_seq, last_seq, body) VALUES (?, ?, ?, ?)',
    );
  }

  /** Writes what changed, and settings by key, in one transaction that is on disk afterwards. */
  commit(output: ExchangeOutput, settings: Readonly<Record<string, unknown>>): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      for (const [key, value] of Object.entries(settings)) this.putMeta.run(key, JSON.stringify(value));
      for (const account of output.accounts) this.writeAccount(account);
      for (const order of output.orders) this.writeOrder(order);
      for (const execution of output.executions) {
        this.putExecution.run(execution.executionId, JSON.stringify(execution));
      }
      for (const { cursor, account, event } of output.reports) {
        this.putReport.run(cursor, account, JSON.stringify(event));
      }
      for (const [account, messages] of byAccount(output.messages)) this.writeMessages(account, messages);
      this.commits += 1;
      if (this.commits % PRUNE_EVERY_COMMITS === 0) this.prune();
      this.database.exec('COMMIT');
    } catch (cause) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw new VenueError(500, 'STORE_FAILED', 'the venue could not write its store', { cause });
    }
  }

  /** What was last committed under a key; undefined when nothing was. */
  setting(key: string): unknown {
    const row = this.getMeta.get(key);
    return row === undefined ? undefined : JSON.parse(String(row['value']));
  }

  accounts(): AccountState[] {
    return this.database.prepare('SELECT * FROM account').all().map(readAccount);
  }

  liveOrders(): OrderState[] {
    return this.database.prepare('SELECT body FROM venue_order WHERE live = 1').all().map(readOrder);
  }

  order(account: string, venueOrderId: string): OrderState | undefined {
    const row = this.orderByVenueId.get(account, venueOrderId);
    return row === undefined ? undefined : readOrder(row);
  }

  orderById(id: number): OrderState | undefined {
    const row = this.orderByNumber.get(id);
    return row === undefined ? undefined : readOrder(row);
  }

  execution(executionId: string): ExecutionRecord | undefined {
    const row = this.getExecution.get(executionId);
    return row === undefined ? undefined : (JSON.parse(String(row['body'])) as ExecutionRecord);
  }

  /** Reports on executions of an account after a cursor, the older first. */
  reports(account: string, after: number, limit: number): ExecutionReport[] {
    return this.database
      .prepare('SELECT cursor, body FROM report WHERE account = ? AND cursor > ? ORDER BY cursor LIMIT ?')
      .all(account, after, limit)
      .map(({ cursor, body }) => ({
        cursor: Number(cursor),
        account,
        event: JSON.parse(String(body)) as ExecutionReport['event'],
      }));
  }

  /** Stored messages of an account after a number; old ones may be gone. */
  messages(account: string, after: number): AccountMessage[] {
    return this.database
      .prepare('SELECT body FROM message WHERE account = ? AND last_seq > ? ORDER BY last_seq')
      .all(account, after)
      .flatMap(({ body }) => JSON.parse(String(body)) as AccountMessage[])
      .filter(({ seq }) => seq > after);
  }

  /** All orders of an account, for tests and inspection. */
  allOrders(account: string): OrderState[] {
    return this.database
      .prepare('SELECT body FROM venue_order WHERE account = ? ORDER BY id')
      .all(account)
      .map(readOrder);
  }

  allExecutions(account: string): ExecutionRecord[] {
    return this.database
      .prepare("SELECT body FROM execution WHERE body ->> 'account' = ?")
      .all(account)
      .map(({ body }) => JSON.parse(String(body)) as ExecutionRecord);
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }

  private writeAccount(account: AccountState): void {
    const cash = [...account.cash].map(([currency, amount]) => [currency, formatDecimal(amount)]);
    const { id, currency, seq, positions } = account;
    this.putAccount.run(id, currency, seq, JSON.stringify(cash), JSON.stringify([...positions]));
  }

  private writeOrder(order: OrderState): void {
    this.putOrder.run(
      order.id,
      order.account,
      order.venueOrderId,
      isLive(order) ? 1 : 0,
      JSON.stringify(order),
    );
  }

  private writeMessages(account: string, messages: readonly AccountMessage[]): void {
    const first = messages[0]?.seq ?? 0;
    this.putMessages.run(account, first, messages.at(-1)?.seq ?? first, JSON.stringify(messages));
  }

  private prune(): void {
    this.database.exec(
      `DELETE FROM message WHERE id <= (SELECT max(id) FROM message) - ${KEPT_MESSAGE_ROWS}`,
    );
  }
}

const openAlone = (dataDir: string): DatabaseSync => {
  const path = join(dataDir, 'venue.sqlite');
  const database = new DatabaseSync(path);
  try {
    // The lock is taken by the first write and held until the file is closed, by a kill as well.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    // Larger than the defaults, so that a busy venue seldom stops to move the log into the file.
    database.exec('PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -65536;');
    database.exec(`BEGIN EXCLUSIVE; ${SCHEMA} COMMIT;`);
    return database;
  } catch (cause) {
    database.close();
    if (cause instanceof Error && /locked|busy/i.test(cause.message)) {
      throw new VenueError(500, 'DATA_DIR_IN_USE', `another venue is running on ${dataDir}`, { cause });
    }
    throw new VenueError(500, 'STORE_UNUSABLE', `the venue cannot use its store ${path}: ${String(cause)}`, {
      cause,
    });
  }
};

const byAccount = (messages: readonly AccountMessage[]): Map<string, AccountMessage[]> =>
  Map.groupBy(messages, ({ account }) => account);

const readOrder = (row: Record<string, unknown>): OrderState => JSON.parse(String(row['body'])) as OrderState;

const readAccount = (row: Record<string, unknown>): AccountState => {
  const account = newAccount(String(row['id']), String(row['currency']));
  for (const [currency, amount] of JSON.parse(String(row['cash'])) as [string, string][]) {
    account.cash.set(currency, parseDecimal(amount));
  }
  for (const [symbol, lots] of JSON.parse(String(row['positions'])) as [string, number][]) {
    account.positions.set(symbol, lots);
  }
  account.seq = Number(row['seq']);
  return account;
};
