import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { importTicks } from '../../../gateway/backtests/market-data/import-ticks.ts';
import { removeSeries } from '../../../gateway/backtests/market-data/remove-series.ts';
import {
  createTickImports,
  HEADERS,
  type TickImports,
  TICKS_START,
  tickTime,
} from '../../support/backtest/tick-imports.ts';

const { signal } = new AbortController();
const { L2, L3, QUOTES, TRADES } = HEADERS;

describe('ticks that are imported', () => {
  let world: TickImports;
  beforeEach(() => {
    world = createTickImports();
  });
  afterEach(() => {
    world.folder.remove();
  });

  it('are quotes: an empty side, an unknown size, fractions of a millisecond', async () => {
    world.folder.write('quotes.csv', [
      QUOTES,
      `${tickTime(0, '.0001')},10.00,10.02,100,200`,
      `${tickTime(0, '.0002')},,10.02,,200`,
      `${tickTime(1)},10.005,10.02,0,`,
    ]);
    const [imported] = await world.importFile('QUOTES', 'quotes.csv', { instrument: { name: 'Acme' } });
    const first = TICKS_START + 0.1;
    const last = TICKS_START + 1_000;
    expect(imported).toEqual({
      series: { symbol: 'ACME', kind: 'QUOTES', rows: 3, first, last, source: 'quotes.csv' },
      gaps: 0,
      firstGaps: [],
    });
    expect(world.open().ticks()).toEqual([imported?.series]);
    expect(world.open().instrument('ACME')).toMatchObject({ name: 'Acme', tickSize: '0.001' });
    expect(await world.rows({ symbol: 'ACME', kind: 'QUOTES' })).toEqual([
      { at: first, bid: 10, bidSize: 100, ask: 10.02, askSize: 200 },
      { at: TICKS_START + 0.2, bid: NaN, bidSize: NaN, ask: 10.02, askSize: 200 },
      { at: last, bid: 10.005, bidSize: 0, ask: 10.02, askSize: NaN },
    ]);
  });

  it('are trades of several files and symbols, from gzip, of epochs, with who took', async () => {
    const epoch = (ms: number): string => `${String(TICKS_START + ms)}123456`;
    world.folder.write('b.csv.gz', ['ticker;ts;px;qty;is_buyer_maker', `AB;${epoch(2)};5;1;true`]);
    world.folder.write('a.csv.gz', [
      'ticker;ts;px;qty;is_buyer_maker',
      `AB;${epoch(0)};4;1;false`,
      `CD;${epoch(1)};7;2;true`,
    ]);
    const files = ['b.csv.gz', 'a.csv.gz'].map((name) => join(world.folder.path, name));
    const request = { files, reading: { kind: 'TRADES' }, instrument: {}, replace: false } as const;
    const imported = await importTicks(world.store, request, world.open(), signal);
    expect(imported.map(({ series: { rows, symbol } }) => [symbol, rows])).toEqual([
      ['AB', 2],
      ['CD', 1],
    ]);
    const [first, second] = await world.rows({ symbol: 'AB', kind: 'TRADES' });
    expect([first?.['side'], second?.['side'], second?.['price']]).toEqual([1, -1, 5]);
    expect((first?.['at'] ?? 0) - TICKS_START).toBeCloseTo(0.123_456, 3);
  });

  it('are price levels: each snapshot empties the book; messages are counted where the feed names updates', async () => {
    const header = 'time,type,side,price,qty,first_update_id,last_update_id,prev_update_id';
    world.folder.write('linked.csv', [
      header,
      `${tickTime(0)},snapshot,bid,10,5,,100,`,
      `${tickTime(0)},snapshot,ask,11,6,,100,`,
      // It is in the snapshot already.
      `${tickTime(1)},update,bid,9,1,90,95,89`,
      `${tickTime(2)},update,bid,10,0,96,103,95`,
      `${tickTime(2)},update,bid,10.5,2,96,103,95`,
      `${tickTime(3)},delete,ask,11,,104,104,103`,
    ]);
    await world.importFile('L2', 'linked.csv', { instrument: { tickSize: '0.5' } });
    const rows = await world.rows({ symbol: 'ACME', kind: 'L2' });
    expect(
      rows.map(({ action, price, sequence, side, size }) => [action, side, price, size, sequence]),
    ).toEqual([
      [1, 0, NaN, NaN, 1],
      [0, 1, 10, 5, 1],
      [0, -1, 11, 6, 1],
      [0, 1, 10, 0, 2],
      [0, 1, 10.5, 2, 2],
      [0, -1, 11, 0, 3],
    ]);
    // The middle of 10 and 11, then of 10.5 and 11; with one side there is none.
    expect(await world.bars({ symbol: 'ACME', interval: 'SECOND_1' })).toEqual([
      [0, 10.5, 10.5, 10.5, 10.5, NaN],
      [2, 10.75, 10.75, 10.75, 10.75, NaN],
    ]);
  });

  it('are orders, under the ids of the feed or numbered', async () => {
    world.folder.write('orders.csv', [
      L3,
      `${tickTime(0)},A,7f-a,B,10,5,`,
      `${tickTime(0)},A,7f-b,S,11,6,`,
      `${tickTime(1)},E,7f-a,,,2,`,
      `${tickTime(2)},U,7f-b,,11.5,4,7f-c`,
      `${tickTime(3)},X,7f-a,,,3,`,
      `${tickTime(4)},D,7f-c,,,,`,
      `${tickTime(5)},A,7f-a,B,10,1,`,
      `${tickTime(6)},clear,,,,,`,
      `${tickTime(7)},A,7f-a,B,10,1,`,
    ]);
    await world.importFile('L3', 'orders.csv');
    const rows = await world.rows({ symbol: 'ACME', kind: 'L3' });
    expect(rows.map(({ action, newOrderId, orderId }) => [action, orderId, newOrderId])).toEqual([
      [0, 1, NaN],
      [0, 2, NaN],
      [2, 1, NaN],
      [4, 2, 3],
      [1, 1, NaN],
      [3, 3, NaN],
      [0, 4, NaN],
      [5, NaN, NaN],
      [0, 5, NaN],
    ]);
  });

  it('may lack messages when that is said, and where is told', async () => {
    world.folder.write('gaps.csv', [
      L2,
      `${tickTime(0)},snapshot,bid,1,1,7`,
      `${tickTime(1)},update,bid,1,2,9`,
      `${tickTime(2)},snapshot,bid,1,1,4`,
    ]);
    const [imported] = await world.importFile('L2', 'gaps.csv', { reading: { gaps: 'keep' } });
    expect(imported).toMatchObject({ gaps: 1, firstGaps: ['file gaps.csv, row 2: sequence 9 follows 7'] });
  });

  it('are read from what says how the market is where a range begins', async () => {
    world.folder.write('quotes.csv', [QUOTES, ...[0, 10, 20].map((second) => `${tickTime(second)},1,2,1,1`)]);
    world.folder.write('book.csv', [
      L2,
      `${tickTime(0)},snapshot,bid,1,1,1`,
      `${tickTime(5)},snapshot,bid,1,1,1`,
      `${tickTime(10)},update,bid,1,2,2`,
      `${tickTime(20)},update,bid,1,2,3`,
    ]);
    await world.importFile('QUOTES', 'quotes.csv');
    await world.importFile('L2', 'book.csv');
    const range = { from: TICKS_START + 15_000, to: TICKS_START + 20_000 };
    const seconds = (rows: readonly Record<string, number>[]) =>
      rows.map((row) => ((row['at'] ?? 0) - TICKS_START) / 1_000);
    expect(seconds(await world.rows({ symbol: 'ACME', kind: 'QUOTES' }, range))).toEqual([10]);
    expect(seconds(await world.rows({ symbol: 'ACME', kind: 'L2' }, range))).toEqual([5, 5, 10]);
  });

  it('make bars of every interval where there are none: of trades before quotes', async () => {
    world.folder.write('quotes.csv', [
      QUOTES,
      `${tickTime(0)},1,3,1,1`,
      `${tickTime(1)},3,,1,`,
      `${tickTime(2)},3,5,1,1`,
    ]);
    await world.importFile('QUOTES', 'quotes.csv');
    expect(await world.bars({ symbol: 'ACME', interval: 'SECOND_1' })).toEqual([
      [0, 2, 2, 2, 2, NaN],
      [2, 4, 4, 4, 4, NaN],
    ]);
    const trades = [
      `${tickTime(0)},10,1,`,
      `${tickTime(0, '.5')},12,2,`,
      `${tickTime(0, '.9')},11,3,`,
      `${tickTime(1)},9,4,`,
    ];
    world.folder.write('trades.csv', [TRADES, ...trades, '2018-01-02T15:01:00Z,8,1,']);
    await world.importFile('TRADES', 'trades.csv');
    expect((await world.bars({ symbol: 'ACME', interval: 'SECOND_1' })).slice(0, 2)).toEqual([
      [0, 10, 12, 10, 11, 6],
      [1, 9, 9, 9, 9, 4],
    ]);
    expect((await world.bars({ symbol: 'ACME', interval: 'MINUTE_1' }))[0]).toEqual([0, 10, 12, 9, 9, 10]);
  });

  it('give way only when that is said, lie beside bars, and are removed by kind or together', async () => {
    world.folder.write('trades.csv', [TRADES, `${tickTime(0)},10,1,`]);
    await world.importFile('TRADES', 'trades.csv');
    await expect(world.importFile('TRADES', 'trades.csv')).rejects.toMatchObject({
      code: 'ALREADY_STORED',
      message: 'trades of ACME were imported from trades.csv already: replace them with --replace',
    });
    await world.importFile('TRADES', 'trades.csv', { replace: true });
    expect(readdirSync(join(world.store, 'ACME')).filter((name) => name.endsWith('.parquet'))).toHaveLength(
      1,
    );
    expect(() => removeSeries(world.store, 'ACME', { ticks: 'L2' })).toThrow('there are trades');
    expect(() => removeSeries(world.store, 'ACNE', { ticks: 'TRADES' })).toThrow('the nearest is ACME');
    expect(() => removeSeries(world.store, 'NONE', null)).toThrow('no bars of NONE were imported');
    expect(removeSeries(world.store, 'ACME', null)).toMatchObject([{ kind: 'TRADES', rows: 1 }]);
    expect(readdirSync(world.store)).toEqual([]);
  });
});
