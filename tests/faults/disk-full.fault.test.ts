import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { expectAllWell } from '../support/cluster/cluster-books.ts';
import { mountMissing } from '../support/cluster/small-disk.ts';
import { queryAsAdmin } from '../support/gateway/admin-database.ts';
import { ApiRefusal } from '../support/gateway/api-client.ts';
import { type Desk, isDenial, isPlaced } from '../support/gateway/desk.ts';
import { createTrader, type Trader } from '../support/gateway/trader.ts';
import { until } from '../support/gateway/until.ts';

/* The disk under PostgreSQL's write-ahead log is full: nothing can be committed until there is room again. */
jest.setTimeout(120_000);

/** A segment of the log has 16 MB; a few are kept. */
const MEGABYTES = 120;
const FULL_MS = 2_000;
/** Kept for orders that take risk away; a few segments. */
const RESERVE_MB = 56;
const MEGABYTE = 1_048_576;

const missing = mountMissing(tmpdir());
const withMount = missing === null ? describe : describe.skip;
if (missing !== null) console.warn(`skipped: ${missing}`);

withMount('a full disk under pg_wal', () => {
  let cluster: Cluster;
  let desk: Desk;
  let trader: Trader;

  beforeAll(async () => {
    cluster = await startCluster({
      gateways: 2,
      walDiskMegabytes: MEGABYTES,
      env: { JOURNAL_RESERVE_MB: String(RESERVE_MB) },
    });
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

  it('while it is nearly full new risk is refused, and cancels and closing orders pass', async () => {
    const resting = await desk.placed({ type: 'LIMIT', limitPrice: '1', timeInForce: 'GTC' });
    const held = await desk.placed({ quantity: '5' });
    await desk.settled(held.id, 'FILLED');
    cluster.walDisk?.fill((RESERVE_MB - 8) * MEGABYTE);
    const denial = await until('a denial', async () => {
      const outcome = await desk.place();
      return isDenial(outcome) ? outcome : null;
    });
    expect(denial).toMatchObject({ code: 'REDUCE_ONLY_STATE', details: { scope: 'journal' }, kept: null });
    await desk.cancel(resting.id);
    await desk.settled(resting.id, 'CANCELED');
    const position = await desk.position('AAPL');
    const closing = await desk.placed({ side: 'SELL', quantity: position, reduceOnly: true });
    await desk.settled(closing.id, 'FILLED');
    expect(await desk.position('AAPL')).toBe('0');
    cluster.walDisk?.empty();
    await until('orders again', async () => isPlaced(await desk.place()));
  });

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
