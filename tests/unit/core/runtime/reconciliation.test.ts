import { beforeEach, describe, expect, it } from '@jest/globals';

import { DEFAULT_SETTINGS } from '../../../../core/runtime/runtime-settings.ts';
import {
  createTradingWorld,
  type GatewayProcess,
  type TradingWorld,
} from '../../../support/trading-world.ts';

describe('positions and cash against the broker', () => {
  let world: TradingWorld;
  let gateway: GatewayProcess;
  let account: string;

  beforeEach(async () => {
    world = createTradingWorld();
    gateway = await world.start();
    account = await world.openAccount(gateway);
    const command = world.placeOrder();
    await world.run(gateway.runtime.execute(account, command, world.meta()));
    await world.clock.advance(100);
    world.venue.fill(`oq-${command.orderId}-0`, '10', '180');
    await world.clock.advance(1_000);
  });

  const types = (): string[] => world.events(account).map(({ event }) => event.type);

  it('agree after a fill, and stay silent', async () => {
    await world.clock.advance(60_000);
    expect(types()).not.toContain('MISMATCH_FOUND');
  });

  it('that differ for shorter than the grace are no mismatch, however often they are looked at', async () => {
    gateway.kill();
    const broker = { ...DEFAULT_SETTINGS.broker, reconcileEveryMs: 500 };
    gateway = await world.start('gateway-2', { broker });
    await world.clock.advance(10_000);
    world.venue.adjustPosition(account, 'AAPL', '5');
    await world.clock.advance(9_000);
    world.venue.adjustPosition(account, 'AAPL', '-5');
    await world.clock.advance(60_000);
    expect(types()).not.toContain('MISMATCH_FOUND');
    world.venue.adjustPosition(account, 'AAPL', '5');
    await world.clock.advance(12_000);
    expect(types()).toContain('MISMATCH_FOUND');
  });

  it('whose difference changes are given time anew', async () => {
    for (let look = 0; look < 8; look += 1) {
      world.venue.adjustPosition(account, 'AAPL', '1');
      await world.clock.advance(5_000);
    }
    expect(types()).not.toContain('MISMATCH_FOUND');
  });

  it('that differ for longer block entries and raise the alarm, once, and clear when they agree again', async () => {
    world.venue.adjustPosition(account, 'AAPL', '5');
    await world.clock.advance(60_000);
    expect(types().filter((type) => type === 'MISMATCH_FOUND')).toHaveLength(1);
    // Never a silent overwrite.
    expect(world.store.accounts.get(account)?.positions.get('AAPL')?.quantity).toBe('10');
    const denied = await world.run(gateway.runtime.execute(account, world.placeOrder(), world.meta()));
    expect(denied.result).toMatchObject({ kind: 'denied', denial: { code: 'RECONCILING' } });

    world.venue.adjustPosition(account, 'AAPL', '-5');
    await world.clock.advance(20_000);
    expect(types().filter((type) => type === 'MISMATCH_CLEARED')).toHaveLength(1);
    const placed = await world.run(gateway.runtime.execute(account, world.placeOrder(), world.meta()));
    expect(placed.result.kind).toBe('orderPlaced');
  });

  it('are not compared while something is under way', async () => {
    world.venue.script('submit', 'lost');
    world.venue.setUnreachable(true);
    await world.run(gateway.runtime.execute(account, world.placeOrder(), world.meta()));
    world.venue.adjustPosition(account, 'AAPL', '5');
    await world.clock.advance(30_000);
    expect(types()).not.toContain('MISMATCH_FOUND');
  });

  it('find a fill of which no message came before they are compared', async () => {
    const command = world.placeOrder();
    await world.run(gateway.runtime.execute(account, command, world.meta()));
    await world.clock.advance(100);
    world.venue.fill(`oq-${command.orderId}-0`, '10', '180', { silent: true });
    await world.clock.advance(30_000);
    expect(world.order(account, command.orderId)).toMatchObject({ lifecycle: 'DONE', doneReason: 'FILLED' });
    expect(types()).not.toContain('MISMATCH_FOUND');
  });
});
