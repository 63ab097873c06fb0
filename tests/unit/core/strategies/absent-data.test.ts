import { beforeEach, describe, expect, it } from '@jest/globals';

import { createStrategyWorld, orderEachBar, type StrategyWorld } from '../../../support/strategy-world.ts';
import type { GatewayProcess } from '../../../support/trading-world.ts';

const NO_BARS =
  'it waits for market data: the bars could not be had from the source: the feed does not have AAPL';

describe('a strategy whose market data cannot be had', () => {
  let world: StrategyWorld;
  let gateway: GatewayProcess;
  let account: string;

  beforeEach(async () => {
    world = await createStrategyWorld([orderEachBar]);
    gateway = await world.start();
    account = await world.openAccount(gateway);
  });

  const alerts = (): readonly string[] =>
    world
      .events(account)
      .flatMap(({ event }) =>
        event.type === 'RISK_ALERT' && event.code.startsWith('STRATEGY_') ? [event.code] : [],
      );

  it('waits from its start on, with one alert, and begins when they are there', async () => {
    await world.minutes(3);
    world.venue.barsProblem = 'the feed does not have AAPL';
    const id = await world.startStrategy(gateway, account, 'order-each-bar', { warmup: 2 });
    await world.minutes(30);
    expect(world.strategy(account, id)).toMatchObject({ status: 'RUNNING', restarts: 1, error: NO_BARS });
    expect(alerts()).toEqual(['STRATEGY_RESTARTED']);
    world.venue.barsProblem = null;
    await world.minutes(4);
    expect(world.strategy(account, id)).toMatchObject({ status: 'RUNNING', restarts: 1 });
    expect(world.refs(account, id).length).toBeGreaterThanOrEqual(2);
  });

  it('waits after a restart of its gateway, and leaves no bar out', async () => {
    const id = await world.startStrategy(gateway, account, 'order-each-bar');
    await world.minutes(3);
    gateway.kill();
    world.venue.barsProblem = 'the feed does not have AAPL';
    await world.start('gateway-2');
    await world.minutes(15);
    expect(world.strategy(account, id)).toMatchObject({ status: 'RUNNING', restarts: 1, error: NO_BARS });
    world.venue.barsProblem = null;
    await world.minutes(3);
    const bars = world.refs(account, id).map((ref) => Number(ref.slice(4)) / 60_000);
    expect(bars.length).toBeGreaterThanOrEqual(18);
    expect(bars).toEqual(bars.map((_, index) => (bars[0] ?? 0) + index));
  });

  it('is stopped at once while it waits', async () => {
    world.venue.barsProblem = 'the feed does not have AAPL';
    const id = await world.startStrategy(gateway, account, 'order-each-bar', { warmup: 2 });
    await world.minutes(10);
    const stop = { kind: 'stopStrategy', strategyId: id, cancelOpenOrders: true } as const;
    await world.run(gateway.runtime.execute(account, stop, world.meta()));
    await world.clock.advance(500);
    expect(world.strategy(account, id)).toMatchObject({ status: 'STOPPED' });
  });
});
