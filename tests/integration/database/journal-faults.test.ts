import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { DomainEvent } from '../../../core/engine/account-event.ts';
import type { AccountBatch, Journal } from '../../../core/ports/journal.ts';
import { createPostgresJournal } from '../../../gateway/database/journal/postgres-journal.ts';
import { batchOf, deposit, fillRow, orderRecord } from '../../support/journal-fixtures.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';
import { openSocketProxy, type SocketProxy } from '../../support/socket-proxy.ts';

const signal = AbortSignal.timeout(120_000);

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
