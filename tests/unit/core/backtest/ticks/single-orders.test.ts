import { describe, expect, it } from '@jest/globals';
import { replace } from '@omniquant/plugin-sdk';

import { buy, fillsOf, limit, runTicks, sell } from '../../../../support/backtest/run-ticks.ts';
import type { OrderRow } from '../../../../support/backtest/tick-rows.ts';

const FIFO = { fills: { model: 'L3_FIFO', path: 'ADAPTIVE', replenish: 'UPDATE' } } as const;
const BEFORE: readonly OrderRow[] = [
  [0, 'ADD', 1, 1, 100, 5],
  [0, 'ADD', 9, -1, 100.05, 20],
];
const MINE = { 10: [buy(4, limit('100', { ref: 'mine' }))] };
const BEHIND: OrderRow = [20, 'ADD', 2, 1, 100, 6];
const END: OrderRow = [200, 'ADD', 99, 1, 90, 1];

const run = (rows: readonly OrderRow[], script = {}) =>
  runTicks({ orders: [...BEFORE, BEHIND, ...rows, END] }, { ...MINE, ...script }, FIFO);

describe('an order between two of the market', () => {
  it('trades after the one before it, and instead of the one behind it', () => {
    const result = run([
      [30, 'EXECUTE', 1, 5],
      [31, 'EXECUTE', 2, 3],
      [40, 'EXECUTE', 2, 3],
    ]);
    expect(fillsOf(result)).toEqual(['BUY 3 @ 100 +31', 'BUY 1 @ 100 +40']);
  });

  it('comes forward when the one before it is gone', () => {
    expect(
      fillsOf(
        run([
          [30, 'DELETE', 1],
          [31, 'EXECUTE', 2, 6],
        ]),
      ),
    ).toEqual(['BUY 4 @ 100 +31']);
  });

  it('is before one that was replaced, though it stood there first', () => {
    expect(
      fillsOf(
        run([
          [30, 'REPLACE', 1, 3, 100, 5],
          [31, 'EXECUTE', 3, 2],
        ]),
      ),
    ).toEqual(['BUY 2 @ 100 +31']);
  });

  it('stays behind one that only shrinks', () => {
    expect(
      fillsOf(
        run([
          [30, 'REDUCE', 1, 2],
          [31, 'EXECUTE', 1, 3],
        ]),
      ),
    ).toEqual([]);
  });

  it('keeps its place when it shrinks, and loses it when it grows', () => {
    const executions: OrderRow[] = [
      [40, 'EXECUTE', 1, 5],
      [41, 'EXECUTE', 2, 6],
    ];
    expect(fillsOf(run(executions, { 30: [replace('mine', { quantity: '2' })] }))).toEqual([
      'BUY 2 @ 100 +41',
    ]);
    expect(fillsOf(run(executions, { 30: [replace('mine', { quantity: '5' })] }))).toEqual([]);
  });

  it('trades with whatever trades beyond its price', () => {
    const rows: OrderRow[] = [
      [25, 'ADD', 4, 1, 99.99, 8],
      [30, 'EXECUTE', 4, 2],
    ];
    expect(fillsOf(run(rows))).toEqual(['BUY 2 @ 100 +30']);
  });

  it('does not trade with what buyers take', () => {
    expect(fillsOf(run([[30, 'EXECUTE', 9, 20]]))).toEqual([]);
  });

  it('trades with an order that comes to its price', () => {
    expect(fillsOf(run([[30, 'ADD', 5, -1, 100, 3]]))).toEqual(['BUY 3 @ 100 +30']);
  });
});

describe('orders in a book of single orders', () => {
  it('walk its levels, and are not before anybody after a new beginning', () => {
    const orders: OrderRow[] = [
      ...BEFORE,
      [0, 'ADD', 10, -1, 100.05, 2],
      [0, 'ADD', 11, -1, 100.06, 5],
      [30, 'CLEAR'],
      [40, 'ADD', 1, 1, 100, 5],
      END,
    ];
    const result = runTicks({ orders }, { 10: [buy(24)], 50: [sell(1)], 60: [buy(1)] }, FIFO);
    expect(fillsOf(result)).toEqual([...['BUY 22 @ 100.05 +10', 'BUY 2 @ 100.06 +10'], 'SELL 1 @ 100 +50']);
  });

  it('are executed without a series of trades, which the strategy is then told', () => {
    const { fills } = run([[30, 'EXECUTE', 1, 5]], { 40: [buy(1, { type: 'STOP', stopPrice: '100' })] });
    // The last trade at 100 has reached the trigger when the order comes.
    expect(fills).toMatchObject([{ price: '100.05' }]);
  });
});
