import { describe, expect, it } from '@jest/globals';
import type { StrategyOrder } from '@omniquant/plugin-sdk';

import type { FillSettings } from '../../../../core/backtest/fills-schema.ts';
import { placeAfterFirst, shortFills } from '../../../support/backtest/place-at.ts';
import { type Ohlc, runBars } from '../../../support/backtest/run-backtest.ts';

const FIRST: Ohlc = [100, 100, 100, 100, 1000];
const path = 'ADAPTIVE';
const order = (quantity: string, terms: Partial<StrategyOrder> = {}) =>
  placeAfterFirst({ side: 'BUY', quantity, timeInForce: 'GTC', ...terms });
const run = (fills: FillSettings, hooks: ReturnType<typeof order>, ...bars: readonly Ohlc[]) =>
  runBars([FIRST, ...bars], hooks, { fills });

describe('slippage', () => {
  const fills: FillSettings = { model: 'SLIPPAGE', path, ticks: 3 };

  it('makes what takes three cents worse', () => {
    expect(shortFills(run(fills, order('10'), [101, 102, 100, 101, 500]))).toEqual(['BUY 10 @ 101.03 +60s']);
    expect(shortFills(run(fills, order('10', { side: 'SELL' }), [101, 102, 100, 101, 500]))).toEqual([
      'SELL 10 @ 100.97 +60s',
    ]);
  });

  it('goes no further than the limit, and leaves what rested alone', () => {
    const taker = order('10', { type: 'LIMIT', limitPrice: '101.01' });
    expect(shortFills(run(fills, taker, [101, 102, 100, 101, 500]))).toEqual(['BUY 10 @ 101.01 +60s']);
    const maker = order('10', { type: 'LIMIT', limitPrice: '100.5' });
    expect(run(fills, maker, [101, 102, 100, 101, 500]).fills).toMatchObject([{ price: '100.5' }]);
  });
});

describe('volume share', () => {
  const fills: FillSettings = { model: 'VOLUME_SHARE', path, share: '0.1', priceImpact: 0 };

  it('gives a tenth of each bar and goes on with the next', () => {
    // 0.1 x 500 = 50, 0.1 x 299 = 29 (whole lots), then the 21 that are left.
    const result = run(
      fills,
      order('100'),
      [101, 102, 100, 101, 500],
      [103, 104, 102, 103, 299],
      [105, 106, 104, 105, 900],
    );
    expect(shortFills(result)).toEqual(['BUY 50 @ 101 +60s', 'BUY 29 @ 103 +120s', 'BUY 21 @ 105 +180s']);
    expect(result.orders).toMatchObject([{ status: 'FILLED', averageFillPrice: '102.42' }]);
  });

  it('is shared by all orders of the symbol, the earlier first', () => {
    const two = placeAfterFirst(
      { side: 'BUY', quantity: '40', timeInForce: 'GTC' },
      { side: 'BUY', quantity: '40', timeInForce: 'GTC' },
    );
    const result = runBars([FIRST, [101, 102, 100, 101, 500]], two, { fills });
    expect(result.orders.map(({ filledQuantity }) => filledQuantity)).toEqual(['40', '10']);
  });

  it('moves the price by the square of the share', () => {
    // 50 of 500 is a share of 0.1: 100 x 0.1 x 0.1^2 = 0.1.
    const moving: FillSettings = { ...fills, priceImpact: 0.1 };
    expect(shortFills(run(moving, order('50'), [100, 102, 99, 101, 500]))).toEqual(['BUY 50 @ 100.1 +60s']);
  });

  it('limits a resting order, too', () => {
    const resting = order('100', { type: 'LIMIT', limitPrice: '100' });
    const result = run(fills, resting, [101, 102, 99, 101, 500]);
    expect(result.orders).toMatchObject([{ filledQuantity: '50', status: 'PARTIALLY_FILLED' }]);
  });

  it('fills nothing in a bar without volume, and without limit where the volume is not known', () => {
    expect(run(fills, order('10'), [101, 102, 100, 101, 0]).fills).toEqual([]);
    expect(shortFills(run(fills, order('3000'), [10, 12, 9, 11]))).toEqual(['BUY 3000 @ 10 +60s']);
  });

  it('kills a FOK that the share cannot fill', () => {
    const result = run(fills, order('51', { timeInForce: 'FOK' }), [101, 102, 100, 101, 500]);
    expect(result.orders).toMatchObject([{ status: 'CANCELED', filledQuantity: '0' }]);
  });
});

it('moves the price by the square root of the share with the square-root law', () => {
  // 0.600561 x range 4.00 x sqrt(25 / 100) = 1.2011: 120 ticks.
  const fills: FillSettings = { model: 'SQUARE_ROOT_IMPACT', path, coefficient: 1 };
  expect(shortFills(run(fills, order('25'), [100, 102, 98, 101, 100]))).toEqual(['BUY 25 @ 101.2 +60s']);
});

describe('chance', () => {
  const touched = order('10', { type: 'LIMIT', limitPrice: '99' });
  const touching: Ohlc = [100, 101, 99, 100, 100];

  it('fills a limit that is only touched never, always, or by the seed', () => {
    const at = (touchProbability: number): FillSettings => ({
      ...{ model: 'PROBABILISTIC', path, slippageProbability: 0, ticks: 1 },
      touchProbability,
    });
    expect(run(at(0), touched, touching).fills).toEqual([]);
    expect(run(at(1), touched, touching).fills).toHaveLength(1);
    const filled = Array.from(
      { length: 200 },
      (_, seed) => runBars([FIRST, touching], touched, { fills: at(0.3), seed }).fills.length,
    ).reduce((sum, count) => sum + count, 0);
    // Binomial(200, 0.3): 60 with a standard deviation of 6.5.
    expect(filled).toBeGreaterThan(40);
    expect(filled).toBeLessThan(80);
  });

  it('fills what is traded through whatever the chance', () => {
    const never: FillSettings = {
      model: 'PROBABILISTIC',
      path,
      touchProbability: 0,
      slippageProbability: 0,
      ticks: 1,
    };
    expect(run(never, touched, [100, 101, 98.99, 100, 100]).fills).toMatchObject([{ price: '99' }]);
  });

  it('slips with a probability', () => {
    const always: FillSettings = {
      model: 'PROBABILISTIC',
      path,
      touchProbability: 1,
      slippageProbability: 1,
      ticks: 2,
    };
    expect(shortFills(run(always, order('10'), [101, 102, 100, 101]))).toEqual(['BUY 10 @ 101.02 +60s']);
  });
});

describe('the path', () => {
  // Both orders are within the bar; which is met first shows the path.
  const both = placeAfterFirst(
    { side: 'SELL', quantity: '1', type: 'LIMIT', limitPrice: '103', timeInForce: 'GTC' },
    { side: 'BUY', quantity: '1', type: 'LIMIT', limitPrice: '98', timeInForce: 'GTC' },
  );
  it.each<[FillSettings['path'], Ohlc, string]>([
    ['OHLC', [99, 104, 97, 100], 'SELL'],
    ['OLHC', [102, 104, 97, 100], 'BUY'],
    ['ADAPTIVE', [102, 104, 97, 100], 'SELL'],
    ['ADAPTIVE', [99, 104, 97, 100], 'BUY'],
    ['ADAPTIVE', [100, 104, 96, 100], 'SELL'],
  ])('%s over %j trades %s first', (rule, bar, first) => {
    const { fills } = runBars([FIRST, bar], both, { fills: { model: 'BEST_PRICE', path: rule } });
    expect(fills.map(({ side }) => side)).toEqual([first, first === 'BUY' ? 'SELL' : 'BUY']);
  });
});
