import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';

import { appendTables } from '../../../gateway/database/journal/append-tables.ts';
import { GENESIS } from '../../../gateway/database/journal/event-chain.ts';
import { migrate } from '../../../gateway/database/migrations/migrate.ts';
import { createWorkspaceReaders } from '../../../gateway/database/order-reader/workspace-readers.ts';
import { batchOf, strategyRow } from '../../support/journal-fixtures.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';

const signal = AbortSignal.timeout(60_000);

/** Takes the last migration back: the functions have the parameters that they had before. */
const BEFORE = `
  DROP TABLE strategy;
  DROP FUNCTION journal_append, journal_append_rare;
  CREATE FUNCTION journal_append(
    text, boolean, text, text, text, text, text, text, text, text, text, text, text, text)
    RETURNS text[] LANGUAGE sql AS $$ SELECT '{}'::text[] $$;
  CREATE FUNCTION journal_append_rare(text[], text, text, text)
    RETURNS void LANGUAGE sql AS $$ SELECT $$;
  DELETE FROM mikro_orm_migrations WHERE name = '0009-strategies';
`;

describe('a database of the release before', () => {
  let store: TestStore;

  beforeAll(async () => {
    store = await openTestStore();
    const owner = new Client({ connectionString: store.database.url('owner') });
    await owner.connect();
    await owner.query(BEFORE);
    await owner.end();
    await migrate(store.database.url('owner'), { deriveRoles: false, signal });
  });
  afterAll(() => store.close());

  it('has one journal_append after it was migrated, which writes strategies', async () => {
    const functions = await store.admin(
      `SELECT proname FROM pg_proc WHERE proname LIKE 'journal_append%' ORDER BY 1`,
    );
    expect(functions).toEqual([{ proname: 'journal_append' }, { proname: 'journal_append_rare' }]);
    const workspaceId = await store.workspace();
    const [accountId, strategyId] = [randomUUID(), randomUUID()];
    const epoch = await store.lease(1, randomUUID());
    const base = { accountId, workspaceId, shard: 1, epoch, expectedSeq: 0 };
    const strategies = [strategyRow(accountId, strategyId)];
    const batch = batchOf({ ...base, changes: { strategies } });
    expect((await store.journal.append([batch], signal)).committed).toEqual([accountId]);
    const reader = createWorkspaceReaders(store.connect('app')).open(workspaceId, signal);
    expect(await reader.strategiesByIds([strategyId])).toEqual(strategies);
    await reader.close();
  });

  it('goes on taking what a gateway of that release writes, while gateways are replaced', async () => {
    const workspaceId = await store.workspace();
    const accountId = randomUUID();
    const epoch = await store.lease(2, randomUUID());
    const batch = batchOf({ accountId, workspaceId, shard: 2, epoch, expectedSeq: 0 });
    const values = appendTables([batch], () => GENESIS).values.slice(0, 14);
    const parameters = values.map((_, index) => `$${String(index + 1)}`).join(', ');
    const text = `SELECT journal_append(${parameters}) AS passed`;
    expect(await store.pool.query({ text, values: [...values] }, signal)).toEqual([{ passed: [accountId] }]);
  });
});
