import { beforeEach, describe, expect, it } from '@jest/globals';

import type { CommandReply } from '../../../../core/runtime/command-reply.ts';
import { DEFAULT_SETTINGS } from '../../../../core/runtime/runtime-settings.ts';
import {
  createTradingWorld,
  type GatewayProcess,
  openAccountCommand,
  type TradingWorld,
} from '../../../support/trading-world.ts';

const ACCOUNT = 'account-new';

describe('a new account', () => {
  let world: TradingWorld;
  let gateway: GatewayProcess;

  beforeEach(async () => {
    world = createTradingWorld();
    gateway = await world.start();
  });

  const open = () => gateway.runtime.execute(ACCOUNT, openAccountCommand(ACCOUNT), world.meta());
  const place = () => gateway.runtime.execute(ACCOUNT, world.placeOrder(), world.meta());
  const codeOf = ({ orders }: CommandReply) => orders[0]?.denial?.code ?? null;

  it('takes an order as soon as it is open, however long its venue needs to learn of it', async () => {
    world.venue.setUnreachable(true);
    await world.run(open());
    const order = place();
    await world.clock.advance(1_500);
    world.venue.setUnreachable(false);
    expect(codeOf(await world.run(order))).toBeNull();
    await world.clock.advance(10);
    expect(world.venue.arrived).toHaveLength(1);
  });

  it('is answered although its venue says nothing, and denies orders after a while', async () => {
    world.venue.setUnreachable(true);
    await world.run(open(), 40);
    const asked = world.clock.monotonic();
    expect(codeOf(await world.run(place()))).toBe('BROKER_NOT_READY');
    expect(world.clock.monotonic() - asked).toBeLessThanOrEqual(DEFAULT_SETTINGS.admitAfterMs + 20);
  });

  it('is unknown to its venue until it is durable, and takes orders at once then', async () => {
    const attached: string[] = [];
    world.venue.onAttach = (account) => void attached.push(account);
    const release = world.journal.hold();
    const opened = open();
    await world.clock.advance(1_000);
    expect(attached).toEqual([]);
    release();
    await world.run(opened);
    const asked = world.clock.monotonic();
    expect(codeOf(await world.run(place()))).toBeNull();
    expect(world.clock.monotonic() - asked).toBeLessThan(100);
    expect(attached).toEqual([ACCOUNT]);
  });

  it('whose opening failed can be opened again', async () => {
    world.journal.failNext('fail');
    await expect(world.run(open())).rejects.toMatchObject({ outcome: 'NOT_PLACED' });
    await expect(world.run(place())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await world.run(open());
    expect(codeOf(await world.run(place()))).toBeNull();
  });

  it('whose opening was committed without an answer takes orders, too', async () => {
    world.journal.failNext('unknown-committed');
    await expect(world.run(open())).rejects.toMatchObject({ outcome: 'UNKNOWN' });
    expect(codeOf(await world.run(place()))).toBeNull();
  });

  it('whose gateway died between directory and journal is nowhere, and the request works again', async () => {
    gateway.dieAt('journal.before-append');
    void open().catch(() => undefined);
    await world.clock.advance(1_000);
    expect(gateway.isDead).toBe(true);
    expect(world.store.directory.has(ACCOUNT)).toBe(true);
    expect(world.store.accounts.has(ACCOUNT)).toBe(false);

    gateway = await world.start('gateway-2');
    await world.clock.advance(20_000);
    expect(gateway.logs).toEqual([]);
    expect(gateway.runtime.status()).toMatchObject({ accounts: 0, broken: [] });
    await expect(world.run(place())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await world.run(open());
    expect(codeOf(await world.run(place()))).toBeNull();
    expect(world.events(ACCOUNT)[0]).toMatchObject({ seq: 1, event: { type: 'ACCOUNT_OPENED' } });
  });
});
