import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';

import { createPostgresAuditLog } from '../../gateway/database/audit-log.ts';
import type { ConnectionPool } from '../../gateway/database/connection-pool.ts';
import { checkRoleRights, ROLE_NAMES } from '../../gateway/database/roles.ts';
import {
  openWorkspaceTransaction,
  type WorkspaceTransaction,
} from '../../gateway/database/workspace-transaction.ts';
import { accountOpened, batchOf, fillRow, orderRecord, strategyRow } from '../support/journal-fixtures.ts';
import { openTestStore, type TestStore } from '../support/postgres-store.ts';

const signal = AbortSignal.timeout(120_000);

/** Every table of a tenant, by its column; new ones are in without being named here. */
let tables: string[];
let store: TestStore;
let app: ConnectionPool;
let mine: string;
let theirs: string;

beforeAll(async () => {
  store = await openTestStore();
  app = store.connect('app');
  mine = await store.workspace();
  theirs = await store.workspace();
  await fill(theirs);
  const rows = await store.admin(
    `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id'
      WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
  );
  tables = rows.map((row) => String(row['relname']));
});
afterAll(() => store.close());

/** A row of the workspace in every table, however it gets there. */
async function fill(workspaceId: string): Promise<void> {
  const [userId, accountId, orderId] = [randomUUID(), randomUUID(), randomUUID()];
  const epoch = await store.lease(1, randomUUID());
  await store.admin(`INSERT INTO app_user VALUES ($1, $2, 'A', 'h', 1, NULL, 0)`, [
    userId,
    `${userId}@example.com`,
  ]);
  await store.admin(`INSERT INTO membership VALUES ($1, $2, 'ADMIN', 0)`, [workspaceId, userId]);
  await store.admin(
    `INSERT INTO session (id, user_id, workspace_id, selector, version, live_hashes, created_at, expires_at, idle_expires_at)
     VALUES ($1, $2, $3, $1, 1, '{h}', 0, 1, 1)`,
    [randomUUID(), userId, workspaceId],
  );
  await store.admin(
    `INSERT INTO api_key (id, workspace_id, created_by, name, prefix, scopes, mac, created_at) VALUES ($1, $2, $3, 'k', 'p', '{READ}', 'm', 0)`,
    [randomUUID(), workspaceId, userId],
  );
  const opened = batchOf({
    accountId,
    workspaceId,
    shard: 1,
    epoch,
    expectedSeq: 0,
    events: [
      accountOpened(accountId, workspaceId),
      { type: 'DAY_OPENED', day: '2024-01-02', equity: '1000', previous: null },
    ],
    changes: {
      orders: [{ record: orderRecord(orderId), status: 'ACCEPTED', open: true }],
      fills: [fillRow(orderId, 'x', 2)],
      positions: [
        { symbol: 'AAPL', currency: 'USD', multiplier: '1', quantity: '1', cost: '1', realizedPnl: '0' },
      ],
      balances: [{ currency: 'USD', total: '1', fees: '0', transfers: '0' }],
      alerts: [{ seq: 1, at: 0, recordedAt: 0, severity: 'INFO', code: 'DRAWDOWN', message: 'm' }],
      audits: [{ seq: 1, at: 0, actor: 'user:x', action: 'a', target: null, details: null }],
      strategies: [strategyRow(accountId, randomUUID())],
    },
  });
  expect((await store.journal.append([opened], signal)).committed).toEqual([accountId]);
  await store.journal.saveSnapshot({ accountId, seq: 1, state: '{}' }, epoch, signal);
  await store.admin(`INSERT INTO broker_credential VALUES ($1, $2, 'config', 1, 'k', '', '', '', 0)`, [
    workspaceId,
    accountId,
  ]);
  // The alert above has left a row in the outbox.
  const channelId = randomUUID();
  await store.admin(
    `INSERT INTO notification_channel (id, workspace_id, name, notifier, config, minimum_severity, every_account,
       every_workspace, enabled, version, created_by, created_at, secret_names)
     VALUES ($1, $2, 'c', 'webhook', '{}', 'INFO', false, false, true, 1, 'user:x', 0, '{}')`,
    [channelId, workspaceId],
  );
  await store.admin('INSERT INTO notification_channel_account VALUES ($1, $2, $3)', [
    workspaceId,
    channelId,
    accountId,
  ]);
  await store.admin(
    `INSERT INTO notification_delivery (channel_id, notification_id, workspace_id, state, code, severity, content,
       alerts, open, created_at, next_attempt_at)
     VALUES ($1, 'n', $2, 'WAITING', 'DRAWDOWN', 'INFO', '{}', 1, false, 0, 0)`,
    [channelId, workspaceId],
  );
  const backtestId = randomUUID();
  await store.admin(
    `INSERT INTO backtest (id, workspace_id, created_by, created_at, request, settings, settings_hash, status)
     VALUES ($1, $2, 'user:x', 0, '{}', '{}', 'h', 'QUEUED')`,
    [backtestId, workspaceId],
  );
  await store.admin(
    `INSERT INTO stored_bar_series (workspace_id, source, symbol, bar_interval, instrument)
     VALUES ($1, 'broker x', 'AB', 'DAY_1', '{}')`,
    [workspaceId],
  );
  await store.admin(`INSERT INTO backtest_save VALUES ($2, $1, 0, '')`, [workspaceId, backtestId]);
  await store.admin(`INSERT INTO backtest_part VALUES ($1, $2, 'orders', 0, 1, '')`, [
    workspaceId,
    backtestId,
  ]);
  await store.admin(
    `INSERT INTO sweep (id, workspace_id, created_by, created_at, request, settings, settings_hash, status)
     VALUES ($1, $2, 'user:x', 0, '{}', '{}', 'h', 'QUEUED')`,
    [backtestId, workspaceId],
  );
  await store.admin(`INSERT INTO sweep_task VALUES ($1, $2, 0, 'k', '{}')`, [workspaceId, backtestId]);
  await store.admin(`INSERT INTO sweep_evaluation VALUES ($1, $2, 'k', 0, 1, '{}', 1, '{}', '', 0)`, [
    workspaceId,
    backtestId,
  ]);
}

const within = async <T>(
  workspaceId: string,
  work: (transaction: WorkspaceTransaction) => Promise<T>,
): Promise<T> => {
  const transaction = openWorkspaceTransaction(app, { workspaceId, mode: 'READ WRITE' }, signal);
  try {
    return await work(transaction);
  } finally {
    await transaction.rollback();
  }
};

/** Rows seen, or null where the role may not even ask. */
async function seen(
  query: (text: string) => Promise<readonly { n: number }[]>,
  table: string,
): Promise<number | null> {
  try {
    return (await query(`SELECT count(*) AS n FROM ${table}`))[0]?.n ?? 0;
  } catch {
    return null;
  }
}

describe('row-level security', () => {
  it('is enabled and forced on every table of a tenant, and each has rows to hide', async () => {
    const loose = await store.admin(
      `SELECT relname FROM pg_class WHERE relname = ANY ($1) AND NOT (relrowsecurity AND relforcerowsecurity)`,
      [tables],
    );
    expect(loose).toEqual([]);
    expect(tables.length).toBeGreaterThan(20);
    for (const table of tables.filter((name) => !/^journal_event_\d$/.test(name))) {
      const [row] = await store.admin(`SELECT count(*)::integer AS n FROM ${table}`);
      expect([table, Number(row?.['n']) > 0]).toEqual([table, true]);
    }
  });

  it('shows a workspace nothing of another, in any table', async () => {
    for (const table of tables) {
      const count = await within(mine, (transaction) =>
        seen((text) => transaction.query<{ n: number }>({ text }), table),
      );
      // Of these the workspace cannot have made rows: what it sees is not its own.
      expect([table, count ?? 0]).toEqual([table, 0]);
    }
  });

  it('shows the workspace its own rows, so that the test above can fail', async () => {
    const count = await within(theirs, (transaction) =>
      seen((text) => transaction.query<{ n: number }>({ text }), 'orders'),
    );
    expect(count).toBe(1);
  });

  it('shows nothing without a workspace', async () => {
    for (const table of [...tables, 'workspace', 'app_user']) {
      const count = await seen((text) => app.query<{ n: number }>({ text }, signal), table);
      expect([table, count ?? 0]).toEqual([table, 0]);
    }
  });

  it('refuses a row of another workspace, and moving one there', async () => {
    const insert = within(mine, (transaction) =>
      transaction.query({
        text: `INSERT INTO membership (workspace_id, user_id, role, created_at) SELECT $1, 'u', 'ADMIN', 0`,
        values: [theirs],
      }),
    );
    await expect(insert).rejects.toMatchObject({ cause: { code: '42501' } });
    const move = within(theirs, (transaction) =>
      transaction.query({ text: 'UPDATE api_key SET workspace_id = $1', values: [mine] }),
    );
    await expect(move).rejects.toMatchObject({ cause: { code: '42501' } });
  });

  it('lets requests change neither journal, read models, heads nor audit log', async () => {
    for (const table of [
      'journal_event',
      'account_head',
      'orders',
      'fill',
      'balance',
      'strategy',
      'audit_entry',
      'audit_head',
      'notification_delivery',
      'notification_outbox',
    ]) {
      for (const text of [`DELETE FROM ${table}`, `UPDATE ${table} SET workspace_id = workspace_id`]) {
        const attempt = within(theirs, (transaction) => transaction.query({ text }));
        await expect(attempt).rejects.toMatchObject({ cause: { code: '42501' } });
      }
    }
  });

  it('lets the writer neither see people nor rewrite history', async () => {
    for (const text of [
      'SELECT * FROM app_user',
      'SELECT * FROM session',
      'SELECT * FROM api_key',
      'SELECT * FROM membership',
      `SELECT * FROM user_by_email('x')`,
      'UPDATE journal_event SET payload = payload',
      'DELETE FROM journal_event',
      'DELETE FROM orders',
      'DELETE FROM strategy',
      'UPDATE strategy SET started_seq = 1',
      'DELETE FROM audit_entry',
      'SELECT * FROM journal_event_0',
      'DELETE FROM notification_channel',
      `UPDATE notification_channel SET config = '{}'`,
    ]) {
      await expect(store.pool.query({ text }, signal)).rejects.toMatchObject({ sqlState: '42501' });
    }
  });

  it('adds audit entries to the chain of one’s own workspace only', async () => {
    await createPostgresAuditLog(app).append(
      {
        workspaceId: mine,
        at: 1,
        actor: 'user:x',
        action: 'session.opened',
        target: null,
        details: { a: 1 },
      },
      signal,
    );
    const rows = await store.admin('SELECT workspace_id, sequence FROM audit_entry WHERE workspace_id = $1', [
      mine,
    ]);
    expect(rows).toEqual([{ workspace_id: mine, sequence: '1' }]);
    const chain = app.query(
      { text: `SELECT audit_chain('${theirs}', NULL, NULL, 1, 'a', 'b', NULL, NULL)` },
      signal,
    );
    await expect(chain).rejects.toMatchObject({ sqlState: '42501' });
    const without = app.query({ text: `SELECT append_audit(NULL, 1, 'a', 'b', NULL, NULL)` }, signal);
    await expect(without).rejects.toMatchObject({ sqlState: '23502' });
  });

  it('refuses roles that could get round it', async () => {
    const admin = new Client({ connectionString: store.database.adminUrl });
    await admin.connect();
    try {
      await checkRoleRights(admin);
      // In a transaction that is undone, as roles are of the whole server.
      await admin.query('BEGIN');
      await admin.query(`ALTER ROLE ${ROLE_NAMES.writer} BYPASSRLS`);
      await expect(checkRoleRights(admin)).rejects.toMatchObject({ code: 'ROLE_RIGHTS' });
      await admin.query('ROLLBACK');
    } finally {
      await admin.end();
    }
  });
});
