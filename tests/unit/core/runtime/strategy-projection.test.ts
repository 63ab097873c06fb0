import { describe, expect, it } from '@jest/globals';

import type { ReadModelChanges } from '../../../../core/ports/read-model.ts';
import { projectChanges } from '../../../../core/runtime/projection.ts';
import type { StrategyPosition, StrategyTerms } from '../../../../core/strategies/strategy-event.ts';
import { EngineFixture, MARKET } from '../../../support/engine-fixture.ts';
import { createStrategyWorld, orderEachBar } from '../../../support/strategy-world.ts';

const TERMS: StrategyTerms = {
  ...{ strategyId: 's-1', strategy: 'sma-cross', symbols: ['AAPL'], interval: 'MINUTE_1' },
  ...{ config: { fast: 10 }, seed: 's-1' },
};

const BEGUN: StrategyPosition = { started: true, seq: 3, half: null, bars: {}, timers: {} };

/** An account of which each command is a batch. */
function account() {
  const engine = new EngineFixture();
  let projected = engine.journal.length;
  return {
    engine,
    /** Rows of everything since the last call. */
    changes(): ReadModelChanges {
      const events = engine.journal.slice(projected);
      projected = engine.journal.length;
      const { orders, strategies } = engine.state;
      return projectChanges(
        engine.state,
        events,
        (id) => orders.get(id),
        (id) => strategies.get(id),
      );
    },
    started() {
      engine.run({ kind: 'startStrategy', terms: TERMS });
      return this.changes();
    },
  };
}

describe('the row of a strategy', () => {
  it('comes with its start, which is an act of whoever asked', () => {
    const { engine, ...own } = account();
    const { strategies, audits } = own.started();
    const { seq, recordedAt, at } = engine.journal.at(-1)!;
    expect(strategies).toEqual([
      {
        strategyId: 's-1',
        accountId: 'A1',
        strategy: 'sma-cross',
        symbols: ['AAPL'],
        interval: 'MINUTE_1',
        config: { fast: 10 },
        status: 'STARTING',
        error: null,
        startedAt: recordedAt,
        stoppedAt: null,
        realizedPnl: '0',
        restarts: 0,
        startedSeq: seq,
      },
    ]);
    expect(audits).toEqual([
      {
        ...{ seq, at, actor: 'user:1', action: 'startStrategy', target: 's-1' },
        details: { strategy: 'sma-cross', symbols: ['AAPL'], interval: 'MINUTE_1', config: { fast: 10 } },
      },
    ]);
  });

  it('follows its life, one row a batch', () => {
    const { engine, ...own } = account();
    const { startedSeq } = own.started().strategies[0]!;
    engine.run({
      ...{ kind: 'stepStrategy', strategyId: 's-1', step: 1, position: BEGUN, saved: '{}', refs: [] },
    });
    engine.run({ kind: 'restartStrategy', strategyId: 's-1', error: 'it threw' });
    const running = own.changes();
    expect(running.strategies).toMatchObject([
      { status: 'RUNNING', restarts: 1, error: 'it threw', startedSeq, stoppedAt: null },
    ]);
    expect(running.audits).toEqual([]);
    engine.run({ kind: 'stopStrategy', strategyId: 's-1', cancelOpenOrders: false });
    const stopping = own.changes();
    expect(stopping.strategies).toMatchObject([{ status: 'STOPPING' }]);
    expect(stopping.audits).toMatchObject([
      { action: 'stopStrategy', target: 's-1', actor: 'user:1', details: { cancelOpenOrders: false } },
    ]);
    engine.run({ kind: 'endStrategy', strategyId: 's-1', status: 'FAILED', error: 'for good' });
    expect(own.changes()).toMatchObject({
      strategies: [{ status: 'FAILED', error: 'for good', stoppedAt: engine.wall, startedSeq }],
      audits: [],
    });
  });

  it('has what its own orders have realised, and follows busts', () => {
    const { engine, ...own } = account();
    own.started();
    const bought = engine.working(MARKET('AAPL', 'BUY', '10'), { strategyId: 's-1' });
    engine.fill(bought.id, 'x-1', '10', '100');
    expect(own.changes().strategies).toMatchObject([{ realizedPnl: '0' }]);
    const sold = engine.working(MARKET('AAPL', 'SELL', '10'), { strategyId: 's-1' });
    engine.fill(sold.id, 'x-2', '4', '101.5');
    expect(own.changes().strategies).toMatchObject([{ realizedPnl: '6' }]);
    engine.message(sold.id, { kind: 'busted', executionId: 'x-2' });
    const busted = own.changes().strategies[0];
    expect(busted?.strategyId).toBe('s-1');
    // Bought back at the price it was sold for: the holding is dearer by what had been realised.
    expect(busted?.realizedPnl).toBe('6');
    expect(engine.state.strategies.get('s-1')?.holdings.get('AAPL')?.quantity).toBe(10n * 10n ** 18n);
  });

  it('is not written for orders of the account itself, nor for a name that no strategy has', () => {
    const { engine, ...own } = account();
    own.started();
    for (const strategyId of [null, 'my-label']) {
      const order = engine.working(MARKET('AAPL', 'BUY', '1'), { strategyId });
      engine.fill(order.id, 'x', '1', '100');
    }
    expect(own.changes().strategies).toEqual([]);
  });
});

it('has the end of a strategy that its account forgets in the same batch', async () => {
  const world = await createStrategyWorld([orderEachBar]);
  const gateway = await world.start();
  const accountId = await world.openAccount(gateway);
  const first = await world.startStrategy(gateway, accountId, 'order-each-bar');
  await world.minutes(2);
  // No plugin has these: each fails as it begins, and all end before the first does.
  for (let index = 0; index < 50; index += 1) await world.startStrategy(gateway, accountId, 'unknown');
  const { strategies } = world.store.accounts.get(accountId)!;
  expect(strategies.get(first)?.status).toBe('RUNNING');
  const stop = { kind: 'stopStrategy', strategyId: first, cancelOpenOrders: true } as const;
  await world.run(gateway.runtime.execute(accountId, stop, world.meta()));
  await world.clock.advance(1_000);
  expect(strategies.get(first)).toMatchObject({ status: 'STOPPED', stoppedAt: expect.any(Number) });
  expect([...strategies.values()].filter(({ status }) => status === 'FAILED')).toHaveLength(50);
  gateway.kill();
});
