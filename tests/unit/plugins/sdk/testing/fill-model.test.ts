import { describe, expect, it } from '@jest/globals';
import { place, type StrategyOrder } from '@omniquant/plugin-sdk';
import { type BarShape, barsOf, replay, type ReplayOptions } from '@omniquant/plugin-sdk/testing';

import { scripted } from '../../../../support/scripted-strategy.ts';

type Order = Omit<StrategyOrder, 'symbol' | 'ref'>;
type Shape = number | BarShape | null;

/** The order is asked for at the close of the first bar, at 100. */
async function run(order: Order, later: readonly Shape[], options: ReplayOptions = {}) {
  const { definition, heard } = scripted({ bars: { 0: [place({ ...order, symbol: 'TEST', ref: 'x' })] } });
  const bars = barsOf([100, ...later], { volume: 100 });
  const result = await replay(definition, bars, { leverage: null, ...options });
  return { ...result, heard, order: result.orders[0], bars };
}

const fillsOf = async (order: Order, later: readonly Shape[], options?: ReplayOptions) => {
  const { fills, bars } = await run(order, later, options);
  return fills.map(({ price, quantity, barAt }) => [
    bars.findIndex(({ at }) => at === barAt),
    price,
    quantity,
  ]);
};

const GTC = { quantity: '10', timeInForce: 'GTC' } as const;
const bar = (open: number, high: number, low: number, close: number): BarShape => ({
  open,
  high,
  low,
  close,
});

describe('the fill of each type of order, by hand', () => {
  it.each<[string, Order, readonly Shape[], readonly (readonly [number, string])[]]>([
    ['MARKET: the next open', { side: 'BUY', ...GTC }, [bar(103, 104, 101, 102)], [[1, '103']]],
    [
      'LIMIT BUY: at the limit once the bar trades through',
      { side: 'BUY', ...GTC, type: 'LIMIT', limitPrice: '98' },
      [bar(100, 101, 98, 99), bar(99, 100, 97.99, 98.5)],
      [[2, '98']],
    ],
    [
      'LIMIT BUY: at the open where it gaps through',
      { side: 'BUY', ...GTC, type: 'LIMIT', limitPrice: '98' },
      [bar(95, 99, 94, 98)],
      [[1, '95']],
    ],
    [
      'LIMIT SELL: at the limit, at the open on a gap',
      { side: 'SELL', ...GTC, type: 'LIMIT', limitPrice: '102' },
      [bar(100, 102, 99, 101), bar(101, 102.5, 100, 101)],
      [[2, '102']],
    ],
    [
      'LIMIT SELL: on a gap at the open',
      { side: 'SELL', ...GTC, type: 'LIMIT', limitPrice: '102' },
      [bar(105, 106, 101, 102)],
      [[1, '105']],
    ],
    [
      'STOP BUY: at the stop, touched',
      { side: 'BUY', ...GTC, type: 'STOP', stopPrice: '105' },
      [bar(100, 104.99, 99, 100), bar(100, 105, 99, 100)],
      [[2, '105']],
    ],
    [
      'STOP SELL: at the open on a gap',
      { side: 'SELL', ...GTC, type: 'STOP', stopPrice: '95' },
      [bar(90, 97, 88, 96)],
      [[1, '90']],
    ],
    [
      'STOP_LIMIT BUY: at the stop where the limit allows',
      { side: 'BUY', ...GTC, type: 'STOP_LIMIT', stopPrice: '105', limitPrice: '106' },
      [bar(100, 107, 99, 106)],
      [[1, '105']],
    ],
    [
      'STOP_LIMIT BUY: a gap beyond the limit comes back within the bar',
      { side: 'BUY', ...GTC, type: 'STOP_LIMIT', stopPrice: '105', limitPrice: '106' },
      [bar(108, 109, 105.5, 107)],
      [[1, '106']],
    ],
    [
      'STOP_LIMIT BUY: a gap beyond the limit rests and fills later',
      { side: 'BUY', ...GTC, type: 'STOP_LIMIT', stopPrice: '105', limitPrice: '106' },
      [bar(108, 109, 107, 108), bar(107, 108, 105, 106)],
      [[2, '106']],
    ],
    [
      'STOP_LIMIT BUY: triggered within a bar with a lower limit waits for the next bar',
      { side: 'BUY', ...GTC, type: 'STOP_LIMIT', stopPrice: '105', limitPrice: '104' },
      [bar(100, 106, 99, 105), bar(105, 105, 103, 104)],
      [[2, '104']],
    ],
    [
      'MARKET_IF_TOUCHED BUY: at the price',
      { side: 'BUY', ...GTC, type: 'MARKET_IF_TOUCHED', stopPrice: '97' },
      [bar(100, 101, 97, 98)],
      [[1, '97']],
    ],
    [
      'MARKET_IF_TOUCHED SELL: at the open on a gap',
      { side: 'SELL', ...GTC, type: 'MARKET_IF_TOUCHED', stopPrice: '103' },
      [bar(104, 105, 102, 103)],
      [[1, '104']],
    ],
    [
      'LIMIT_IF_TOUCHED BUY: at the price where the limit allows',
      { side: 'BUY', ...GTC, type: 'LIMIT_IF_TOUCHED', stopPrice: '97', limitPrice: '97.5' },
      [bar(100, 101, 96, 98)],
      [[1, '97']],
    ],
    [
      'LIMIT_IF_TOUCHED SELL: rests at a better limit',
      { side: 'SELL', ...GTC, type: 'LIMIT_IF_TOUCHED', stopPrice: '103', limitPrice: '104' },
      [bar(100, 105, 99, 102), bar(102, 104.5, 101, 103)],
      [[2, '104']],
    ],
    [
      // Level 95 from the close of 100; 103 by the high of bar 1, whose close of 106 is above it.
      'TRAILING_STOP SELL: trails by the high, and is hit in a later bar',
      { side: 'SELL', ...GTC, type: 'TRAILING_STOP', trailingOffset: '5', trailingOffsetType: 'PRICE' },
      [bar(100, 108, 99, 106), bar(106, 107, 102, 104)],
      [[2, '103']],
    ],
    [
      // The close comes after the high: from 110 down to 104 it has passed 105.
      'TRAILING_STOP SELL: the close proves that it was hit in the bar of its high',
      { side: 'SELL', ...GTC, type: 'TRAILING_STOP', trailingOffset: '5', trailingOffsetType: 'PRICE' },
      [bar(100, 110, 99, 104)],
      [[1, '105']],
    ],
    [
      // The open comes first: from 104 the level is at least 99, and the low of 98.5 reaches it.
      'TRAILING_STOP SELL: trails by the open before the low',
      { side: 'SELL', ...GTC, type: 'TRAILING_STOP', trailingOffset: '5', trailingOffsetType: 'PRICE' },
      [bar(104, 105, 98.5, 101)],
      [[1, '99']],
    ],
    [
      'TRAILING_STOP BUY: a tenth above the low, at the open on a gap',
      { side: 'BUY', ...GTC, type: 'TRAILING_STOP', trailingOffset: '0.1', trailingOffsetType: 'PERCENT' },
      [bar(100, 101, 90, 91), bar(99.5, 100, 99, 99.5)],
      [[2, '99.5']],
    ],
    [
      'TRAILING_STOP: begins where stopPrice says',
      {
        ...{ side: 'SELL', ...GTC, type: 'TRAILING_STOP', stopPrice: '90' },
        ...{ trailingOffset: '20', trailingOffsetType: 'PRICE' },
      },
      [bar(100, 101, 91, 92), bar(92, 93, 89, 90)],
      [[2, '90']],
    ],
    [
      // Level 95, limit 94: both rise by 3 with the high of 103, to 98 and 97.
      'TRAILING_STOP_LIMIT SELL: the limit keeps its distance from the level',
      {
        ...{ side: 'SELL', ...GTC, type: 'TRAILING_STOP_LIMIT', limitPrice: '94' },
        ...{ trailingOffset: '5', trailingOffsetType: 'PRICE' },
      },
      [bar(100, 103, 100, 102), bar(96.5, 96.9, 95, 96), bar(96, 97.5, 95, 97)],
      [[3, '97']],
    ],
  ])('%s', async (_, order, later, expected) => {
    expect(await fillsOf(order, later)).toEqual(expected.map(([index, price]) => [index, price, '10']));
  });
});

describe('what an order is told', () => {
  it('is SUBMITTED and WORKING after the bar of its order, then the fill before FILLED, then the bar', async () => {
    const { heard } = await run({ side: 'BUY', quantity: '1' }, [101]);
    expect(heard).toEqual([
      ...['start', 'bar TEST 100', 'SUBMITTED x', 'WORKING x'],
      ...['fill x', 'fill x 1@100', 'FILLED x', 'bar TEST 101', 'stop'],
    ]);
  });

  it('is TRIGGERED before a stop fills', async () => {
    const { heard } = await run({ side: 'BUY', ...GTC, type: 'STOP', stopPrice: '102' }, [103]);
    expect(heard.slice(2, 6)).toEqual(['SUBMITTED x', 'WORKING x', 'TRIGGERED x', 'fill x']);
  });
});

describe('time in force', () => {
  const limit = { side: 'BUY', type: 'LIMIT', limitPrice: '98', quantity: '10' } as const;

  it('ends DAY with the day of the first bar that it meets', async () => {
    const { order } = await run(limit, [101, bar(101, 101, 97, 98)]);
    expect(order).toMatchObject({ status: 'EXPIRED', filledQuantity: '0' });
  });

  it('ends DAY at midnight, or with the next bar when the day had no last one', async () => {
    const hours = (closes: readonly (number | null)[]) =>
      barsOf(closes, { interval: 'HOUR_4' }).map((one) => ({ ...one, low: one.close === 97 ? 90 : one.low }));
    const { definition } = scripted({ bars: { 0: [place({ ...limit, symbol: 'TEST' })] } });
    const midnight = (hours([1])[0]?.at ?? 0) + 86_400_000;
    const whole = await replay(definition, hours([100, 100, 100, 100, 100, 100, 97]));
    expect(whole.orders).toMatchObject([{ status: 'EXPIRED', endedAt: midnight }]);
    const { definition: again } = scripted({ bars: { 0: [place({ ...limit, symbol: 'TEST' })] } });
    const holed = await replay(again, hours([100, 100, 100, null, null, null, 97]));
    expect(holed.orders).toMatchObject([{ status: 'EXPIRED', endedAt: midnight + 4 * 3_600_000 }]);
  });

  it('takes DAY over a weekend to the next day with a bar', async () => {
    expect(await fillsOf(limit, [null, null, bar(101, 101, 97, 98)])).toHaveLength(1);
  });

  it('keeps GTC, and ends GTD at its time', async () => {
    const later = [101, 101, bar(101, 101, 97, 98)];
    expect(await fillsOf({ ...limit, timeInForce: 'GTC' }, later)).toEqual([[3, '98', '10']]);
    const expireAt = barsOf([1, 1, 1, 1])[3]?.at ?? 0;
    const { order, fills } = await run({ ...limit, timeInForce: 'GTD', expireAt }, later);
    expect(fills).toEqual([]);
    expect(order).toMatchObject({ status: 'EXPIRED', endedAt: expireAt });
  });

  it('fills IOC at the first open as far as there is volume, and cancels the rest', async () => {
    const order = { ...limit, limitPrice: '100', timeInForce: 'IOC' } as const;
    const result = await run(order, [bar(99, 101, 97, 98), bar(90, 91, 89, 90)], { maxVolumeShare: '0.04' });
    expect(result.order).toMatchObject({ status: 'CANCELED', filledQuantity: '4', averagePrice: '99' });
    expect(await fillsOf(order, [bar(100.5, 101, 97, 98)])).toEqual([]);
  });

  it('fills FOK as a whole or not at all', async () => {
    const order = { side: 'BUY', quantity: '10', timeInForce: 'FOK' } as const;
    expect(await fillsOf(order, [101], { maxVolumeShare: '0.09' })).toEqual([]);
    expect(await fillsOf(order, [101], { maxVolumeShare: '0.1' })).toEqual([[1, '100', '10']]);
  });
});

describe('costs and sizes', () => {
  it('fills in parts where the volume is small, each at its own open', async () => {
    const { order, heard, fills } = await run(
      { side: 'BUY', quantity: '7', timeInForce: 'GTC' },
      [101, 102, 103],
      {
        maxVolumeShare: '0.03',
      },
    );
    expect(fills.map(({ price, quantity }) => [price, quantity])).toEqual([
      ['100', '3'],
      ['101', '3'],
      ['102', '1'],
    ]);
    // (3 x 100 + 3 x 101 + 102) / 7
    expect(order?.averagePrice).toBe('100.714285714285714286');
    expect(heard.filter((what) => what.endsWith('FILLED x'))).toEqual([
      ...['PARTIALLY_FILLED x', 'PARTIALLY_FILLED x', 'FILLED x'],
    ]);
  });

  it('charges commission by unit and by value', async () => {
    const { fills, statistics } = await run({ side: 'BUY', quantity: '10' }, [101], {
      commission: { perUnit: '0.005', rate: '0.001' },
    });
    // 10 x 0.005 + 1000 x 0.001
    expect(fills[0]?.fee).toBe('1.05');
    expect(statistics).toMatchObject({ fees: '1.05', finalCash: '98998.95', finalEquity: '100008.95' });
  });

  it('slips orders at the market against them, on the tick, and leaves limits alone', async () => {
    // 100 x 0.03 % = 0.03; 102.5 x 0.03 % = 0.03075, on the tick 0.04
    expect(await fillsOf({ side: 'BUY', ...GTC }, [101], { slippageBps: 3 })).toEqual([[1, '100.03', '10']]);
    expect(
      await fillsOf({ side: 'SELL', ...GTC }, [{ open: 102.5, close: 103 }], { slippageBps: 3 }),
    ).toEqual([[1, '102.46', '10']]);
    const limit = { side: 'BUY', ...GTC, type: 'LIMIT', limitPrice: '101' } as const;
    expect(await fillsOf(limit, [101], { slippageBps: 3 })).toEqual([[1, '100', '10']]);
  });

  it('sizes a notional order by what it fills at, in whole lots', async () => {
    const instruments = [{ symbol: 'TEST', lotSize: '1', multiplier: '2' }];
    expect(
      await fillsOf({ side: 'BUY', notional: '1650' }, [{ open: 110, close: 111 }], { instruments }),
    ).toEqual([[1, '110', '7']]);
    const { order } = await run({ side: 'BUY', notional: '100' }, [101], { instruments });
    expect(order).toMatchObject({ status: 'REJECTED', quantity: null });
  });
});
