import { beforeEach, describe, expect, it } from '@jest/globals';

import { SHARDS } from '../../../../core/runtime/sharding.ts';
import { createTradingWorld, type TradingWorld } from '../../../support/trading-world.ts';

describe('accounts among several gateways', () => {
  let world: TradingWorld;

  beforeEach(() => {
    world = createTradingWorld();
  });

  it('share the shards evenly, and take over those of a gateway that died', async () => {
    const one = await world.start('gateway-1');
    expect(one.runtime.status().shards).toBe(SHARDS);
    const two = await world.start('gateway-2');
    await world.clock.advance(10_000);
    expect([one.runtime.status().shards, two.runtime.status().shards]).toEqual([32, 32]);
    const three = await world.start('gateway-3');
    await world.clock.advance(10_000);
    const shares = [one, two, three].map(({ runtime }) => runtime.status().shards);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(SHARDS);
    expect(Math.max(...shares)).toBeLessThanOrEqual(22);
    two.kill();
    await world.clock.advance(10_000);
    expect(one.runtime.status().shards + three.runtime.status().shards).toBe(SHARDS);
  });

  it('are reached through every gateway, before, during and after a handover', async () => {
    const one = await world.start('gateway-1');
    const accounts: string[] = [];
    for (let index = 0; index < 8; index += 1) {
      accounts.push(await world.openAccount(one));
    }
    const two = await world.start('gateway-2');
    const replies = [];
    for (let round = 0; round < 30; round += 1) {
      const gateway = round % 2 === 0 ? one : two;
      replies.push(
        ...accounts.map((account) => gateway.runtime.execute(account, world.placeOrder(), world.meta())),
      );
      await world.clock.advance(100);
    }
    const results = await world.run(Promise.all(replies));
    expect(results.map(({ result }) => result.kind).filter((kind) => kind !== 'orderPlaced')).toEqual([]);
    await world.clock.advance(20_000);
    expect(two.runtime.status().accounts + one.runtime.status().accounts).toBe(8);
    expect(two.runtime.status().accounts).toBeGreaterThan(0);
    const submits = world.venue.arrived.map(({ venueOrderId }) => venueOrderId);
    expect(new Set(submits).size).toBe(results.length);
    expect(submits).toHaveLength(results.length);
  });

  it('go on elsewhere when their gateway is closed, with nothing left behind', async () => {
    const one = await world.start('gateway-1');
    const account = await world.openAccount(one);
    const two = await world.start('gateway-2');
    await world.clock.advance(10_000);
    const command = world.placeOrder();
    await world.run(one.runtime.execute(account, command, world.meta()));
    await world.run(one.runtime.close());
    await world.run(two.runtime.execute(account, world.placeOrder(), world.meta()), 2_000);
    await world.clock.advance(2_000);
    expect(two.runtime.status()).toMatchObject({ shards: SHARDS, members: 1, accounts: 1 });
    expect(world.order(account, command.orderId)?.lifecycle).toBe('WORKING');
    expect(world.store.accounts.get(account)?.snapshot?.seq).toBeGreaterThan(0);
  });

  it('are fenced off from a gateway that slept past its lease, in the journal and at the venue', async () => {
    const one = await world.start('gateway-1');
    const account = await world.openAccount(one);
    // It no longer reaches the lease store, and does not know that another has taken over.
    const sleeping = world.placeOrder();
    const release = world.journal.hold();
    const answer = one.runtime.execute(account, sleeping, world.meta());
    answer.catch(() => undefined);
    await world.clock.advance(10);
    for (const lease of world.store.leases.values()) {
      lease.owner = 'gateway-2';
      lease.address = 'gateway-2';
      lease.epoch += 1;
      lease.expiresAt = world.clock.now() + 60_000;
    }
    for (const stored of world.store.accounts.values()) {
      stored.epoch += 1;
    }
    release();
    await expect(world.run(answer)).rejects.toMatchObject({ code: 'UNAVAILABLE', outcome: 'NOT_PLACED' });
    expect(world.order(account, sleeping.orderId)).toBeUndefined();
    await world.clock.advance(5_000);
    expect(world.venue.arrived).toEqual([]);
    expect(one.runtime.status()).toMatchObject({ shards: 0, accounts: 0 });
  });

  it('send nothing more when the lease cannot be renewed', async () => {
    const one = await world.start('gateway-1');
    const account = await world.openAccount(one);
    world.leases.setDown(true);
    await world.clock.advance(4_700);
    const command = world.placeOrder();
    const answer = one.runtime.execute(account, command, world.meta());
    answer.catch(() => undefined);
    await world.clock.advance(10_000);
    expect(world.venue.arrived).toEqual([]);
    await expect(
      world.run(one.runtime.execute(account, world.placeOrder(), world.meta())),
    ).rejects.toMatchObject({
      outcome: 'NOT_PLACED',
    });
    world.leases.setDown(false);
    await world.clock.advance(15_000);
    const reply = await world.run(one.runtime.execute(account, world.placeOrder(), world.meta()));
    expect(reply.result.kind).toBe('orderPlaced');
  });

  it('that cannot be read are left alone, and the others served', async () => {
    const one = await world.start('gateway-1');
    const good = await world.openAccount(one);
    const bad = await world.openAccount(one);
    one.kill();
    const stored = world.store.accounts.get(bad);
    stored?.events.splice(1, 1);
    const two = await world.start('gateway-2');
    await world.clock.advance(10_000);
    expect(two.runtime.status().broken).toEqual([{ accountId: bad, message: expect.stringContaining(bad) }]);
    await expect(world.run(two.runtime.execute(bad, world.placeOrder(), world.meta()))).rejects.toMatchObject(
      {
        outcome: 'NOT_PLACED',
      },
    );
    const reply = await world.run(two.runtime.execute(good, world.placeOrder(), world.meta()));
    expect(reply.result.kind).toBe('orderPlaced');
  });

  it('are silent about an outage of the journal but for its beginning', async () => {
    const one = await world.start('gateway-1');
    const account = await world.openAccount(one);
    world.journal.setDown(true);
    const refused = one.runtime.execute(account, world.placeOrder(), world.meta()).catch(() => undefined);
    await world.clock.advance(15_000);
    world.journal.setDown(false);
    await refused;
    await world.clock.advance(5_000);
    const reply = await world.run(one.runtime.execute(account, world.placeOrder(), world.meta()));
    expect(reply.orders[0]?.lifecycle).toBe('SUBMITTED');
    const shown = one.logs.filter(({ level }) => level !== 'debug');
    expect(shown.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'an append failed'],
      ['warn', 'loading an account failed and is tried again'],
    ]);
  });

  it('whose lease was renewed without their knowing are read when their last append has ended', async () => {
    const one = await world.start('gateway-1');
    const account = await world.openAccount(one);
    const renew = world.leases.renew.bind(world.leases);
    const claim = world.leases.claim.bind(world.leases);
    // Every answer of the lease store is lost, and what it was asked is done.
    const lost = (): never => {
      throw new Error('the answer was lost');
    };
    world.leases.renew = (...args) => renew(...args).then(lost);
    world.leases.claim = (...args) => claim(...args).then(lost);
    await world.clock.advance(3_000);
    const release = world.journal.hold();
    const placed = one.runtime.execute(account, world.placeOrder(), world.meta());
    await world.clock.advance(2_500);
    expect(one.runtime.status().accounts).toBe(0);
    world.leases.renew = renew;
    world.leases.claim = claim;
    await world.clock.advance(1_500);
    release();
    await world.run(placed);
    await world.clock.advance(5_000);
    expect(world.venue.arrived.filter(({ kind }) => kind === 'submit')).toHaveLength(1);
  });

  it('that do not exist are not found', async () => {
    const one = await world.start('gateway-1');
    await expect(
      world.run(one.runtime.execute('nobody', world.placeOrder(), world.meta())),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('leave no timer behind when their gateway is closed', async () => {
    const one = await world.start('gateway-1');
    await world.openAccount(one);
    await world.run(one.runtime.close());
    await world.clock.advance(20_000);
    expect(world.clock.pendingTimers).toBe(0);
  });
});
