import { beforeEach, describe, expect, it } from '@jest/globals';

import {
  createTradingWorld,
  type GatewayProcess,
  type TradingWorld,
} from '../../../support/trading-world.ts';

describe('what concerns all accounts', () => {
  let world: TradingWorld;
  let gateway: GatewayProcess;
  let account: string;

  beforeEach(async () => {
    world = createTradingWorld();
    gateway = await world.start();
    account = await world.openAccount(gateway);
  });

  it('the kill switch refuses orders and cancels the open ones, also after a restart', async () => {
    const command = world.placeOrder();
    await world.run(gateway.runtime.execute(account, command, world.meta()));
    world.trading = { state: 'HALTED', version: 2, cancelOpenOrders: true, reason: 'fire drill' };
    await world.clock.advance(3_000);
    expect(world.order(account, command.orderId)).toMatchObject({
      lifecycle: 'DONE',
      doneReason: 'CANCELED',
    });
    const denied = await world.run(gateway.runtime.execute(account, world.placeOrder(), world.meta()));
    expect(denied.result).toMatchObject({ kind: 'denied', denial: { code: 'TRADING_HALTED' } });
    gateway.kill();
    const next = await world.start('gateway-2');
    await world.clock.advance(10_000);
    const still = await world.run(next.runtime.execute(account, world.placeOrder(), world.meta()));
    expect(still.result).toMatchObject({ kind: 'denied', denial: { code: 'TRADING_HALTED' } });
  });

  it('a preview says what placing would come to, and changes nothing', async () => {
    const before = world.events(account).length;
    const good = await world.run(gateway.runtime.preview(account, world.placeOrder(), world.meta()));
    expect(good).toMatchObject({ denial: null, notional: '1800', positionAfter: '10' });
    const bad = await world.run(
      gateway.runtime.preview(account, world.placeOrder({ terms: { limitPrice: '180.001' } }), world.meta()),
    );
    expect(bad.denial?.code).toBe('PRICE_PRECISION');
    await expect(
      world.run(
        gateway.runtime.preview(
          account,
          { kind: 'cancelAllOrders', symbol: null, reason: null },
          world.meta(),
        ),
      ),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(world.events(account)).toHaveLength(before);
  });

  it('opening an account again changes nothing', async () => {
    const before = world.events(account).length;
    await world.openAccount(gateway, account);
    expect(
      world
        .events(account)
        .slice(before)
        .filter(({ event }) => event.type === 'ACCOUNT_OPENED'),
    ).toEqual([]);
    expect(world.store.accounts.get(account)?.balances.get('USD')?.total).toBe('1000000');
  });

  it('a new account is denied nothing because its venue has just been told of it', async () => {
    const opened = world.openAccount(gateway);
    const fresh = await world.run(opened);
    const reply = await world.run(gateway.runtime.execute(fresh, world.placeOrder(), world.meta()));
    expect(reply.result.kind).toBe('orderPlaced');
  });

  it('a commit is told to listeners here and to other processes, after the answer', async () => {
    const heard: string[] = [];
    const stop = gateway.runtime.onCommit((accountId, events) => {
      heard.push(...events.map(({ event }) => `${accountId} ${event.type}`));
    });
    gateway.runtime.onCommit(() => {
      throw new Error('a listener broke');
    });
    await world.run(
      gateway.runtime.execute(account, world.placeOrder(), world.meta()).then(() => heard.push('answered')),
    );
    await world.clock.advance(10);
    expect(heard).toEqual([
      `${account} INITIALIZED`,
      `${account} SUBMITTED`,
      'answered',
      `${account} ACCEPTED`,
    ]);
    stop();
  });
});
