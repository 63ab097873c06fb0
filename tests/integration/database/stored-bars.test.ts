import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Bar } from '../../../core/market/bar.ts';
import { createInstrument, type Instrument } from '../../../core/market/instrument.ts';
import type { ConnectionPool } from '../../../gateway/database/connection-pool.ts';
import { type BarWriter, createBarWriter } from '../../../gateway/database/stored-bars/bar-writer.ts';
import { forgetOldBars } from '../../../gateway/database/stored-bars/forget-old-bars.ts';
import {
  createStoredBarsReader,
  type StoredBarsReader,
} from '../../../gateway/database/stored-bars/stored-bars-reader.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';
import { type RecordedLog, recordingTelemetry } from '../../support/recording-telemetry.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const { signal } = new AbortController();
const MINUTE = 60_000;
const DAY = 86_400_000;
const FEED = { source: 'feed ticks', connection: null };

const instrument = (symbol: string): Instrument =>
  createInstrument({
    ...{ symbol, name: null, assetClass: 'CRYPTO', currency: 'USD', tickSize: '0.01', lotSize: '0.001' },
    ...{ multiplier: '1', minQuantity: null, maxQuantity: '5', shortable: true, fractionable: true },
    ...{ exchange: null, calendar: 'ALWAYS' },
  });

const bar = (symbol: string, at: number, close = '10', more: Partial<Bar> = {}): Bar => ({
  ...{ symbol, interval: 'MINUTE_1', at, isClosed: true, revision: 0 },
  ...{ open: parseDecimal('9.5'), high: parseDecimal('11'), low: parseDecimal('9') },
  ...{ close: parseDecimal(close), volume: null, ...more },
});

describe('bars that gateways keep', () => {
  let store: TestStore;
  let reader: StoredBarsReader;
  let workspace: string;
  beforeAll(async () => {
    store = await openTestStore();
    reader = createStoredBarsReader(store.connect('app'));
    workspace = await store.workspace();
  });
  beforeEach(async () => {
    await store.admin('DELETE FROM stored_bar_series');
  });
  afterAll(() => store.close());

  const writer = (pool: ConnectionPool = store.pool): BarWriter =>
    createBarWriter({ pool, clock: createVirtualClock(), telemetry: recordingTelemetry([], []) });

  async function stored(id = workspace): Promise<readonly unknown[]> {
    const all = [];
    for (const one of await reader.series(id, signal)) {
      const page = { series: one.id, after: null, to: null, limit: 100 };
      const { at, close } = await reader.page(id, page, signal);
      const { first, last, rows, source, symbol } = one;
      all.push({ symbol, source, rows, first, last, at: [...at], close: [...close] });
    }
    return all;
  }

  it('are there once, whoever writes them and however often; a correction replaces what it corrects', async () => {
    const [one, other] = [writer(), writer(store.connect('writer'))];
    for (const each of [one, other]) {
      for (const at of [0, MINUTE, 2 * MINUTE]) each.put(FEED, instrument('AB'), bar('AB', at));
    }
    await Promise.all([one.close(), other.close()]);
    const late = writer();
    late.put(FEED, instrument('AB'), bar('AB', MINUTE, '12', { revision: 2 }));
    late.put(FEED, instrument('AB'), bar('AB', MINUTE, '11', { revision: 1 }));
    late.put(FEED, instrument('AB'), bar('AB', 0, '13'));
    await late.close();
    const times = [0, MINUTE, 2 * MINUTE];
    const listed = { symbol: 'AB', source: 'feed ticks', rows: 3, first: 0, last: 2 * MINUTE };
    expect(await stored()).toEqual([{ ...listed, at: times, close: [10, 12, 10] }]);
    const [series] = await reader.series(workspace, signal);
    expect(series?.instrument).toMatchObject({ symbol: 'AB', tickSize: '0.01', maxQuantity: '5' });
  });

  it('are read in pages, within a range, with unknown volumes', async () => {
    const one = writer();
    for (let index = 0; index < 5; index += 1) {
      const volume = index === 3 ? parseDecimal('0.25') : null;
      one.put(FEED, instrument('AB'), bar('AB', index * MINUTE, '10', { volume }));
    }
    await one.close();
    const [series] = await reader.series(workspace, signal);
    const page = { series: series?.id ?? '', after: MINUTE, to: 4 * MINUTE, limit: 2 };
    const { at, high, open, volume } = await reader.page(workspace, page, signal);
    expect([[...at], [...open], [...high], [...volume]]).toEqual([
      [2 * MINUTE, 3 * MINUTE],
      [9.5, 9.5],
      [11, 11],
      [NaN, 0.25],
    ]);
  });

  it('of a connection of an account are its workspace’s alone', async () => {
    const [accountId, other] = [randomUUID(), await store.workspace()];
    await store.admin(
      `INSERT INTO account (account_id, workspace_id, shard, broker, connection) VALUES ($1, $2, 1, 'acme', $1)`,
      [accountId, workspace],
    );
    const one = writer();
    one.put({ source: 'broker acme', connection: accountId }, instrument('AB'), bar('AB', 0));
    one.put(FEED, instrument('CD'), bar('CD', 0));
    await one.close();
    expect(await stored()).toMatchObject([
      { symbol: 'AB', source: 'broker acme' },
      { symbol: 'CD', source: 'feed ticks' },
    ]);
    expect(await stored(other)).toMatchObject([{ symbol: 'CD', source: 'feed ticks' }]);
    const own = (await reader.series(workspace, signal)).find(({ isOwn }) => isOwn);
    const page = { series: own?.id ?? '', after: null, to: null, limit: 10 };
    expect((await reader.page(other, page, signal)).at).toHaveLength(0);
    expect((await reader.page(workspace, page, signal)).at).toHaveLength(1);
  });

  it('wait while they cannot be written, and nothing else fails', async () => {
    let isDown = true;
    const pool: ConnectionPool = {
      ...store.pool,
      query: (statement, aborted) =>
        isDown ? Promise.reject(new Error('down')) : store.pool.query(statement, aborted),
    };
    const clock = createVirtualClock();
    const logs: RecordedLog[] = [];
    const one = createBarWriter({ pool, clock, telemetry: recordingTelemetry(logs, []) });
    one.put(FEED, instrument('AB'), bar('AB', 0));
    await clock.advance(3_000);
    expect([await stored(), logs.length]).toEqual([[], 1]);
    isDown = false;
    await one.close();
    expect(await stored()).toMatchObject([{ symbol: 'AB', rows: 1 }]);
  });

  it('are forgotten when they are older than is wanted, by the time of their market', async () => {
    const one = writer();
    for (let day = 0; day < 4; day += 1) one.put(FEED, instrument('AB'), bar('AB', day * DAY));
    one.put(FEED, instrument('CD'), bar('CD', 0));
    await one.close();
    expect(await forgetOldBars(store.pool, 2, signal)).toBe(1);
    expect(await forgetOldBars(store.pool, 2, signal)).toBe(0);
    expect(await stored()).toMatchObject([
      { symbol: 'AB', rows: 3, first: DAY, last: 3 * DAY, at: [DAY, 2 * DAY, 3 * DAY] },
      { symbol: 'CD', rows: 1 },
    ]);
  });
});
