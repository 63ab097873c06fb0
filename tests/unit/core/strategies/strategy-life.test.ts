import { beforeEach, describe, expect, it } from '@jest/globals';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import { apply } from '../../../../core/engine/apply.ts';
import { createAccountState } from '../../../../core/engine/initial-state.ts';
import type { StrategyState } from '../../../../core/strategies/strategy-state.ts';
import { createStrategyWorld, orderEachBar, type StrategyWorld } from '../../../support/strategy-world.ts';
import type { GatewayProcess } from '../../../support/trading-world.ts';
import { forget, said, STRATEGIES } from './lived-strategies.ts';

describe('the life of a strategy', () => {
  let world: StrategyWorld;
  let gateway: GatewayProcess;
  let account: string;
  let notices: string[];

  const listen = (process: GatewayProcess): void => {
    process.bus.subscribe('strategyEvent', ({ level, message }) => notices.push(`${level} ${message}`));
  };

  beforeEach(async () => {
    forget();
    notices = [];
    world = await createStrategyWorld(STRATEGIES);
    gateway = await world.start();
    listen(gateway);
    account = await world.openAccount(gateway);
  });

  const start = (strategy: string): Promise<string> => world.startStrategy(gateway, account, strategy);

  const stop = async (strategyId: string, cancelOpenOrders = true): Promise<void> => {
    const command = { kind: 'stopStrategy', strategyId, cancelOpenOrders } as const;
    await world.run(gateway.runtime.execute(account, command, world.meta()));
    await world.clock.advance(500);
  };

  const stateOf = (id: string): StrategyState => world.strategy(account, id);

  const alerts = (): readonly string[] =>
    world.events(account).flatMap(({ event }) => (event.type === 'RISK_ALERT' ? [event.code] : []));

  it('begins again from what was saved when it throws, and takes the bar that it failed at anew', async () => {
    const id = await start('fails-twice');
    await world.minutes(8);
    const bars = world.refs(account, id).map((ref) => Number(ref.slice(4)) / 60_000);
    expect(bars.length).toBeGreaterThanOrEqual(7);
    expect(bars).toEqual(bars.map((_, index) => (bars[0] ?? 0) + index));
    expect(stateOf(id)).toMatchObject({ status: 'RUNNING', restarts: 2, error: 'on bar: a bug' });
    expect(alerts().filter((code) => code === 'STRATEGY_RESTARTED')).toHaveLength(2);
  });

  it('is stopped for good when it goes on failing, and others go on', async () => {
    const id = await start('always-fails');
    const other = await start('order-each-bar');
    await world.minutes(9);
    expect(stateOf(id)).toMatchObject({ status: 'FAILED', restarts: 5, error: 'on bar: never right' });
    expect(alerts()).toContain('STRATEGY_FAILED');
    expect(world.refs(account, other).length).toBeGreaterThanOrEqual(8);
  });

  it('ends at once when no plugin has it', async () => {
    const id = await start('of-nobody');
    await world.clock.advance(2_000);
    expect(stateOf(id)).toMatchObject({ status: 'FAILED', restarts: 0 });
  });

  it('that has begun waits for its plugin, when a gateway is started without it', async () => {
    const id = await start('order-each-bar');
    await world.minutes(3);
    gateway.kill();
    const found = STRATEGIES.indexOf(orderEachBar);
    const [plugin] = STRATEGIES.splice(found, 1);
    gateway = await world.start('gateway-2');
    await world.minutes(12);
    expect(stateOf(id)).toMatchObject({ status: 'RUNNING', restarts: 1 });
    STRATEGIES.push(plugin!);
    await world.minutes(3);
    const bars = world.refs(account, id).map((ref) => Number(ref.slice(4)) / 60_000);
    expect(bars.length).toBeGreaterThanOrEqual(15);
    expect(bars).toEqual(bars.map((_, index) => (bars[0] ?? 0) + index));
  });

  it('hears of each of its fills once, and its last wishes and its end are one commit', async () => {
    const id = await start('counts-fills');
    await world.minutes(1);
    expect(notices.filter((text) => text.includes('fill'))).toEqual([
      'INFO fill one 2, 4 held',
      'INFO fill two 2, 4 held',
    ]);
    expect(said.filter((text) => text.startsWith('one'))).toEqual([
      'one SUBMITTED',
      'one WORKING',
      'one FILLED',
    ]);
    await stop(id);
    expect(notices).toContain('INFO stopped with 2 fills and 4');
    await world.minutes(1);
    const ended = stateOf(id);
    expect(ended).toMatchObject({ status: 'STOPPED', error: null });
    expect(ended.holdings.get('AAPL')?.quantity).toBe(0n);
  });

  it('does not hear of a fill again after its gateway was killed', async () => {
    const id = await start('counts-fills');
    await world.minutes(1);
    gateway.kill();
    gateway = await world.start('gateway-2');
    listen(gateway);
    await world.clock.advance(10_000);
    await stop(id);
    expect(notices).toContain('INFO stopped with 2 fills and 4');
  });

  it('takes the exits of a bracket along when it closes, though the account holds more', async () => {
    const id = await start('counts-fills');
    await start('closes-bracket');
    await world.minutes(6);
    expect(world.strategy(account, id).status).toBe('RUNNING');
    const state = createAccountState(account);
    for (const event of world.events(account)) apply(state, event);
    expect([...state.openOrderIds].map((open) => state.orders.get(open)?.role)).toEqual([]);
    expect(formatDecimal(state.positions.get('AAPL')?.quantity ?? 0n)).toBe('4');
  });

  it('can tell bars that it missed and that newer ones follow from the newest', async () => {
    const id = await world.startStrategy(gateway, account, 'tells-outdated');
    await world.minutes(3);
    gateway.kill();
    await world.minutes(4);
    said.length = 0;
    await world.start('gateway-2');
    await world.clock.advance(8_000);
    await world.minutes(2);
    expect(world.strategy(account, id).status).toBe('RUNNING');
    const outdated = said.filter((line) => line === 'outdated');
    expect(outdated.length).toBeGreaterThanOrEqual(3);
    expect(said).toEqual([...outdated, ...said.slice(outdated.length).map(() => 'newest')]);
    expect(said.length - outdated.length).toBeGreaterThanOrEqual(2);
  });

  it('keeps its timers over a kill, and they ring once', async () => {
    const id = await start('waits');
    await world.minutes(3);
    gateway.kill();
    gateway = await world.start('gateway-2');
    await world.minutes(9);
    gateway.kill();
    gateway = await world.start('gateway-3');
    await world.minutes(2);
    expect(world.refs(account, id)).toEqual(['resting', 'timer-later']);
  });

  it('leaves its orders or takes them along when it is stopped', async () => {
    for (const [cancels, status] of [
      [true, 'DONE'],
      [false, 'WORKING'],
    ] as const) {
      const id = await start('waits');
      await world.minutes(1);
      await stop(id, cancels);
      const placed = world
        .events(account)
        .flatMap(({ event }) =>
          event.type === 'STRATEGY_STEPPED' && event.strategyId === id ? event.refs : [],
        );
      const [orderId = ''] = placed.find(([, ref]) => ref === 'resting') ?? [];
      expect(world.order(account, orderId)).toMatchObject({ lifecycle: status });
      await stop(id, cancels);
    }
  });

  it('is warmed up with bars of the past before it begins, and what it wished then is not heard', async () => {
    await world.minutes(20);
    await start('warms-up');
    await world.minutes(2);
    // The last bars of the past, not its first: none of it is left to be caught up with.
    expect(notices.slice(0, 2)).toEqual(['INFO began after 3 bars', 'INFO bar 4']);
    expect(notices.length).toBeLessThanOrEqual(4);
  });

  it('hears of orders that were not taken, whether the journal has them or not', async () => {
    await start('asks-for-too-much');
    await world.clock.advance(1_000);
    expect(said).toEqual(expect.arrayContaining(['nothing DENIED', 'huge DENIED']));
  });
});
