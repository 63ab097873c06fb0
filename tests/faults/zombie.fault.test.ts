import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import type { Failpoint } from '../../core/ports/failpoints.ts';
import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { expectBooks } from '../support/cluster/cluster-books.ts';
import type { ClusterGateway } from '../support/cluster/cluster-gateway.ts';
import { type Desk, deskOf, insist, isPlaced, type OrderInput } from '../support/gateway/desk.ts';
import { until } from '../support/gateway/until.ts';

/*
 * The owner of an account is stopped by SIGSTOP while an order is on its way, and goes on long after another
 * gateway owns the account and has settled what became of the order.
 */
jest.setTimeout(120_000);

const BY_CLIENT_ORDER_ID = `query($accountId: ID!, $clientOrderId: String!) {
  orderByClientOrderId(accountId: $accountId, clientOrderId: $clientOrderId) { id } }`;

/** Orders in doubt are sent again for five seconds. */
const TOO_OLD_MS = 5_500;

describe('an owner that is stopped past its lease and goes on', () => {
  let cluster: Cluster;
  let desk: Desk;

  beforeAll(async () => {
    cluster = await startCluster({ gateways: 2 });
    desk = await cluster.openDesk();
  });

  afterAll(() => cluster.close());

  const venueOrders = async (): Promise<number> => (await cluster.venue.ledger(desk.accountId)).orders.length;

  /** Asks the owner for an order at which it stops; returns who owns the account then, and the one that stands. */
  async function stopAt(
    point: Failpoint,
    order: OrderInput,
  ): Promise<readonly [ClusterGateway, ClusterGateway]> {
    const zombie = await cluster.ownerOf(desk.accountId);
    const heir = cluster.otherThan(zombie);
    await zombie.arm({ point, action: 'stop' });
    // Whether it gets an answer is its own affair.
    void deskAt(zombie)
      .place(order)
      .catch(() => undefined);
    await until('the end of the lease', async () => (await cluster.ownerOf(desk.accountId)) === heir);
    return [zombie, heir];
  }

  const deskAt = (gateway: ClusterGateway): Desk => deskOf(cluster.at(gateway), desk.accountId);

  async function isKnownAt(gateway: ClusterGateway, { clientOrderId }: OrderInput): Promise<boolean> {
    const { orderByClientOrderId: found } = await insist(() =>
      cluster.at(gateway).ask<{ orderByClientOrderId: { id: string } | null }>(BY_CLIENT_ORDER_ID, {
        accountId: desk.accountId,
        clientOrderId,
      }),
    );
    return found !== null;
  }

  /** Long enough for whatever it still wants to do, and for what the venue makes of it. */
  async function wake(zombie: ClusterGateway): Promise<void> {
    zombie.signal('SIGCONT');
    await until('its readiness', async () => (await zombie.readiness()) === 200);
    await sleep(1_000);
  }

  it('sends nothing to the venue that the new owner has declared never sent', async () => {
    const order = desk.input({ type: 'LIMIT', limitPrice: '60', timeInForce: 'GTC' });
    const before = await venueOrders();
    // Until the order is too old to be sent again, the new owner cannot ask the venue.
    const heirLink = cluster.otherThan(await cluster.ownerOf(desk.accountId)).links.venue;
    heirLink.set({ kind: 'refuse' });
    heirLink.reset();
    const [zombie, heir] = await stopAt('broker.before-submit', order);
    await sleep(TOO_OLD_MS);
    heirLink.heal();
    const outcome = await insist(() => deskAt(heir).place(order));
    if (!isPlaced(outcome)) throw new Error(outcome.message);
    const { id } = outcome.order;
    await deskAt(heir).settled(id, 'REJECTED');
    expect(await venueOrders()).toBe(before);

    await wake(zombie);
    expect(await venueOrders()).toBe(before);
    expect((await deskAt(zombie).order(id)).status).toBe('REJECTED');
    await expectBooks(cluster, [desk]);
  });

  it('writes nothing to the journal: what it had decided is not there, or what it had committed is', async () => {
    for (const point of ['journal.before-append', 'journal.after-append'] as const) {
      const order = desk.input({ side: 'BUY', quantity: '2' });
      const [zombie, heir] = await stopAt(point, order);
      expect(await isKnownAt(heir, order)).toBe(point === 'journal.after-append');
      const outcome = await insist(() => deskAt(heir).place(order));
      if (!isPlaced(outcome)) throw new Error(outcome.message);
      await deskAt(heir).settled(outcome.order.id, 'FILLED', 'REJECTED');
      await wake(zombie);
      const again = await insist(() => deskAt(zombie).place(order));
      expect(again).toMatchObject({ replayed: true, order: { id: outcome.order.id } });
      await expectBooks(cluster, [desk]);
    }
  });

  it('answers nobody with what it alone believes', async () => {
    const [zombie, heir] = await stopAt('broker.after-submit', desk.input({ quantity: '1' }));
    const placed = await deskAt(heir).placed({ quantity: '4' });
    await deskAt(heir).settled(placed.id, 'FILLED');
    zombie.signal('SIGCONT');
    // At once, before it may have noticed.
    const seen = await insist(() => deskAt(zombie).order(placed.id));
    expect(seen.status).toBe('FILLED');
    const order = desk.input();
    const outcome = await insist(() => deskAt(zombie).place(order));
    expect(isPlaced(outcome)).toBe(true);
    await expectBooks(cluster, [desk]);
  });
});
