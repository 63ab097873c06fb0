import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { accountsWithJournal, verifyAudit, verifyJournal } from '../../../gateway/database/verify.ts';
import { batchOf, deposit } from '../../support/journal-fixtures.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';

const signal = AbortSignal.timeout(120_000);

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
