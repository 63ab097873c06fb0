import { beforeEach, describe, expect, it } from '@jest/globals';

import { UnavailableError } from '../../../../core/runtime/command-reply.ts';
import {
  createTradingWorld,
  type GatewayProcess,
  type TradingWorld,
} from '../../../support/trading-world.ts';

describe('the order path', () => {
  let world: TradingWorld;
  let gateway: GatewayProcess;
  let account: string;

  beforeEach(async () => {
    world = createTradingWorld();
    gateway = await world.start();
    account = await world.openAccount(gateway);
  });

  const typesOf = (accountId: string): string[] => world.events(accountId).map(({ event }) => event.type);

  it('takes an order to its fill, durable before it is acknowledged and sent', async () => {
    const command = world.placeOrder();
    const reply = await world.run(gateway.runtime.execute(account, command, world.meta()));
    expect(reply.result).toEqual({ kind: 'orderPlaced', orderId: command.orderId, replayed: false });
    expect(reply.orders[0]).toMatchObject({ id: command.orderId, lifecycle: 'SUBMITTED' });
    await world.clock.advance(10);
    expect(world.venue.arrived).toEqual([
      expect.objectContaining({ kind: 'submit', venueOrderId: `oq-${command.orderId}-0` }),
    ]);

    world.venue.fill(`oq-${command.orderId}-0`, '10', '180');
    await world.clock.advance(10);
    expect(typesOf(account).slice(-4)).toEqual(['INITIALIZED', 'SUBMITTED', 'ACCEPTED', 'FILLED']);
    expect(world.order(account, command.orderId)).toMatchObject({
      lifecycle: 'DONE',
      doneReason: 'FILLED',
      filledQuantity: '10',
    });
    expect(world.store.accounts.get(account)?.positions.get('AAPL')).toMatchObject({
      quantity: '10',
      cost: '1800',
    });
    expect(world.store.accounts.get(account)?.balances.get('USD')?.total).toBe('998200');
  });

  it('neither acknowledges nor sends before the commit', async () => {
    const release = world.journal.hold();
    let isAnswered = false;
    const reply = gateway.runtime
      .execute(account, world.placeOrder(), world.meta())
      .finally(() => (isAnswered = true));
    await world.clock.advance(2_000);
    expect(isAnswered).toBe(false);
    expect(world.venue.arrived).toEqual([]);
    release();
    await world.run(reply);
    await world.clock.advance(10);
    expect(world.venue.arrived).toHaveLength(1);
  });

  it('discards what did not commit, says so, and goes on from the journal', async () => {
    const failed = world.placeOrder();
    world.journal.failNext('fail');
    await expect(world.run(gateway.runtime.execute(account, failed, world.meta()))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      outcome: 'NOT_PLACED',
    });
    expect(world.order(account, failed.orderId)).toBeUndefined();
    expect(world.venue.arrived).toEqual([]);

    const next = world.placeOrder();
    const reply = await world.run(gateway.runtime.execute(account, next, world.meta()));
    expect(reply.result.kind).toBe('orderPlaced');
    const sequences = world.events(account).map(({ seq }) => seq);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  });

  it.each(['unknown-committed', 'unknown-lost'] as const)(
    'answers UNKNOWN when the commit is (%s), and the truth when asked again with the same id',
    async (fault) => {
      const command = world.placeOrder();
      world.journal.failNext(fault);
      await expect(world.run(gateway.runtime.execute(account, command, world.meta()))).rejects.toMatchObject({
        outcome: 'UNKNOWN',
      });
      const again = { ...command, orderId: 'another', takeProfitId: 'a', stopLossId: 'b' };
      const reply = await world.run(gateway.runtime.execute(account, again, world.meta()));
      const isThere = fault === 'unknown-committed';
      expect(reply.result).toEqual({
        kind: 'orderPlaced',
        orderId: isThere ? command.orderId : 'another',
        replayed: isThere,
      });
      await world.clock.advance(15_000);
      const submits = world.venue.arrived.filter(({ kind }) => kind === 'submit');
      expect(submits).toHaveLength(1);
      expect(world.order(account, isThere ? command.orderId : 'another')?.lifecycle).toBe('WORKING');
    },
  );

  it('gives 50 parallel submissions of one client order id one order and 50 equal answers', async () => {
    const command = world.placeOrder();
    const replies = await world.run(
      Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          gateway.runtime.execute(
            account,
            { ...command, orderId: `${command.orderId}-${String(index)}` },
            world.meta(),
          ),
        ),
      ),
    );
    const [first] = replies;
    expect(new Set(replies.map(({ result }) => ('orderId' in result ? result.orderId : null))).size).toBe(1);
    expect(replies.filter(({ result }) => 'replayed' in result && !result.replayed)).toHaveLength(1);
    for (const reply of replies) {
      expect(reply.orders).toEqual(first?.orders);
    }
    await world.clock.advance(100);
    expect(world.venue.arrived).toHaveLength(1);
  });

  it('keeps a repeated request waiting until the first one is durable', async () => {
    const command = world.placeOrder();
    const release = world.journal.hold();
    const first = gateway.runtime.execute(account, command, world.meta());
    await world.clock.advance(20);
    let isAnswered = false;
    const second = gateway.runtime.execute(account, command, world.meta()).finally(() => (isAnswered = true));
    await world.clock.advance(200);
    expect(isAnswered).toBe(false);
    release();
    const replies = await world.run(Promise.all([first, second]));
    expect(replies.map(({ result }) => 'replayed' in result && result.replayed)).toEqual([false, true]);
  });

  it('refuses what finds the mailbox full, with no effect', async () => {
    const small = await openWith({ mailbox: { client: 5, system: 100 }, batch: { works: 1, events: 1 } });
    const release = world.journal.hold();
    const commands = Array.from({ length: 12 }, () => world.placeOrder());
    const answers = Promise.allSettled(
      commands.map((command) => small.runtime.execute(account, command, world.meta())),
    );
    await world.clock.advance(50);
    release();
    const settled = await world.run(answers);
    const refused = settled.flatMap((each, index) =>
      each.status === 'rejected' ? [{ error: each.reason as unknown, index }] : [],
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(12);
    for (const { error, index } of refused) {
      expect(error).toBeInstanceOf(UnavailableError);
      expect(error).toMatchObject({ outcome: 'NOT_PLACED' });
      expect(world.order(account, commands[index]?.orderId ?? '')).toBeUndefined();
    }
  });

  it('drops commands whose deadline has passed before the journal', async () => {
    const release = world.journal.hold();
    const first = gateway.runtime.execute(account, world.placeOrder(), world.meta());
    await world.clock.advance(20);
    const late = world.placeOrder();
    const dropped = gateway.runtime.execute(
      account,
      late,
      world.meta({ deadline: world.clock.now() + 1_000 }),
    );
    dropped.catch(() => undefined);
    const patient = world.placeOrder();
    const kept = gateway.runtime.execute(
      account,
      patient,
      world.meta({ deadline: world.clock.now() + 30_000 }),
    );
    await world.clock.advance(5_000);
    release();
    await world.run(first);
    await expect(world.run(dropped)).rejects.toMatchObject({ outcome: 'NOT_PLACED' });
    expect((await world.run(kept)).result.kind).toBe('orderPlaced');
    await world.clock.advance(1_000);
    expect(world.order(account, late.orderId)).toBeUndefined();
    expect(world.order(account, patient.orderId)).toBeDefined();
  });

  it('makes commands given together durable in one commit, each with its answer', async () => {
    const before = world.journal.appends;
    const commands = [
      world.placeOrder(),
      world.placeOrder({ terms: { limitPrice: '180.001' } }),
      { kind: 'cancelOrder' as const, orderId: 'nowhere', reason: null },
      world.placeOrder(),
    ];
    const release = world.journal.hold();
    const answers = gateway.runtime.executeAll(account, commands, world.meta());
    await world.clock.advance(10);
    expect(world.journal.appends).toBe(before + 1);
    release();
    const replies = await world.run(answers);
    expect(replies.map(({ result }) => result.kind)).toEqual([
      'orderPlaced',
      'denied',
      'denied',
      'orderPlaced',
    ]);
    const ours = world.events(account).filter(({ event }) => event.type === 'SUBMITTED');
    expect(ours).toHaveLength(2);
  });

  it('puts every step into one trace with the request', async () => {
    const request = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const command = world.placeOrder();
    await world.run(gateway.runtime.execute(account, command, world.meta({ traceparent: request })));
    await world.clock.advance(10);
    world.venue.fill(`oq-${command.orderId}-0`, '10', '180');
    await world.clock.advance(10);
    const mine = gateway.spans.filter(({ traceparent }) => traceparent.includes('a'.repeat(32)));
    expect(mine.map(({ name }) => name)).toEqual([
      'order.risk',
      'order.journal',
      'broker.submit',
      'broker.ack',
      'order.fill',
    ]);
    expect(mine.filter(({ isEnded }) => !isEnded)).toEqual([]);
    expect(world.order(account, command.orderId)?.traceId).toBe('a'.repeat(32));
  });

  async function openWith(settings: Parameters<TradingWorld['start']>[1]): Promise<GatewayProcess> {
    world = createTradingWorld();
    const started = await world.start('gateway-1', settings);
    account = await world.openAccount(started);
    return started;
  }
});
