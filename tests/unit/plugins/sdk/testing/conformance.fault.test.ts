import { describe, expect, it } from '@jest/globals';
import type { StrategyDefinition } from '@omniquant/plugin-sdk';
import {
  ConformanceError,
  randomBars,
  strategyConformance,
  type StrategyConformanceOptions,
} from '@omniquant/plugin-sdk/testing';

import * as broken from '../../../../support/plugins/broken-strategies.ts';
import { bracketed, gambler, onTheHour, pair } from '../../../../support/plugins/sound-strategies.ts';
import { steady } from '../../../../support/plugins/unruly-strategies.ts';

const BARS = 100;

/** Numbers of the cases that it fails, with why. */
async function failures(definition: StrategyDefinition, options: StrategyConformanceOptions = {}) {
  const failed = new Map<string, string>();
  for (const { number, run } of strategyConformance(definition, { bars: BARS, ...options })) {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof ConformanceError)) throw error;
      expect(error.number).toBe(number);
      failed.set(number, error.message);
    }
  }
  return failed;
}

describe.each<[StrategyDefinition, StrategyConformanceOptions]>([
  // It counts bars of all symbols, and calls orders by time alone: it is made for one.
  [steady, { symbols: ['AAA'] }],
  [onTheHour, { onStop: { cancelsOrders: true, closesPositions: true } }],
  [bracketed, {}],
  [bracketed, { interval: 'DAY_1', replay: { commission: { rate: '0.001' }, slippageBps: 5 } }],
  [pair, { independentSymbols: false }],
  // Its dice are thrown in the order of the bars.
  [gambler, { independentSymbols: false }],
])('a sound strategy passes', (definition, options) => {
  for (const { number, title, run } of strategyConformance(definition, { bars: 150, ...options })) {
    it(`${definition.id} ${number} ${title}`, run);
  }
});

describe('a broken strategy fails at the case of its fault', () => {
  it.each<[keyof typeof broken, string, RegExp]>([
    ['usesChance', 'S11', /Math\.random/],
    ['usesClock', 'S11', /Date\.now/],
    ['hidesClock', 'S11', /new Date\(\)/],
    ['startsTimers', 'S11', /setTimeout/],
    ['forgets', 'S3', /restored differs/],
    ['cannotBeSaved', 'S3', /restored differs/],
    ['savesNaN', 'S5', /snapshot\.averages\[1\] is NaN/],
    ['savesMaps', 'S5', /snapshot\.positions is an object of a class/],
    ['savesTooMuch', 'S5', /300002 bytes/],
    ['growsForEver', 'S5', /grows with the bars/],
    ['fearsGaps', 'S6', /a bar is missing/],
    ['fearsHalts', 'S6', /a bar is missing/],
    ['floodsAfterReject', 'S7', /market time stood still/],
    ['gridAfterDenial', 'S7', /more than 40 are a flood/],
    ['expectsWholeFills', 'S8', /did not ask for/],
    ['cancelsUnknown', 'S10', /my-order/],
    ['forgetsLimits', 'S10', /limitPrice is needed/],
    ['reusesNames', 'S10', /called entry already/],
    ['logsMaps', 'S10', /data of a log/],
    ['needsHistory', 'S13', /not enough bars/],
    ['idle', 'S14', /no effect/],
  ])('%s at %s alone', async (name, number, why) => {
    const failed = await failures(broken[name] as StrategyDefinition);
    expect([...failed.keys()]).toEqual([number]);
    expect(failed.get(number)).toMatch(why);
  });

  it.each<[keyof typeof broken, string, RegExp, StrategyConformanceOptions]>([
    ['firstComeFirstServed', 'S9', /comes? before it/, {}],
    ['leavesOrders', 'S12', /leaves orders open/, { onStop: { cancelsOrders: true } }],
    ['leavesPositions', 'S12', /of BBB behind|of AAA behind/, { onStop: { closesPositions: true } }],
    // A module that leaks from run to run, and a snapshot that cannot be written, cannot help but fail others too.
    ['countsRuns', 'S2', /second run differs/, {}],
    ['knowsTheFuture', 'S4', /with the future after .* known/, {}],
    ['knowsTheFarFuture', 'S4', /with another future after/, {}],
    ['savesBigInts', 'S5', /bigint/, {}],
    ['savesCycles', 'S5', /contains itself/, {}],
    ['strays', 'S6', /SPY/, {}],
    ['strays', 'S10', /SPY/, {}],
    ['yieldsNumbers', 'S10', /quantity/, {}],
    ['badDefault', 'S1', /length must be >= 5/, {}],
  ])('%s at %s', async (name, number, why, options) => {
    expect((await failures(broken[name] as StrategyDefinition, options)).get(number)).toMatch(why);
  });
});

describe('the list of cases', () => {
  const numbers = (options?: StrategyConformanceOptions) =>
    strategyConformance(onTheHour, options).map(({ number }) => number);

  it('is numbered from S1 on, and leaves out what does not concern a strategy', () => {
    expect(numbers()).toEqual(Array.from({ length: 14 }, (_, index) => `S${String(index + 1)}`));
    expect(numbers({ symbols: ['AAA'] })).not.toContain('S9');
    expect(numbers({ independentSymbols: false })).not.toContain('S9');
    expect(numbers({ mayBeIdle: true })).not.toContain('S14');
  });

  it('keeps the cause of a failure', async () => {
    const [, , , , , gaps] = strategyConformance(broken.fearsGaps);
    await expect(gaps?.run()).rejects.toMatchObject({ number: 'S6', cause: { code: 'STRATEGY_THREW' } });
  });

  it('puts the world back where it was, also after a strategy that fails', async () => {
    const world = () => [
      ...[Date, Date.now, Math.random, setTimeout, setInterval, setImmediate, queueMicrotask, fetch],
      ...[performance.now, crypto.randomUUID, crypto.getRandomValues, Object.keys(performance)],
    ];
    const before = world();
    await failures(broken.usesClock);
    await failures(bracketed);
    expect(world()).toEqual(before);
    world().forEach((one, index) => {
      if (typeof one === 'function') expect(one).toBe(before[index]);
    });
  });

  it('takes bars that the author makes', async () => {
    const seeds = new Set<string>();
    const failed = await failures(bracketed, {
      symbols: ['AAA'],
      makeBars(seed, count) {
        seeds.add(seed);
        return randomBars({ symbol: 'AAA', interval: 'HOUR_1', seed, count: count + 5, volatility: 0.05 });
      },
    });
    expect([...failed]).toEqual([]);
    expect(seeds.size).toBeGreaterThan(10);
  });
});
