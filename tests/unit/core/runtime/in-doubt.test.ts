import { beforeEach, describe, expect, it } from '@jest/globals';

import {
  createTradingWorld,
  type GatewayProcess,
  type TradingWorld,
} from '../../../support/trading-world.ts';

describe('orders whose state at the venue is not known', () => {
  let world: TradingWorld;
  let gateway: GatewayProcess;
  let account: string;

  beforeEach(async () => {
    world = createTradingWorld();
    gateway = await world.start();
    account = await world.openAccount(gateway);
  });

  async function place(): Promise<string> {
    const command = world.placeOrder();
    await world.run(gateway.runtime.execute(account, command, world.meta()));
    return command.orderId;
  }

  async function cancel(orderId: string): Promise<void> {
    await world.run(
      gateway.runtime.execute(account, { kind: 'cancelOrder', orderId, reason: null }, world.meta()),
    );
  }

  const lifecycle = (orderId: string): string | undefined => world.order(account, orderId)?.lifecycle;
  const arrivals = (kind: string): number => world.venue.arrived.filter((each) => each.kind === kind).length;

  it('are found by lookup when the answer was lost and the order had landed', async () => {
    world.venue.script('submit', 'unanswered');
    const orderId = await place();
    await world.clock.advance(8_000);
    expect(lifecycle(orderId)).toBe('WORKING');
    expect(arrivals('submit')).toBe(1);
  });

  it('stay in doubt, with their reservation, while the venue cannot be asked', async () => {
    world.venue.capabilities = { ...world.venue.capabilities, refusesDuplicates: false };
    world.venue.script('submit', 'lost');
    const orderId = await place();
    world.venue.setUnreachable(true);
    await world.clock.advance(60_000);
    expect(lifecycle(orderId)).toBe('IN_DOUBT');
    expect(world.store.accounts.get(account)?.row?.reservedNotional).toEqual({ USD: '1800' });
    expect(gateway.runtime.status().brokers[0]).toMatchObject({ inDoubt: 1 });
    world.venue.setUnreachable(false);
    await world.clock.advance(30_000);
    expect(lifecycle(orderId)).toBe('DONE');
    expect(world.order(account, orderId)?.doneReason).toBe('REJECTED');
    expect(world.store.accounts.get(account)?.row?.reservedNotional).toEqual({});
  });

  it('are sent again once, under the same id, while young and to a venue that refuses duplicates', async () => {
    const quick = await restart({ requestTimeoutMs: 1_000 });
    gateway = quick;
    world.venue.script('submit', 'lost');
    const orderId = await place();
    await world.clock.advance(3_000);
    expect(lifecycle(orderId)).toBe('WORKING');
    expect(world.venue.arrived.map(({ venueOrderId }) => venueOrderId)).toEqual([`oq-${orderId}-0`]);
  });

  it('are not sent again when they are older than five seconds', async () => {
    gateway = await restart({ requestTimeoutMs: 1_000 });
    world.venue.script('submit', ...Array.from({ length: 50 }, () => 'lost' as const));
    const orderId = await place();
    const since = world.clock.now();
    await world.clock.advance(60_000);
    expect(world.order(account, orderId)).toMatchObject({ lifecycle: 'DONE', doneReason: 'REJECTED' });
    const sent = world.events(account).filter(({ event }) => event.type === 'SUBMITTED');
    expect(sent.length).toBeGreaterThan(1);
    // The age counts from the first sending on.
    expect(Math.max(...sent.map(({ recordedAt }) => recordedAt))).toBeLessThan(since + 5_000);
  });

  it('are never sent again to a venue that may take them twice, and are given up after the evidence', async () => {
    world.venue.capabilities = { ...world.venue.capabilities, refusesDuplicates: false };
    gateway = await restart({ requestTimeoutMs: 1_000 });
    world.venue.script('submit', 'lost');
    const orderId = await place();
    await world.clock.advance(5_000);
    expect(lifecycle(orderId)).toBe('IN_DOUBT');
    await world.clock.advance(30_000);
    expect(world.order(account, orderId)).toMatchObject({ lifecycle: 'DONE', doneReason: 'REJECTED' });
    expect(world.venue.arrived).toEqual([]);
    expect(world.events(account).at(-1)?.event).toBeDefined();
  });

  it('are not given up before the time in which they may still appear is over', async () => {
    world.venue.capabilities = { ...world.venue.capabilities, refusesDuplicates: false, settleMs: 20_000 };
    gateway = await restart({ requestTimeoutMs: 1_000 });
    world.venue.script('submit', 'lost');
    const orderId = await place();
    await world.clock.advance(25_000);
    expect(lifecycle(orderId)).toBe('IN_DOUBT');
    await world.clock.advance(15_000);
    expect(lifecycle(orderId)).toBe('DONE');
  });

  it('book a fill that comes after they were given up', async () => {
    world.venue.capabilities = { ...world.venue.capabilities, refusesDuplicates: false };
    gateway = await restart({ requestTimeoutMs: 1_000 });
    world.venue.script('submit', 'late');
    const orderId = await place();
    await world.clock.advance(3_000);
    world.venue.fill(`oq-${orderId}-0`, '10', '180');
    await world.clock.advance(1_000);
    expect(world.order(account, orderId)).toMatchObject({
      lifecycle: 'DONE',
      doneReason: 'FILLED',
      filledQuantity: '10',
    });
  });

  it('settle a cancel whose request was lost by asking again', async () => {
    const orderId = await place();
    await world.clock.advance(100);
    world.venue.script('cancel', 'lost');
    await cancel(orderId);
    expect(world.order(account, orderId)).toMatchObject({ lifecycle: 'WORKING', pendingCancel: true });
    await world.clock.advance(25_000);
    expect(world.order(account, orderId)).toMatchObject({ lifecycle: 'DONE', doneReason: 'CANCELED' });
    expect(arrivals('cancel')).toBe(1);
  });

  it('settle a cancel whose end the stream did not tell', async () => {
    const orderId = await place();
    await world.clock.advance(100);
    world.venue.script('cancel', 'silent');
    await cancel(orderId);
    await world.clock.advance(10_000);
    expect(world.order(account, orderId)).toMatchObject({ lifecycle: 'DONE', doneReason: 'CANCELED' });
  });

  it('ask again for a cancel only once it is in the journal', async () => {
    gateway = await restart({ requestTimeoutMs: 1_000 });
    const orderId = await place();
    await world.clock.advance(100);
    world.venue.script('replace', 'silent');
    const replace = { kind: 'replaceOrder' as const, orderId, requestId: 'r-1', limitPrice: '175' };
    await world.run(gateway.runtime.execute(account, replace, world.meta()));
    const release = world.journal.hold();
    const canceled = cancel(orderId);
    await world.clock.advance(4_000);
    expect(arrivals('cancel')).toBe(0);
    release();
    await world.clock.advance(4_000);
    await canceled;
    expect(world.order(account, orderId)).toMatchObject({ lifecycle: 'DONE', doneReason: 'CANCELED' });
  });

  it('settle a replace that never arrived: the old terms go on', async () => {
    const orderId = await place();
    await world.clock.advance(100);
    world.venue.script('replace', 'lost');
    const replace = { kind: 'replaceOrder' as const, orderId, requestId: 'r-1', limitPrice: '175' };
    await world.run(gateway.runtime.execute(account, replace, world.meta()));
    await world.clock.advance(40_000);
    expect(world.order(account, orderId)).toMatchObject({
      lifecycle: 'WORKING',
      limitPrice: '180',
      pendingReplace: null,
    });
    expect(world.events(account).map(({ event }) => event.type)).toContain('REPLACE_REJECTED');
  });

  it('settle a replace that arrived and was not answered: the new terms work', async () => {
    const orderId = await place();
    await world.clock.advance(100);
    world.venue.script('replace', 'silent');
    const replace = { kind: 'replaceOrder' as const, orderId, requestId: 'r-1', limitPrice: '175' };
    await world.run(gateway.runtime.execute(account, replace, world.meta()));
    await world.clock.advance(15_000);
    expect(world.order(account, orderId)).toMatchObject({
      lifecycle: 'WORKING',
      limitPrice: '175',
      revision: 1,
      pendingReplace: null,
    });
  });

  it('find fills that the stream did not bring, after a loss of the connection', async () => {
    const orderId = await place();
    await world.clock.advance(100);
    world.venue.setReady(false);
    world.venue.fill(`oq-${orderId}-0`, '4', '180', { silent: true });
    await world.clock.advance(1_000);
    const denied = await world.run(gateway.runtime.execute(account, world.placeOrder(), world.meta()));
    expect(denied.result).toMatchObject({ kind: 'denied', denial: { code: 'BROKER_NOT_READY' } });
    world.venue.setReady(true);
    await world.clock.advance(1_000);
    expect(world.order(account, orderId)).toMatchObject({ lifecycle: 'WORKING', filledQuantity: '4' });
  });

  it('notice an order that the venue has lost, and one whose end was not told', async () => {
    const orderId = await place();
    await world.clock.advance(100);
    const there = world.venue.orders.get(`oq-${orderId}-0`);
    if (there !== undefined) {
      there.status = 'CANCELED';
    }
    await world.clock.advance(40_000);
    expect(world.order(account, orderId)).toMatchObject({ lifecycle: 'DONE', doneReason: 'CANCELED' });
  });

  async function restart(times: { requestTimeoutMs: number }): Promise<GatewayProcess> {
    gateway.kill();
    const { DEFAULT_SETTINGS } = await import('../../../../core/runtime/runtime-settings.ts');
    const next = await world.start('gateway-2', { broker: { ...DEFAULT_SETTINGS.broker, ...times } });
    await world.clock.advance(10_000);
    world.venue.quote('AAPL', '190.00', '190.02');
    return next;
  }
});
