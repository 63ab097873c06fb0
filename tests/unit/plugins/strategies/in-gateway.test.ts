import { describe, expect, it } from '@jest/globals';
import type { StrategyDefinition } from '@omniquant/plugin-sdk';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';
import { breakout } from '@omniquant/strategy-breakout';
import { execution } from '@omniquant/strategy-execution';
import { meanReversion } from '@omniquant/strategy-mean-reversion';

import type { Failpoint } from '../../../../core/ports/failpoints.ts';
import { checkConfig } from '../../../../gateway/plugins/config-check.ts';
import { createStrategyWorld } from '../../../support/strategy-world.ts';

/** A strategy on an account of a gateway, over the real engine, journal and risk rules. */
async function livingOf(strategy: unknown, given: object, before: readonly number[]) {
  const definition = strategy as StrategyDefinition;
  const world = await createStrategyWorld([definition]);
  const gateway = await world.start();
  const account = await world.openAccount(gateway);
  let passed = 0;
  const prices = async (closes: readonly number[]): Promise<void> => {
    const first = passed;
    passed += closes.length;
    await world.minutes(closes.length, (minute) => closes[minute - first]!);
  };
  await prices(before);
  const terms = {
    ...{ strategyId: 's-1', strategy: definition.id, symbols: ['AAPL'], interval: 'MINUTE_1', seed: 'test' },
    config: checkConfig(definition.config, given).value,
  } as const;
  const command = { kind: 'startStrategy', terms } as never;
  await world.run(gateway.runtime.execute(account, command, world.meta()));
  await world.clock.advance(100);

  /** What became of each order, by the strategy's name of it. */
  function ends(): Readonly<Record<string, string>> {
    const names = new Map<string, string>();
    const last: Record<string, string> = {};
    for (const { event } of world.events(account)) {
      if (event.type === 'STRATEGY_STEPPED') {
        for (const [id, ref] of event.refs) names.set(id, ref);
      }
      const name = 'orderId' in event ? names.get(event.orderId ?? '') : undefined;
      if (name !== undefined && event.type !== 'RESIZED' && event.type !== 'RELEASED') {
        last[name] = event.type;
      }
    }
    return last;
  }
  return {
    ...{ world, gateway, prices, ends },
    /** Units that the venue has bought less those it has sold. */
    position: () =>
      formatDecimal(
        [...world.venue.orders.values()].reduce(
          (sum, { filled, terms: { side } }) => sum + (side === 'BUY' ? filled : -filled),
          0n,
        ),
      ),
    events: () => world.events(account).map(({ event }) => event),
  };
}

const RANGE = [190, 191, 190, 191];

describe('mean-reversion on an account', () => {
  const config = { period: 4, deviations: 1.5, quantity: '10', stopPercent: 5 };

  it('enters with its stop, and closes once the stop is cancelled', async () => {
    const desk = await livingOf(meanReversion, config, RANGE);
    await desk.prices([185]);
    await desk.prices([186]);
    expect(desk.position()).toBe('10');
    expect(desk.ends()).toEqual({ 'AAPL-1': 'FILLED', 'AAPL-1.stopLoss': 'HELD' });
    await desk.prices([191, 191]);
    expect(desk.ends()).toEqual({ 'AAPL-1': 'FILLED', 'AAPL-1.stopLoss': 'CANCELED', 'AAPL-2': 'FILLED' });
    expect(desk.position()).toBe('0');
  });

  it.each<Failpoint>(['strategy.before-step', 'strategy.after-step', 'broker.after-submit'])(
    'does so once when its gateway dies at %s',
    async (point) => {
      const desk = await livingOf(meanReversion, config, RANGE);
      desk.gateway.dieAt(point, 1);
      await desk.prices([185]);
      await desk.prices([186]);
      await desk.world.start('gateway-2');
      await desk.world.clock.advance(8_000);
      await desk.prices([186, 191, 191, 191]);
      expect(desk.gateway.isDead).toBe(true);
      expect(desk.position()).toBe('0');
      expect(desk.ends()['AAPL-1.stopLoss']).toBe('CANCELED');
      expect(desk.world.venue.orders.size).toBe(2);
    },
  );
});

describe('breakout on an account', () => {
  it('moves the stop of its bracket with the price', async () => {
    const desk = await livingOf(
      breakout,
      { entryPeriod: 4, exitPeriod: 4, atrPeriod: 1, stop: 'trailing', maxWeight: 0.05 },
      RANGE,
    );
    await desk.prices([192, 193, 194]);
    expect(desk.ends()).toEqual({ 'AAPL-1': 'FILLED', 'AAPL-1.stopLoss': 'REPLACED' });
    const replaced = desk.events().flatMap((event) => (event.type === 'REPLACE_REQUESTED' ? [event] : []));
    expect(replaced.length).toBeGreaterThanOrEqual(1);
    await desk.prices([188, 188]);
    expect(desk.position()).toBe('0');
  });
});

describe('an execution on an account', () => {
  const config = { side: 'BUY', quantity: '100', durationSeconds: 600, slices: 5, jitter: 0.5 };

  it('is done in full by its timers', async () => {
    const desk = await livingOf(execution, config, []);
    await desk.prices(Array.from({ length: 12 }, () => 190));
    expect(desk.position()).toBe('100');
    expect(desk.world.venue.orders.size).toBe(5);
  });

  it.each<Failpoint>(['strategy.before-step', 'strategy.after-step', 'broker.after-submit'])(
    'is done once and in full when its gateway dies at %s',
    async (point) => {
      const desk = await livingOf(execution, config, []);
      await desk.prices([190, 190]);
      desk.gateway.dieAt(point, 1);
      await desk.prices([190, 190, 190]);
      await desk.world.start('gateway-2');
      await desk.world.clock.advance(8_000);
      await desk.prices(Array.from({ length: 8 }, () => 190));
      expect(desk.gateway.isDead).toBe(true);
      expect(desk.position()).toBe('100');
    },
  );
});
