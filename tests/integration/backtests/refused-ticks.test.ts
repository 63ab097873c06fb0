import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { TickKind } from '../../../core/backtest/tick-source.ts';
import {
  createTickImports,
  HEADERS,
  type TickImportOptions,
  type TickImports,
  tickTime,
} from '../../support/backtest/tick-imports.ts';

const { L2, L3, QUOTES, TRADES } = HEADERS;

describe('a file of ticks that is wrong', () => {
  let world: TickImports;
  beforeEach(() => {
    world = createTickImports();
  });
  afterEach(() => {
    world.folder.remove();
  });

  it.each<[string, TickKind, string, readonly string[], RegExp]>([
    [
      'a crossed quote',
      'QUOTES',
      QUOTES,
      [`${tickTime(0)},10.03,10.02,1,1`],
      /row 1, column bid: "10.03" is above .* crossed/,
    ],
    [
      'a size below zero',
      'QUOTES',
      QUOTES,
      [`${tickTime(0)},1,2,-1,1`],
      /row 1, column bid_size: "-1" is below zero/,
    ],
    [
      'disorder',
      'TRADES',
      TRADES,
      [`${tickTime(1)},1,1,`, `${tickTime(0)},1,1,`],
      /row 2: .* is before the row before it/,
    ],
    [
      'a price of zero',
      'TRADES',
      TRADES,
      [`${tickTime(1)},0,1,`],
      /row 1, column price: "0" is no price above zero/,
    ],
    ['a trade of nothing', 'TRADES', TRADES, [`${tickTime(1)},1,,`], /row 1, column size: "" is no decimal/],
    [
      'a side that is none',
      'TRADES',
      TRADES,
      [`${tickTime(1)},1,1,up`],
      /row 1, column side: "up" is no side/,
    ],
    ['a time that is none', 'TRADES', TRADES, [`yesterday,1,1,`], /timeFormat.*yesterday|like "yesterday"/],
    ['too few cells', 'TRADES', TRADES, [`${tickTime(1)},1,1,`, `${tickTime(2)},1`], /row 2/],
    [
      'changes before a snapshot',
      'L2',
      L2,
      [`${tickTime(0)},update,bid,1,1,7`],
      /row 1, column action: .* before any snapshot/,
    ],
    [
      'messages of levels that are missing',
      'L2',
      L2,
      [
        `${tickTime(0)},snapshot,bid,1,1,7`,
        `${tickTime(1)},update,bid,1,2,8`,
        `${tickTime(2)},update,bid,1,2,10`,
      ],
      /row 3, column sequence: "10" leaves messages out \(sequence 10 follows 8\)/,
    ],
    [
      'an action that is none',
      'L2',
      L2,
      [`${tickTime(0)},peek,bid,1,1,7`],
      /column action: "peek" is no action/,
    ],
    [
      'an unknown order',
      'L3',
      L3,
      [`${tickTime(0)},D,4,,,,`],
      /row 1, column order_id: "4" is no order in the book/,
    ],
    [
      'an order twice',
      'L3',
      L3,
      [`${tickTime(0)},A,4,B,1,1,`, `${tickTime(0)},A,4,B,1,1,`],
      /row 2, column order_id: .* already/,
    ],
    [
      'more than is left of an order',
      'L3',
      L3,
      [`${tickTime(0)},A,4,B,1,3,`, `${tickTime(0)},E,4,,,2,`, `${tickTime(0)},E,4,,,2,`],
      /row 3, column size: "2" is more than the 1 left/,
    ],
    [
      'a column that is missing',
      'L2',
      'time,side,price,size',
      [`${tickTime(0)},bid,1,1`],
      /has no action .* columns.snapshot/,
    ],
    ['no rows', 'TRADES', TRADES, [], /has no rows/],
  ])('is not there, and the row and the reason are told: %s', async (_, kind, header, rows, problem) => {
    world.folder.write('bad.csv', [header, ...rows]);
    const importing = world.importFile(kind, 'bad.csv');
    await expect(importing).rejects.toThrow(problem);
    await expect(importing).rejects.toThrow('bad.csv');
    expect([world.open().ticks(), world.entries()]).toEqual([[], []]);
  });

  it('is refused with the option that is wrong', async () => {
    world.folder.write('trades.csv', [TRADES, `${tickTime(0)},10,1,`]);
    const refusal = (options: TickImportOptions, file = 'trades.csv') =>
      world.importFile('TRADES', file, options).then(
        () => 'nothing was wrong',
        (error: unknown) => (error as { field: string | null }).field,
      );
    expect(await refusal({ reading: { columns: { price: 'px' } } })).toBe('columns.price');
    expect(await refusal({ reading: { timeZone: 'Mars' } })).toBe('timeZone');
    expect(await refusal({ reading: { gaps: 'maybe' as never } })).toBe('gaps');
    expect(await refusal({ instrument: { tickSize: '0' } })).toBe('tickSize');
    expect(await refusal({}, 'nowhere.csv')).toBe('file');
    expect(world.open().ticks()).toEqual([]);
  });
});
