import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { DomainEvent } from '../../../core/engine/account-event.ts';
import type { AccountBatch, Journal } from '../../../core/ports/journal.ts';
import { createPostgresJournal } from '../../../gateway/database/journal/postgres-journal.ts';
import { accountsWithJournal, verifyAudit, verifyJournal } from '../../../gateway/database/verify.ts';
import { batchOf, fillRow, orderRecord } from '../../support/journal-fixtures.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';
import { openSocketProxy, type SocketProxy } from '../../support/socket-proxy.ts';

const signal = AbortSignal.timeout(120_000);
const deposit = (reference: string): DomainEvent => ({
  type: 'TRANSFER_BOOKED',
  reference,
  currency: 'USD',
  amount: '1',
  reason: 'deposit',
  marks: null,
});

describe('the journal while connections break', () => {
  let store: TestStore;
  let workspaceId: string;
  let proxy: SocketProxy;
  let shard = 0;
  beforeAll(async () => {
    store = await openTestStore();
    workspaceId = await store.workspace();
    const { port } = new URL(store.database.url('writer'));
    proxy = await openSocketProxy(Number(port));
  });
  afterAll(async () => {
    await store.close();
    await proxy.close();
  });

  interface Opened {
    readonly accountId: string;
    readonly epoch: number;
    next(expectedSeq: number, ...events: DomainEvent[]): AccountBatch;
  }
  async function openAccount(journal: Journal): Promise<Opened> {
    shard += 1;
    const own = shard;
    const epoch = await store.lease(own, randomUUID());
    const accountId = randomUUID();
    const base = { accountId, workspaceId, shard: own, epoch };
    await journal.append([batchOf({ ...base, expectedSeq: 0 })], signal);
    return {
      accountId,
      epoch,
      next: (expectedSeq, ...events) => batchOf({ ...base, expectedSeq, events }),
    };
  }
  const proxied = (): Journal => {
    const url = new URL(store.database.url('writer'));
    url.port = String(proxy.port);
    return createPostgresJournal(store.connect('writer', url.href), () => undefined);
  };
  const lengthOf = async (journal: Journal, accountId: string): Promise<number> => {
    let length = 0;
    for await (const page of journal.read(accountId, 0, signal)) length += page.length;
    return length;
  };
  /** Holds an account's head, so that appends to it wait in the server. */
  async function holdHead(accountId: string): Promise<() => Promise<void>> {
    await store.admin('BEGIN');
    await store.admin('SELECT FROM account_head WHERE account_id = $1 FOR UPDATE', [accountId]);
    return async () => {
      await store.admin('COMMIT');
    };
  }
  const waitsForLock = async (): Promise<number> => {
    for (;;) {
      const [row] = await store.admin(
        `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      if (row !== undefined) return Number(row['pid']);
    }
  };

  it('says UNKNOWN when the answer was lost after the commit, and shows the commit afterwards', async () => {
    const journal = proxied();
    const { accountId, next } = await openAccount(journal);
    proxy.swallowAnswers();
    const append = journal.append([next(1, deposit('lost answer'))], signal);
    append.catch(() => undefined);
    for (;;) {
      const [head] = await store.admin('SELECT seq FROM account_head WHERE account_id = $1', [accountId]);
      if (head?.['seq'] === '2') break;
    }
    proxy.cut();
    await expect(append).rejects.toMatchObject({ code: 'UNKNOWN' });
    expect(await lengthOf(journal, accountId)).toBe(2);
    expect((await journal.append([next(2, deposit('after'))], signal)).committed).toEqual([accountId]);
    expect(await lengthOf(journal, accountId)).toBe(3);
  });

  it('says UNKNOWN when the connection goes while the server works, which then never commits behind a read', async () => {
    const journal = proxied();
    const { accountId, next } = await openAccount(journal);
    const letGo = await holdHead(accountId);
    const append = journal.append([next(1, deposit('straggler'))], signal);
    append.catch(() => undefined);
    await waitsForLock();
    // The server does not notice: its session would go on as soon as the lock is free.
    proxy.forgetClients();
    await expect(append).rejects.toMatchObject({ code: 'UNKNOWN' });
    const read = lengthOf(journal, accountId);
    expect(await read).toBe(1);
    await letGo();
    expect(await lengthOf(journal, accountId)).toBe(1);
    expect((await journal.append([next(1, deposit('again'))], signal)).committed).toEqual([accountId]);
  });

  it('says UNKNOWN when the server ends the session', async () => {
    const { journal } = store;
    const { accountId, next } = await openAccount(journal);
    const letGo = await holdHead(accountId);
    const append = journal.append([next(1, deposit('killed'))], signal);
    append.catch(() => undefined);
    const pid = await waitsForLock();
    await store.admin('SELECT pg_terminate_backend($1)', [pid]);
    await expect(append).rejects.toMatchObject({ code: 'UNKNOWN' });
    await letGo();
    expect(await lengthOf(journal, accountId)).toBe(1);
    expect((await journal.append([next(1, deposit('again'))], signal)).committed).toEqual([accountId]);
  });

  it('gives up at its deadline, and what it gave up never commits behind a read', async () => {
    const { journal } = store;
    const { accountId, next } = await openAccount(journal);
    const letGo = await holdHead(accountId);
    const deadline = new AbortController();
    const append = journal.append([next(1, deposit('late'))], deadline.signal);
    append.catch(() => undefined);
    await waitsForLock();
    deadline.abort();
    await expect(append).rejects.toMatchObject({ code: 'UNKNOWN' });
    expect(await lengthOf(journal, accountId)).toBe(1);
    await letGo();
    expect(await lengthOf(journal, accountId)).toBe(1);
  });

  it('says NOT_COMMITTED when the database cannot be reached', async () => {
    const journal = proxied();
    const { accountId, next } = await openAccount(journal);
    proxy.refuse(true);
    proxy.cut();
    // The pool finds its connections dead.
    await lengthOf(journal, accountId).catch(() => undefined);
    await expect(journal.append([next(1, deposit('x'))], signal)).rejects.toMatchObject({
      code: 'NOT_COMMITTED',
    });
    proxy.refuse(false);
    expect((await journal.append([next(1, deposit('x'))], signal)).committed).toEqual([accountId]);
  });

  it('commits an append or the takeover that races it, never both', async () => {
    const { journal } = store;
    const other = createPostgresJournal(store.connect('writer'), () => undefined);
    for (let round = 0; round < 20; round += 1) {
      const { accountId, next } = await openAccount(journal);
      const epoch = await store.lease(shard, randomUUID());
      const [appended] = await Promise.all([
        journal.append([next(1, deposit('race'))], signal),
        other.takeOver(shard, epoch, signal),
      ]);
      const length = await lengthOf(other, accountId);
      expect(length).toBe(appended.committed.length === 1 ? 2 : 1);
      const late = await journal.append([next(length, deposit('late'))], signal);
      expect(late).toEqual({ committed: [], fenced: [accountId] });
    }
  });

  it('leaves out an account whose rows the database refuses, and commits the rest', async () => {
    const { journal } = store;
    const good = await openAccount(journal);
    const bad = await openAccount(journal);
    const order = (id: string): AccountBatch['changes']['orders'][number] => ({
      record: orderRecord(id, { clientOrderId: 'same', firstSeq: 3 }),
      status: 'FILLED',
      open: false,
    });
    const first = bad.next(1, deposit('a'));
    const twice = { ...first, changes: { ...first.changes, orders: [order('o-1'), order('o-2')] } };
    const result = await journal.append([good.next(1, deposit('b')), twice], signal);
    expect(result).toEqual({ committed: [good.accountId], fenced: [bad.accountId] });
    await expect(journal.append([twice], signal)).rejects.toMatchObject({ code: 'NOT_COMMITTED' });
    expect(await lengthOf(journal, bad.accountId)).toBe(1);
  });

  it('refuses rows of an account under another workspace', async () => {
    const { journal } = store;
    const { accountId, next } = await openAccount(journal);
    const foreign = await store.workspace();
    const batch = { ...next(1, deposit('x')), workspaceId: foreign };
    expect(await journal.append([batch], signal)).toEqual({ committed: [], fenced: [accountId] });
    const insert = store.pool.query(
      {
        text: `INSERT INTO fill VALUES ('o', 'x', $1, $2, 9, 'A', 'BUY', 0, 1, 1, NULL, NULL, NULL, false)`,
        values: [accountId, foreign],
      },
      signal,
    );
    await expect(insert).rejects.toMatchObject({ sqlState: '23503' });
  });

  it('keeps texts that PostgreSQL cannot hold from stopping an account', async () => {
    const { journal } = store;
    const { accountId, next } = await openAccount(journal);
    const nasty = 'a\u0000b\u001f\u001e\u001d\ud800 “ü”';
    const batch = next(1, { type: 'CANCELED', orderId: 'o', reason: nasty });
    const event = { ...batch.events[0]!, actor: nasty };
    const changes = {
      ...batch.changes,
      fills: [fillRow('o', nasty, 2)],
      alerts: [{ seq: 2, at: 0, recordedAt: 0, severity: 'INFO' as const, code: 'X', message: nasty }],
    };
    expect((await journal.append([{ ...batch, events: [event], changes }], signal)).committed).toEqual([
      accountId,
    ]);
    const events = [];
    for await (const page of journal.read(accountId, 1, signal)) events.push(...page);
    expect(events[0]?.event).toEqual({ type: 'CANCELED', orderId: 'o', reason: nasty });
    expect(events[0]?.actor).toBe('a\ufffdb\ufffd\ufffd\ufffd\ufffd “ü”');
  });
});

describe('verifying', () => {
  let store: TestStore;
  let accountId: string;
  let workspaceId: string;
  beforeAll(async () => {
    store = await openTestStore();
    workspaceId = await store.workspace();
  });
  afterAll(() => store.close());

  async function history(): Promise<void> {
    const epoch = await store.lease(1, randomUUID());
    accountId = randomUUID();
    const base = { accountId, workspaceId, shard: 1, epoch };
    await store.journal.append([batchOf({ ...base, expectedSeq: 0 })], signal);
    const events = [1, 2, 3].map((n) => deposit(String(n)));
    const audits = [2, 3, 4].map((seq) => ({
      seq,
      at: seq,
      actor: 'user:1',
      action: 'act “\u0007”',
      target: null,
      details: { z: 1, a: '\u0000' },
    }));
    await store.journal.append([batchOf({ ...base, expectedSeq: 1, events, changes: { audits } })], signal);
  }

  it('passes what was written', async () => {
    await history();
    expect(await verifyJournal(store.pool, accountId, signal)).toMatchObject({ entries: 4 });
    expect(await accountsWithJournal(store.pool, signal)).toContain(accountId);
    expect(await verifyAudit(store.pool, workspaceId, signal)).toMatchObject({ entries: 3 });
    expect(await verifyJournal(store.pool, 'nobody', signal)).toEqual({ entries: 0, hash: null });
  });

  it.each([
    [
      'a changed payload',
      `UPDATE journal_event SET payload = replace(payload, '"1"', '"9"') WHERE account_id = $1 AND seq = 2`,
    ],
    ['a changed envelope', `UPDATE journal_event SET at = at + 1 WHERE account_id = $1 AND seq = 2`],
    ['a missing event', 'DELETE FROM journal_event WHERE account_id = $1 AND seq = 3'],
    ['a missing end', 'DELETE FROM journal_event WHERE account_id = $1 AND seq = 4'],
  ])('finds %s, when verifying and when an account is loaded', async (_, tamper) => {
    await history();
    await store.admin(tamper, [accountId]);
    await expect(verifyJournal(store.pool, accountId, signal)).rejects.toMatchObject({ code: 'CORRUPT' });
    const load = async (): Promise<void> => {
      for await (const page of store.journal.read(accountId, 0, signal)) expect(page).not.toEqual([]);
    };
    await expect(load()).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  it.each([
    ['a changed entry', `UPDATE audit_entry SET actor = 'user:2' WHERE workspace_id = $1 AND sequence = 2`],
    ['a missing entry', 'DELETE FROM audit_entry WHERE workspace_id = $1 AND sequence = 2'],
    ['a missing end', 'DELETE FROM audit_entry WHERE workspace_id = $1 AND sequence = 3'],
  ])('finds %s in the audit log', async (_, tamper) => {
    workspaceId = await store.workspace();
    await history();
    await store.admin(tamper, [workspaceId]);
    await expect(verifyAudit(store.pool, workspaceId, signal)).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  it('refuses events of a newer gateway', async () => {
    await history();
    await store.admin('UPDATE journal_event SET schema = 999 WHERE account_id = $1 AND seq = 2', [accountId]);
    await expect(verifyJournal(store.pool, accountId, signal)).rejects.toMatchObject({
      code: 'NEWER_SCHEMA',
    });
  });

  it('fences off an owner whose memory of the end differs from the database', async () => {
    await history();
    await store.admin(`UPDATE account_head SET hash = '\\x00' WHERE account_id = $1`, [accountId]);
    const [row] = await store.admin('SELECT epoch FROM account_head WHERE account_id = $1', [accountId]);
    const base = { accountId, workspaceId, shard: 1, epoch: Number(row?.['epoch']) };
    const next = batchOf({ ...base, expectedSeq: 4, events: [deposit('x')] });
    expect(await store.journal.append([next], signal)).toEqual({ committed: [], fenced: [accountId] });
  });
});
