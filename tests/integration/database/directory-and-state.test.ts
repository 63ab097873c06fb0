import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createSealer } from '../../../gateway/auth/sealed-secret.ts';
import { Secret } from '../../../gateway/auth/secret.ts';
import { createPostgresAccountDirectory } from '../../../gateway/database/account-directory.ts';
import { createBrokerSettingsStore } from '../../../gateway/database/broker-settings-store.ts';
import type { ConnectionPool } from '../../../gateway/database/connection-pool.ts';
import {
  createGatewayStateReader,
  createGatewayStateWriter,
} from '../../../gateway/database/gateway-state.ts';
import { readInstallation } from '../../../gateway/database/installation.ts';
import { createWorkspaceReaders } from '../../../gateway/database/order-reader/workspace-readers.ts';
import { verifyAudit, verifyJournal } from '../../../gateway/database/verify.ts';
import { batchOf } from '../../support/journal-fixtures.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';

const signal = AbortSignal.timeout(120_000);
let store: TestStore;
let app: ConnectionPool;
let workspaceId: string;

beforeAll(async () => {
  store = await openTestStore();
  app = store.connect('app');
  workspaceId = await store.workspace();
});
afterAll(() => store.close());

describe('the account directory', () => {
  it('adds an entry once, finds it from anywhere, and keeps it when the journal opens the account', async () => {
    const directory = createPostgresAccountDirectory(store.pool);
    const accountId = randomUUID();
    const entry = { accountId, workspaceId, shard: 5, broker: 'simulated', connection: 'mine' };
    expect(await directory.add(entry, signal)).toEqual(entry);
    expect(await directory.add({ ...entry, shard: 6 }, signal)).toEqual(entry);

    const epoch = await store.lease(5, 'owner');
    const opened = batchOf({ accountId, workspaceId, shard: 5, epoch, expectedSeq: 0 });
    expect((await store.journal.append([opened], signal)).committed).toEqual([accountId]);
    const elsewhere = createPostgresAccountDirectory(store.pool);
    expect(await elsewhere.find([accountId, 'no-such'], signal)).toEqual([entry]);
    expect(await elsewhere.find([accountId], signal)).toEqual([entry]);
  });

  it('shows nobody an entry whose account was never opened, and its shard is taken over without it', async () => {
    const accountId = randomUUID();
    const own = await store.workspace();
    const entry = { accountId, workspaceId: own, shard: 9, broker: 'simulated', connection: 'mine' };
    await createPostgresAccountDirectory(store.pool).add(entry, signal);
    const reader = createWorkspaceReaders(app).open(own, signal);
    expect(await reader.accounts()).toEqual([]);
    await reader.close();
    const epoch = await store.lease(9, randomUUID());
    expect(await store.journal.takeOver(9, epoch, signal)).toEqual([]);
    expect(await verifyJournal(store.pool, accountId, signal)).toEqual({ entries: 0, hash: null });
  });

  it('does not let the journal open an account in another shard or workspace than its own', async () => {
    const directory = createPostgresAccountDirectory(store.pool);
    const accountId = randomUUID();
    const entry = { accountId, workspaceId, shard: 7, broker: 'simulated', connection: '' };
    await directory.add(entry, signal);
    const epoch = await store.lease(8, 'owner');
    const wrong = batchOf({ accountId, workspaceId, shard: 8, epoch, expectedSeq: 0 });
    expect(await store.journal.append([wrong], signal)).toEqual({ committed: [], fenced: [accountId] });
    const right = await store.lease(7, 'owner');
    const stolen = batchOf({
      accountId,
      workspaceId: await store.workspace(),
      shard: 7,
      epoch: right,
      expectedSeq: 0,
    });
    expect(await store.journal.append([stolen], signal)).toEqual({ committed: [], fenced: [accountId] });
  });
});

describe('broker settings', () => {
  it('are the latest of each part, and count their changes, each account its own', async () => {
    const settings = createBrokerSettingsStore(
      app,
      store.pool,
      createSealer(new Secret('ab'.repeat(32))),
      () => 1,
    );
    const directory = createPostgresAccountDirectory(store.pool);
    const [changed, untouched] = [randomUUID(), randomUUID()];
    for (const accountId of [changed, untouched]) {
      await directory.add({ accountId, workspaceId, shard: 1, broker: 'b', connection: accountId }, signal);
    }
    const account = { workspaceId, accountId: changed };
    const counts = async () => [...(await settings.changes([changed, untouched], signal))];
    expect(await counts()).toEqual([]);
    await settings.save(account, { config: { url: 'u' }, secrets: { key: 'first' } }, signal);
    expect(await counts()).toEqual([[changed, 2]]);
    await settings.save(account, { config: null, secrets: { key: 'second' } }, signal);
    expect(await counts()).toEqual([[changed, 3]]);
    expect(await settings.load(changed, signal)).toEqual({
      config: { url: 'u' },
      secrets: { key: 'second' },
    });
    expect(await settings.load(untouched, signal)).toEqual({ config: null, secrets: null });
  });
});

describe('the gateway’s trading state', () => {
  it('starts ACTIVE, goes up a version with each change, and every change is audited', async () => {
    const reader = createGatewayStateReader(store.pool);
    expect(await reader.read(signal)).toEqual({
      state: 'ACTIVE',
      version: 0,
      cancelOpenOrders: false,
      reason: '',
    });
    const writer = createGatewayStateWriter(app);
    const change = { cancelOpenOrders: true, reason: 'drill', actor: 'user:1', workspaceId, at: 5 };
    const [a, b] = await Promise.all([
      writer.write({ ...change, state: 'HALTED' }, signal),
      writer.write({ ...change, state: 'REDUCING' }, signal),
    ]);
    expect([a.version, b.version].sort()).toEqual([1, 2]);
    expect(await reader.read(signal)).toEqual(a.version === 2 ? a : b);
    expect(await verifyAudit(store.pool, workspaceId, signal)).toMatchObject({ entries: 2 });
  });
});

describe('the installation', () => {
  it('is the same for both roles and has a short prefix for venues', async () => {
    const installation = await readInstallation(app, signal);
    expect(installation.venuePrefix).toMatch(/^oq[0-9a-f]{6}$/);
    expect(await readInstallation(store.pool, signal)).toEqual(installation);
  });
});
