import { describe, expect, it } from '@jest/globals';
import { cancel, place, replace } from '@omniquant/plugin-sdk';

import { Backtest } from '../../../../core/backtest/backtest.ts';
import type { FeeSettings } from '../../../../core/backtest/fees-schema.ts';
import { effectsAt, placeAfterFirst, shortFills, statuses } from '../../../support/backtest/place-at.ts';
import {
  dataOf,
  type Ohlc,
  rowsOf,
  runAll,
  runBars,
  specOf,
} from '../../../support/backtest/run-backtest.ts';

const FIRST: Ohlc = [100, 100, 100, 100, 1000];
const DAY = 86_400_000;

/** A buy that takes 200 at 100, and one that rests and gets 100 at 99: values of 20,000 and 9,900. */
const two = placeAfterFirst(
  { side: 'BUY', quantity: '200', timeInForce: 'GTC' },
  { side: 'BUY', quantity: '100', type: 'LIMIT', limitPrice: '99', timeInForce: 'GTC' },
);

it.each<[FeeSettings, readonly string[]]>([
  [{ model: 'NONE' }, ['0', '0']],
  [{ model: 'PER_ORDER', amount: '1.5' }, ['1.5', '1.5']],
  [{ model: 'PER_UNIT', perUnit: '0.005', minimum: '0.75', maximumRate: null }, ['1', '0.75']],
  // 0.005 % of 20,000 is 1, of 9,900 is 0.495.
  [{ model: 'PER_UNIT', perUnit: '0.02', minimum: '0', maximumRate: '0.00005' }, ['1', '0.495']],
  [{ model: 'PERCENTAGE', rate: '0.001', minimum: '12' }, ['20', '12']],
  [{ model: 'MAKER_TAKER', maker: '-0.0001', taker: '0.0004' }, ['8', '-0.99']],
  [
    {
      model: 'TIERED',
      tiers: [
        { from: '0', maker: '0.001', taker: '0.002' },
        { from: '20000', maker: '0.0005', taker: '0.001' },
      ],
    },
    // The first execution brings the month to 20,000, so that the second is in the next tier.
    ['40', '4.95'],
  ],
])('%j charges %j', (fees, expected) => {
  const result = runBars([FIRST, [100, 101, 99, 100, 1000]], two, { fees });
  expect(result.fills.map(({ fee }) => fee)).toEqual(expected);
  const paid = expected.reduce((sum, fee) => sum + Number(fee), 0);
  // 300 units at 100, bought for 29,900.
  expect(Number(result.equity.at(-1)?.equity)).toBeCloseTo(100_000 + 300 * 100 - 29_900 - paid, 9);
  expect(Number(result.performance.totalFees)).toBeCloseTo(paid, 9);
});

it('charges an order that fills in parts once', () => {
  const fills = { model: 'VOLUME_SHARE', path: 'ADAPTIVE', share: '0.1', priceImpact: 0 } as const;
  const result = runBars(
    [FIRST, [100, 101, 99, 100, 1000], [100, 101, 99, 100, 1000]],
    placeAfterFirst({ side: 'BUY', quantity: '150', timeInForce: 'GTC' }),
    { fees: { model: 'PER_ORDER', amount: '2' }, fills },
  );
  expect(result.fills.map(({ fee, quantity }) => [quantity, fee])).toEqual([
    ['100', '2'],
    ['50', '0'],
  ]);
});

it('begins the tiers anew with the month', () => {
  const tiers = [
    { from: '0', maker: '0', taker: '0.002' },
    { from: '1000', maker: '0', taker: '0.001' },
  ];
  const buy = place({ symbol: 'X', side: 'BUY', quantity: '10', timeInForce: 'GTC' });
  // Bars of 29, 30 and 31 January and of 1 February: the orders trade at the opens of the last three.
  const rows = rowsOf(
    Array.from({ length: 4 }, () => [100, 100, 100, 100]),
    Date.UTC(2024, 0, 29),
    DAY,
  );
  const spec = specOf(effectsAt({ 0: [buy], 1: [buy], 2: [buy] }), {
    ...{ interval: 'DAY_1', fees: { model: 'TIERED', tiers } },
  });
  const { fills } = runAll(spec, dataOf({ X: rows }, 'DAY_1'));
  expect(fills.map(({ fee }) => fee)).toEqual(['2', '1', '2']);
});

it('goes on with the month of a saved run', () => {
  const tiers = [
    { from: '0', maker: '0', taker: '0.002' },
    { from: '1000', maker: '0', taker: '0.001' },
  ];
  const buy = place({ symbol: 'X', side: 'BUY', quantity: '10', timeInForce: 'GTC' });
  const spec = specOf(effectsAt({ 0: [buy], 2: [buy] }), { fees: { model: 'TIERED', tiers } });
  const data = () => dataOf({ X: rowsOf([FIRST, FIRST, FIRST, FIRST]) });
  const first = new Backtest(spec, data());
  first.advance(2);
  const second = Backtest.restore(spec, data(), JSON.parse(JSON.stringify(first.save())) as never);
  while (!second.advance(1).done);
  expect(second.result().fills.map(({ fee }) => fee)).toEqual(['2', '1']);
});

const limitAt = (limitPrice: string) =>
  ({ symbol: 'X', side: 'BUY', quantity: '1', type: 'LIMIT', limitPrice, ref: 'a' }) as const;

describe('latency', () => {
  it('brings an order in the middle of a bar, where its price is then', () => {
    // Open 100, high 106 first (6 above, the low 10 below) at +79.999 s: a third of the way is 102.
    const result = runBars([FIRST, [100, 106, 90, 95]], placeAfterFirst({ side: 'BUY', quantity: '1' }), {
      latency: { model: 'CONSTANT', ms: 6_667 },
    });
    expect(shortFills(result)).toEqual(['BUY 1 @ 102 +66s']);
  });

  it('lets a fill happen while the cancel is on its way', () => {
    const order = limitAt('99');
    const script = effectsAt({ 0: [place({ ...order, timeInForce: 'GTC' })], 1: [cancel('a')] });
    const bars: readonly Ohlc[] = [FIRST, [100, 100, 100, 100], [100, 101, 98, 100]];
    const late = runBars(bars, script, {
      latency: { model: 'PER_COMMAND', submit: 0, replace: 0, cancel: 50_000 },
    });
    expect(statuses(late)).toEqual(['FILLED']);
    const quick = runBars(bars, script);
    expect(statuses(quick)).toEqual(['CANCELED: canceled by its owner']);
  });

  it('keeps the requests of one order in their order', () => {
    const order = limitAt('90');
    const script = effectsAt({ 0: [place({ ...order, timeInForce: 'GTC' }), cancel('a')] });
    const result = runBars([FIRST, FIRST, FIRST], script, {
      latency: { model: 'PER_COMMAND', submit: 90_000, replace: 0, cancel: 0 },
    });
    expect(statuses(result)).toEqual(['CANCELED: canceled by its owner']);
  });

  it('replaces a resting order', () => {
    const order = limitAt('90');
    const script = effectsAt({
      0: [place({ ...order, timeInForce: 'GTC' })],
      1: [replace('a', { limitPrice: '99', quantity: '2' })],
    });
    const result = runBars([FIRST, FIRST, [100, 101, 98, 100]], script);
    expect(result.fills).toMatchObject([{ price: '99', quantity: '2' }]);
  });
});
