import { beforeEach, describe, expect, it } from '@jest/globals';

import { DEFAULT_SETTINGS } from '../../../../core/runtime/runtime-settings.ts';
import {
  createTradingWorld,
  type GatewayProcess,
  type TradingWorld,
} from '../../../support/trading-world.ts';

describe('too much at once', () => {
  let world: TradingWorld;

  beforeEach(() => {
    world = createTradingWorld();
  });

  async function place(gateway: GatewayProcess, account: string): Promise<string> {
    const command = world.placeOrder();
    await world.run(gateway.runtime.execute(account, command, world.meta()));
    return command.orderId;
  }

  it('of the venue’s messages loses nothing: orders and fills are asked for anew', async () => {
    const gateway = await world.start('gateway-1', {
      mailbox: { client: 100, system: 8 },
      batch: { works: 2, events: 2 },
    });
    const account = await world.openAccount(gateway);
    const ids: string[] = [];
    for (let index = 0; index < 30; index += 1) {
      ids.push(await place(gateway, account));
    }
    await world.clock.advance(500);
    const release = world.journal.hold();
    for (const id of ids) {
      world.venue.fill(`oq-${id}-0`, '10', '180');
    }
    await world.clock.advance(200);
    release();
    await world.clock.advance(60_000);
    expect(gateway.logs.map(({ message }) => message).join()).toContain('asked for anew');
    for (const id of ids) {
      expect(world.order(account, id)).toMatchObject({
        lifecycle: 'DONE',
        doneReason: 'FILLED',
        filledQuantity: '10',
      });
    }
    expect(world.store.accounts.get(account)?.positions.get('AAPL')?.quantity).toBe('300');
  });

  it('of clients leaves room for the venue', async () => {
    const gateway = await world.start('gateway-1', {
      mailbox: { client: 3, system: 100 },
      batch: { works: 1, events: 1 },
    });
    const account = await world.openAccount(gateway);
    const orderId = await place(gateway, account);
    await world.clock.advance(100);
    const release = world.journal.hold();
    const answers = Array.from({ length: 10 }, () =>
      gateway.runtime.execute(account, world.placeOrder(), world.meta()),
    );
    const settled = Promise.allSettled(answers);
    await world.clock.advance(10);
    world.venue.fill(`oq-${orderId}-0`, '10', '180');
    release();
    await world.run(settled);
    await world.clock.advance(1_000);
    expect(world.order(account, orderId)?.doneReason).toBe('FILLED');
  });

  it('that has been refused by the database each time is given up, and the rest goes on', async () => {
    const gateway = await world.start();
    const account = await world.openAccount(gateway);
    const poison = world.placeOrder();
    const append = world.journal.append.bind(world.journal);
    world.journal.append = async (batches, signal) => {
      const bad = batches.filter(({ events }) =>
        events.some(({ event }) => event.type === 'INITIALIZED' && event.orderId === poison.orderId),
      );
      const good = batches.filter((batch) => !bad.includes(batch));
      const result = good.length === 0 ? { committed: [], fenced: [] } : await append(good, signal);
      return { ...result, fenced: [...result.fenced, ...bad.map(({ accountId }) => accountId)] };
    };
    const doomed = gateway.runtime.execute(
      account,
      poison,
      world.meta({ deadline: world.clock.now() + 60_000 }),
    );
    const fine = gateway.runtime.execute(
      account,
      world.placeOrder(),
      world.meta({ deadline: world.clock.now() + 60_000 }),
    );
    doomed.catch(() => undefined);
    await expect(world.run(doomed)).rejects.toMatchObject({ outcome: 'NOT_PLACED' });
    expect((await world.run(fine)).result.kind).toBe('orderPlaced');
  });

  it('of done orders leaves memory, and their client ids are known all the same', async () => {
    const gateway = await world.start('gateway-1', { ...DEFAULT_SETTINGS, snapshotEvery: 50 });
    const account = await world.openAccount(gateway);
    const first = world.placeOrder();
    await world.run(gateway.runtime.execute(account, first, world.meta()));
    await world.clock.advance(100);
    world.venue.fill(`oq-${first.orderId}-0`, '4', '180');
    world.venue.end(`oq-${first.orderId}-0`, 'CANCELED');
    // Longer than done orders are kept in memory.
    await world.clock.advance(90_000);
    await place(gateway, account);
    await world.clock.advance(90_000);
    const again = await world.run(
      gateway.runtime.execute(account, { ...first, orderId: 'another' }, world.meta()),
    );
    expect(again.result).toEqual({ kind: 'orderPlaced', orderId: first.orderId, replayed: true });
    expect(again.orders[0]).toMatchObject({ id: first.orderId, filledQuantity: '4', doneReason: 'CANCELED' });

    const other = await world.run(
      gateway.runtime.execute(account, { ...first, requestHash: 'other', orderId: 'another' }, world.meta()),
    );
    expect(other.result).toMatchObject({ kind: 'denied', denial: { code: 'DUPLICATE_CLIENT_ORDER_ID' } });

    // A late fill of an order that has left memory still books.
    world.venue.fill(`oq-${first.orderId}-0`, '2', '180');
    await world.clock.advance(1_000);
    expect(world.order(account, first.orderId)).toMatchObject({ filledQuantity: '6' });
    expect(world.store.accounts.get(account)?.positions.get('AAPL')?.quantity).toBe('6');

    const cancel = await world.run(
      gateway.runtime.execute(
        account,
        { kind: 'cancelOrder', orderId: first.orderId, reason: null },
        world.meta(),
      ),
    );
    expect(cancel.result).toMatchObject({ kind: 'denied', denial: { code: 'ORDER_NOT_OPEN' } });
  });

  it('of orders that end together writes each of them down, also those that leave memory at once', async () => {
    const gateway = await world.start();
    const account = await world.openAccount(gateway);
    const held = Array.from({ length: 700 }, () =>
      world.placeOrder({ terms: { type: 'STOP', stopPrice: '250', limitPrice: null, quantity: '1' } }),
    );
    for (let from = 0; from < held.length; from += 100) {
      await world.run(gateway.runtime.executeAll(account, held.slice(from, from + 100), world.meta()));
    }
    expect(world.order(account, held[0]?.orderId ?? '')?.lifecycle).toBe('HELD');
    const cancel = { kind: 'cancelAllOrders' as const, symbol: null, reason: null };
    const reply = await world.run(gateway.runtime.execute(account, cancel, world.meta()));
    expect(reply.orders).toHaveLength(held.length);
    const stored = [...(world.store.accounts.get(account)?.orders.values() ?? [])];
    expect(stored.filter(({ open }) => open)).toEqual([]);
    expect(stored.filter(({ record }) => record.doneReason === 'CANCELED')).toHaveLength(held.length);
  });
});
