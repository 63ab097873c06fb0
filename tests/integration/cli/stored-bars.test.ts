import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { withMarketData } from '../../../gateway/cli/backtest/with-market-data.ts';
import { UsageError } from '../../../gateway/cli/usage-error.ts';
import { keepBars } from '../../support/backtest/kept-bars.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';

const { signal } = new AbortController();

describe('bars that gateways have kept, on the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omniquant-stored-'));
  let store: TestStore;
  const before = { ...process.env };
  const [mine, other] = ['workspace-1', 'workspace-2'];

  beforeAll(async () => {
    store = await openTestStore();
    for (const id of [mine, other]) await store.workspace(id);
    await store.admin(`UPDATE workspace SET name = 'Desk' WHERE id = $1`, [other]);
    const account = randomUUID();
    await store.admin(
      `INSERT INTO account (account_id, workspace_id, shard, broker, connection) VALUES ($1, $2, 1, 'acme', $1)`,
      [account, other],
    );
    await keepBars(store.pool, 'AB/USD', 300);
    await keepBars(store.pool, 'OWN', 50, account);
    Object.assign(process.env, {
      ...{ DATA_DIR: folder, DATABASE_URL: store.database.url('owner') },
      DATABASE_APP_URL: store.database.url('app'),
      DATABASE_WRITER_URL: store.database.url('writer'),
    });
  });
  afterAll(async () => {
    for (const name of ['DATA_DIR', 'DATABASE_URL', 'DATABASE_APP_URL', 'DATABASE_WRITER_URL']) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const symbols = (workspace?: string): Promise<readonly string[]> =>
    withMarketData({ stored: true, workspace }, signal, async ({ data }) =>
      data.series().map(({ symbol }) => symbol),
    );

  it('are those for all, and those of the workspace that is named by its id or name', async () => {
    expect(await symbols()).toEqual(['AAPL', 'AB/USD', 'SPX']);
    expect(await symbols('workspace-1')).toEqual(['AAPL', 'AB/USD', 'SPX']);
    expect(await symbols('workspace-2')).toEqual(['AAPL', 'AB/USD', 'OWN', 'SPX']);
    expect(await symbols('Desk')).toEqual(['AAPL', 'AB/USD', 'OWN', 'SPX']);
  });

  it('are those of no workspace that there is not, and of none where they were not asked for', async () => {
    await expect(symbols('Deks')).rejects.toThrow(
      /^omniquant: --workspace is "Deks", which is neither id nor name of a workspace: the nearest is Desk$/,
    );
    const without = withMarketData({ workspace: 'Desk' }, signal, () => Promise.resolve());
    await expect(without).rejects.toThrow(UsageError);
    await expect(without).rejects.toThrow('--workspace is of --stored');
    await withMarketData({}, signal, async ({ data, offer }) => {
      expect(data.instrument('AB/USD')).toBeNull();
      expect(offer).toBeUndefined();
    });
  });

  it('are not looked for in a database of another version', async () => {
    await store.admin(`DELETE FROM mikro_orm_migrations WHERE name = '0016-sweep-upkeep'`);
    try {
      await expect(symbols()).rejects.toThrow('1 migrations have not been run: run omniquant migrate');
    } finally {
      await store.admin(`INSERT INTO mikro_orm_migrations (name) VALUES ('0016-sweep-upkeep')`);
    }
  });
});
