import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  defineOptimizer,
  defineStrategy,
  type OptimizerDefinition,
  place,
  type StrategyDefinition,
  T,
} from '@omniquant/plugin-sdk';

import { createStrategyWorld, type StrategyWorld } from '../../../support/strategy-world.ts';
import type { GatewayProcess } from '../../../support/trading-world.ts';

const even: OptimizerDefinition = defineOptimizer({
  ...{ id: 'even', description: 'The same of each', config: T.Object({}) },
  create: () => ({ bars: 0, weights: () => ({ AAPL: 1 }) }),
});

/** One order for each bar, named after it, of as many shares as the optimizer weighs. */
const weighs: StrategyDefinition = defineStrategy({
  ...{ id: 'weighs', description: 'Orders what an optimizer says', config: T.Object({}) },
  uses: () => ({ optimizers: { sizes: { id: 'even' } } }),
  create(_config, ctx) {
    let bars = 0;
    return {
      *onBar({ at, symbol }) {
        bars += 1;
        const weights = ctx.optimizer('sizes').weights({ assets: [{ symbol, closes: [] }] });
        const side = bars % 2 === 1 ? 'BUY' : 'SELL';
        yield place({ ref: `bar-${String(at)}`, symbol, side, quantity: String(weights?.[symbol]) });
      },
      snapshot: () => bars,
      restore: (snapshot) => void (bars = Number(snapshot)),
    };
  },
});

describe('a strategy that uses an optimizer', () => {
  const optimizers: OptimizerDefinition[] = [];
  let world: StrategyWorld;
  let gateway: GatewayProcess;
  let account: string;

  beforeEach(async () => {
    optimizers.splice(0, optimizers.length, even);
    world = await createStrategyWorld([weighs], optimizers);
    gateway = await world.start();
    account = await world.openAccount(gateway);
  });

  it('waits for its plugin after a restart without it, and goes on where it was', async () => {
    const id = await world.startStrategy(gateway, account, 'weighs');
    await world.minutes(3);
    gateway.kill();
    optimizers.pop();
    gateway = await world.start('gateway-2');
    // With failures it would be FAILED by now.
    await world.minutes(12);
    expect(world.strategy(account, id)).toMatchObject({
      ...{ status: 'RUNNING', restarts: 1, error: 'no plugin in use has the optimizer even' },
    });
    optimizers.push(even);
    await world.minutes(3);
    const bars = world.refs(account, id).map((ref) => Number(ref.slice(4)) / 60_000);
    expect(bars.length).toBeGreaterThanOrEqual(15);
    expect(bars).toEqual(bars.map((_, index) => (bars[0] ?? 0) + index));
  });

  it('is stopped while it waits, and ends at once when it never began', async () => {
    const waiting = await world.startStrategy(gateway, account, 'weighs');
    await world.minutes(2);
    gateway.kill();
    optimizers.pop();
    gateway = await world.start('gateway-2');
    await world.minutes(1);
    const stop = { kind: 'stopStrategy', strategyId: waiting, cancelOpenOrders: true } as const;
    await world.run(gateway.runtime.execute(account, stop, world.meta()));
    await world.clock.advance(500);
    expect(world.strategy(account, waiting)).toMatchObject({ status: 'STOPPED' });

    const fresh = await world.startStrategy(gateway, account, 'weighs');
    await world.clock.advance(2_000);
    expect(world.strategy(account, fresh)).toMatchObject({ status: 'FAILED', restarts: 0 });
  });
});
