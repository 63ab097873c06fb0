import { describe, expect, it } from '@jest/globals';
import type { StrategyOrder } from '@omniquant/plugin-sdk';

import { placeAfterFirst, shortFills, statuses } from '../../../support/backtest/place-at.ts';
import { type Ohlc, runBars } from '../../../support/backtest/run-backtest.ts';

/*
 * Each order is placed after the bar that ends 60 s after the start, so that it meets the second bar: its open is at
 * +60 s, its extremes at +79 s and +99 s (thirds of 59,999 ms), its close at +119 s. The path is adaptive: the extreme
 * nearer to the open first.
 */
const FIRST: Ohlc = [100, 100, 100, 100];

type Order = Omit<StrategyOrder, 'symbol'>;
const buy = (terms: Partial<Order> = {}): Order => ({
  side: 'BUY',
  quantity: '10',
  timeInForce: 'GTC',
  ...terms,
});
const sell = (terms: Partial<Order> = {}): Order => ({ ...buy(terms), side: 'SELL' });
const run = (order: Order, ...bars: readonly Ohlc[]) => runBars([FIRST, ...bars], placeAfterFirst(order));

it.each<[string, Order, readonly Ohlc[], readonly string[]]>([
  ['MARKET fills at the open of the next bar', buy(), [[101, 104, 99, 103]], ['BUY 10 @ 101 +60s']],
  [
    // Open 101, low 99 first (2 below; the high is 3 above): 101 -> 99 takes 20 s, and 100 lies half-way.
    'LIMIT fills at its price when the path comes to it',
    buy({ type: 'LIMIT', limitPrice: '100' }),
    [[101, 104, 99, 103]],
    ['BUY 10 @ 100 +69s'],
  ],
  [
    'LIMIT below the open fills at the open, which is better',
    buy({ type: 'LIMIT', limitPrice: '103' }),
    [[101, 104, 99, 103]],
    ['BUY 10 @ 101 +60s'],
  ],
  [
    'LIMIT that has rested is passed by a gap and gets the open',
    buy({ type: 'LIMIT', limitPrice: '98' }),
    [
      [100, 101, 99, 100],
      [95, 97, 94, 96],
    ],
    ['BUY 10 @ 95 +120s'],
  ],
  [
    'LIMIT that the bar does not reach rests',
    buy({ type: 'LIMIT', limitPrice: '98' }),
    [[101, 104, 99, 103]],
    [],
  ],
  [
    // High first (1 above, the low 4 below): the fall from 102 to 97 passes 98 after four fifths of 20 s.
    'STOP fills at its trigger when the path passes it',
    sell({ type: 'STOP', stopPrice: '98' }),
    [[101, 102, 97, 99]],
    ['SELL 10 @ 98 +95s'],
  ],
  [
    'STOP that a gap passes fills at the open',
    sell({ type: 'STOP', stopPrice: '98' }),
    [[95, 97, 94, 96]],
    ['SELL 10 @ 95 +60s'],
  ],
  [
    // From the low of 99 at +79.9 s to the high of 104 in 20 s: 102 after three fifths.
    'STOP to buy waits for a rise',
    buy({ type: 'STOP', stopPrice: '102' }),
    [[101, 104, 99, 103]],
    ['BUY 10 @ 102 +91s'],
  ],
  [
    // Triggered on the rise to 104, where 101 is not met again; the next bar falls from 103 at +139.9 s to 100 in 20 s.
    'STOP_LIMIT rests at its limit after the trigger',
    buy({ type: 'STOP_LIMIT', stopPrice: '102', limitPrice: '101' }),
    [
      [101.5, 104, 101.2, 103],
      [103, 103, 100, 100],
    ],
    ['BUY 10 @ 101 +153s'],
  ],
  [
    'MARKET_IF_TOUCHED to buy waits for a fall',
    buy({ type: 'MARKET_IF_TOUCHED', stopPrice: '100' }),
    [[101, 104, 99, 103]],
    ['BUY 10 @ 100 +69s'],
  ],
  [
    'LIMIT_IF_TOUCHED takes at its trigger within its limit',
    buy({ type: 'LIMIT_IF_TOUCHED', stopPrice: '100', limitPrice: '100.5' }),
    [[101, 104, 99, 103]],
    ['BUY 10 @ 100 +69s'],
  ],
  [
    // Starts 2 below 100 at the open; the high of 105 lifts it to 103, which the fall to 99 meets a third of the way.
    'TRAILING_STOP follows the high and fills where it has come to',
    sell({ type: 'TRAILING_STOP', trailingOffset: '2', trailingOffsetType: 'PRICE' }),
    [[104, 105, 99, 101]],
    ['SELL 10 @ 103 +86s'],
  ],
  ['IOC trades at once', buy({ timeInForce: 'IOC' }), [[101, 104, 99, 103]], ['BUY 10 @ 101 +60s']],
])('%s', (_, order, bars, expected) => {
  expect(shortFills(run(order, ...bars))).toEqual(expected);
});

it('cancels an IOC that finds nothing within its limit', () => {
  const result = run(buy({ type: 'LIMIT', limitPrice: '99', timeInForce: 'IOC' }), [101, 104, 98, 103]);
  expect(shortFills(result)).toEqual([]);
  expect(statuses(result)).toEqual(['CANCELED: the rest found no counterparty']);
});

it('sizes a notional order by the price at which it trades', () => {
  const result = run({ side: 'BUY', notional: '1000', timeInForce: 'DAY' }, [99, 104, 99, 103]);
  // 1000 / 99 = 10.1: ten whole units.
  expect(shortFills(result)).toEqual(['BUY 10 @ 99 +60s']);
});

it('rejects a post-only order that would take, and lets one rest that would not', () => {
  const taker = run(buy({ type: 'LIMIT', limitPrice: '102', postOnly: true }), [101, 104, 99, 103]);
  expect(statuses(taker)[0]).toMatch(/^REJECTED/);
  const maker = run(buy({ type: 'LIMIT', limitPrice: '100', postOnly: true }), [101, 104, 99, 103]);
  expect(maker.fills).toMatchObject([{ price: '100', liquidity: 'MAKER' }]);
});

it('cuts a reduce-only order down to the position', () => {
  const result = runBars(
    [FIRST, [100, 100, 100, 100], [101, 101, 101, 101]],
    placeAfterFirst(buy(), sell({ type: 'LIMIT', limitPrice: '101', quantity: '10', reduceOnly: true })),
  );
  // Placed together, there is nothing to reduce yet: the rules refuse it.
  expect(statuses(result)[1]).toMatch(/^DENIED/);
});

describe('a bracket', () => {
  const entry: Order = buy({ takeProfit: { limitPrice: '105' }, stopLoss: { stopPrice: '95' } });

  it('takes its profit at the limit and ends the stop', () => {
    const result = run(entry, [100, 101, 99, 100], [101, 106, 100, 104]);
    expect(shortFills(result)).toEqual(['BUY 10 @ 100 +60s', expect.stringMatching(/^SELL 10 @ 105 /)]);
    expect(result.orders.map(({ role, status }) => `${role} ${status}`)).toEqual([
      'ENTRY FILLED',
      'TAKE_PROFIT FILLED',
      'STOP_LOSS CANCELED',
    ]);
    expect(result.equity.at(-1)?.equity).toBe(String(100_000 + 10 * (105 - 100)));
  });

  it('stops at the trigger, which the gateway watches, and ends the take profit first', () => {
    const result = run(entry, [100, 101, 99, 100], [99, 100, 94, 96]);
    // From the high of 100 to the low of 94 in 20 s: 95 after five sixths.
    expect(shortFills(result)).toEqual(['BUY 10 @ 100 +60s', 'SELL 10 @ 95 +156s']);
    expect(result.orders.map(({ status }) => status)).toEqual(['FILLED', 'CANCELED', 'FILLED']);
  });

  it('stops at the open after a gap', () => {
    const result = run(entry, [100, 101, 99, 100], [90, 91, 89, 90]);
    expect(shortFills(result)).toEqual(['BUY 10 @ 100 +60s', 'SELL 10 @ 90 +120s']);
  });

  it('takes what the path meets first where a bar reaches both', () => {
    // Open 101: the high of 106 is 5 away, the low of 94 is 7 away.
    const high = run(entry, [100, 101, 99, 100], [101, 106, 94, 100]);
    expect(shortFills(high)[1]).toMatch(/^SELL 10 @ 105 /);
    const low = run(entry, [100, 101, 99, 100], [99, 106, 94, 100]);
    expect(shortFills(low)[1]).toMatch(/^SELL 10 @ 95 /);
  });
});
