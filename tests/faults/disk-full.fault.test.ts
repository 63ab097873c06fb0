import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { expectAllWell } from '../support/cluster/cluster-books.ts';
import { mountMissing } from '../support/cluster/small-disk.ts';
import { queryAsAdmin } from '../support/gateway/admin-database.ts';
import { ApiRefusal } from '../support/gateway/api-client.ts';
import type { Desk } from '../support/gateway/desk.ts';
import { createTrader, type Trader } from '../support/gateway/trader.ts';
import { until } from '../support/gateway/until.ts';

/* The disk under PostgreSQL's write-ahead log is full: nothing can be committed until there is room again. */
jest.setTimeout(120_000);

/** A segment of the log has 16 MB; a few are kept. */
const MEGABYTES = 120;
const FULL_MS = 2_000;

const missing = mountMissing(tmpdir());
const withMount = missing === null ? describe : describe.skip;
if (missing !== null) console.warn(`skipped: ${missing}`);

withMount('a full disk under pg_wal', () => {
  let cluster: Cluster;
  let desk: Desk;
  let trader: Trader;

  beforeAll(async () => {
    cluster = await startCluster({ gateways: 2, walDiskMegabytes: MEGABYTES });
    desk = await cluster.openDesk();
    trader = createTrader({ desk, seed: 'disk', lanes: 3, triggers: true });
  });

  afterAll(async () => {
    trader.abandon();
    await cluster.close();
  });

  /** Ends the segment in use, so that the next write needs a new one. */
  const endSegment = async (): Promise<void> => {
    await queryAsAdmin(cluster.dataDir, 'SELECT pg_switch_wal()').catch(() => undefined);
  };

  /** As an init system does. */
  const startIfDown = async (): Promise<void> => {
    if (!cluster.postgres.isRunning) await cluster.postgres.start();
  };

  it('orders are refused as UNAVAILABLE, none half-done; with room again they are taken by itself', async () => {
    trader.go();
    await until('some orders', () => trader.acknowledged.length > 20);
    cluster.walDisk?.fill();
    // Segments that were made beforehand are used up first.
    const refusal = await until('a refusal', async () => {
      await endSegment();
      return await desk.place().then(
        () => null,
        (error: unknown) => error,
      );
    });
    expect(refusal).toBeInstanceOf(ApiRefusal);
    expect((refusal as ApiRefusal).code).toBe('UNAVAILABLE');
    await sleep(FULL_MS);
    const refused = await desk.place().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'UNAVAILABLE' });
    expect(cluster.gateways.every(({ isRunning }) => isRunning)).toBe(true);

    cluster.walDisk?.empty();
    await startIfDown();
    const taken = trader.acknowledged.length;
    await until('orders again', () => trader.acknowledged.length > taken + 20);
    await expectAllWell(cluster, [trader]);
  });
});
