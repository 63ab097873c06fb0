import { describe, expect, it } from '@jest/globals';

import { Backtest } from '../../../../../core/backtest/backtest.ts';
import { parseFills } from '../../../../../core/backtest/fills-schema.ts';
import { ticksSource } from '../../../../../core/backtest/tick-source.ts';
import { dataOf, rowsOf, runAll } from '../../../../support/backtest/run-backtest.ts';
import { runTicks, tickSpec } from '../../../../support/backtest/run-ticks.ts';
import { type TickRows, tickSources } from '../../../../support/backtest/tick-rows.ts';

const QUOTES: TickRows = { quotes: [[0, 100, 1, 101, 1]] };
const TRADES: TickRows = { trades: [[0, 100, 1, 0]] };
const LEVELS: TickRows = { levels: [[0, 'SNAPSHOT']] };
const bars = dataOf({ X: rowsOf([[1, 1, 1, 1]]) }).sources;
const open = (model: object, rows: TickRows) =>
  new Backtest(
    tickSpec(() => ({}), { fills: parseFills(model) }),
    { sources: bars, ticks: tickSources(rows) },
  );

describe('a fill model', () => {
  it.each([
    ['L2_WALK', QUOTES, 'needs L2 or L3 of each symbol; of X there are QUOTES'],
    ['L2_WALK', {}, 'of X there are bars'],
    ['QUEUE_POSITION', LEVELS, 'needs L3, or TRADES with L2 or QUOTES of each symbol; of X there are L2'],
    ['QUEUE_POSITION', TRADES, 'of X there are TRADES'],
    ['L3_FIFO', { ...LEVELS, ...TRADES }, 'needs L3 of each symbol; of X there are TRADES, L2'],
    ['VOLUME_SHARE', QUOTES, 'needs bars and no ticks of each symbol; of X there are QUOTES'],
    ['SQUARE_ROOT_IMPACT', TRADES, 'needs bars and no ticks'],
  ])('%s that the data do not do for is refused', (model, rows, text) => {
    expect(() => open({ model }, rows)).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        field: 'fills.model',
        message: expect.stringContaining(text),
      }),
    );
  });

  it.each([
    ['L2_WALK', LEVELS],
    ['QUEUE_POSITION', { ...QUOTES, ...TRADES }],
    ['QUEUE_POSITION', { orders: [[0, 'ADD', 1, 1, 100, 1]] } satisfies TickRows],
    ['BEST_PRICE', TRADES],
    ['VOLUME_SHARE', {}],
  ])('%s that they do for is not', (model, rows) => {
    expect(() => open({ model }, rows)).not.toThrow();
  });

  it('has what is left out, and names what is wrong', () => {
    expect(parseFills({ model: 'QUEUE_POSITION' })).toEqual({
      ...{ model: 'QUEUE_POSITION', path: 'ADAPTIVE', replenish: 'UPDATE' },
      ...{ queue: 'RISK_AVERSE', exponent: 1 },
    });
    expect(() => parseFills({ model: 'L2_WALK', replenish: 'NEVER' })).toThrow('UPDATE, ADDED, EMPTIED');
    expect(() => parseFills({ model: 'QUEUE_POSITION', queue: 'LOG2' })).toThrow(
      'fills.queue has to be one of',
    );
    expect(() => parseFills({ model: 'QUEUE_POSITION', exponent: 0 })).toThrow('has to be above 0');
  });
});

describe('ticks', () => {
  it.each<[string, TickRows, string]>([
    ['that go back', { quotes: [...QUOTES.quotes!, [-1, 1, 1, 2, 1]] }, 'comes before the row before it'],
    ['with a price below zero', { quotes: [[0, -1, 1, 2, 1]] }, 'has a price below zero'],
    ['with a trade of nothing at all', { trades: [[0, NaN, 1, 0]] }, 'has a price that is not above zero'],
    ['with a size below zero', { trades: [[0, 1, -1, 0]] }, 'has a size that is no number from 0'],
    ['without a snapshot', { levels: [[0, 1, 1, 1]] }, 'comes before any snapshot'],
    [
      'of an order that is not there',
      { orders: [[0, 'DELETE', 7]] },
      'does not fit the book: order 7 is not',
    ],
    [
      'that execute more than an order has',
      {
        orders: [
          [0, 'ADD', 1, 1, 100, 2],
          [1, 'EXECUTE', 1, 3],
        ],
      },
      'does not fit the book: 3 lots cannot go',
    ],
    ['of no order', { orders: [[0, 'ADD', 1.5, 1, 100, 2]] }, 'has an order id that is no safe integer'],
  ])('%s are refused with their place', (_, rows, text) => {
    expect(() => runTicks(rows, {})).toThrow(
      expect.objectContaining({ code: 'BAD_TICKS', message: expect.stringContaining(text) }),
    );
  });

  it('with columns of different lengths, or twice of a kind, are refused', () => {
    const short = new Float64Array(1);
    const columns = { at: new Float64Array(2), price: short, size: short, side: new Int8Array(1) };
    const run = (ticks: Parameters<typeof runAll>[1]['ticks']) => () =>
      runAll(
        tickSpec(() => ({})),
        { sources: [], ticks: ticks ?? [] },
      );
    expect(run([ticksSource({ symbol: 'X', kind: 'TRADES' }, columns)])).toThrow(
      'columns of different lengths',
    );
    expect(run([...tickSources(TRADES), ...tickSources(TRADES)])).toThrow(
      'there are two series of TRADES of X',
    );
  });

  it('of other symbols are passed over', () => {
    const result = runAll(
      tickSpec(() => ({})),
      { sources: bars, ticks: tickSources(TRADES, 'OTHER') },
    );
    expect(result.counts).toMatchObject({ bars: 1 });
    expect(result.counts.ticks).toBeUndefined();
  });

  it('do not do for bars that the strategy is given nothing instead of', () => {
    const spec = tickSpec(() => ({}));
    const deaf = { ...spec, strategy: { ...spec.strategy, inputs: () => ({}) } };
    expect(() => runAll(deaf, { sources: [], ticks: tickSources(TRADES) })).toThrow(
      'there are no MINUTE_1 bars of X',
    );
  });
});
