import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import {
  type ActionsImportRequest,
  importActions,
} from '../../../gateway/backtests/market-data/import-actions.ts';
import { marketDataFolder, openMarketData } from '../../../gateway/backtests/market-data/open-market-data.ts';
import { removeSeries } from '../../../gateway/backtests/market-data/remove-series.ts';
import { type DataFolder, makeDataFolder } from '../../support/market-files.ts';
import { runDuckDB } from '../../support/run-duckdb.ts';

const { signal } = new AbortController();
const HEADER = 'symbol,date,type,value';
const SPLIT = { kind: 'SPLIT', symbol: 'ACME', exDay: '2020-08-31', to: 4, from: 1 };
const DIVIDEND = { kind: 'DIVIDEND', symbol: 'ACME', exDay: '2020-08-07', amount: '0.82' };

let folder: DataFolder;
let store: string;
beforeEach(() => {
  folder = makeDataFolder();
  store = marketDataFolder(join(folder.path, 'data'));
});
afterEach(() => {
  folder.remove();
});

const stored = (symbol: string) => openMarketData(join(folder.path, 'data')).actions(symbol);
const importFiles = (files: readonly string[], reading: ActionsImportRequest['reading'] = {}) =>
  importActions(store, { files: files.map((file) => join(folder.path, file)), reading }, signal);

describe('splits and dividends that are imported', () => {
  it('are kept beside the series of their symbols, in the order of their days', async () => {
    folder.write('all.csv', [
      HEADER,
      'ACME,2020-08-31,split,4:1',
      'ACME,2020-08-07,dividend,0.82',
      'BRK-B,2010-01-21,SPLIT,50',
    ]);
    const imported = await importFiles(['all.csv']);
    expect(imported.map(({ actions, symbol }) => [symbol, actions.length])).toEqual([
      ['ACME', 2],
      ['BRK-B', 1],
    ]);
    expect(stored('ACME')).toEqual({ symbol: 'ACME', source: 'all.csv', actions: [DIVIDEND, SPLIT] });
    expect(stored('BRK-B')?.actions).toMatchObject([{ to: 50, from: 1 }]);
    expect(stored('MSFT')).toBeNull();
    expect(readdirSync(store).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('may be compressed, of one symbol, in several files, and under names of their own', async () => {
    folder.write('splits.csv.gz', ['Effective;Type;Ratio', '2020-08-31;Split;4/1']);
    folder.write('paid.csv', ['Effective,type,money', '2020-08-07,dividend,0.82']);
    await importFiles(['splits.csv.gz'], { symbol: 'ACME', columns: { date: 'Effective' } });
    expect(stored('ACME')?.actions).toEqual([SPLIT]);
    folder.write('splits.csv', ['Effective,type,money', '2020-08-31,split,4']);
    const columns = { date: 'Effective', value: 'money' };
    await importFiles(['splits.csv', 'paid.csv'], { symbol: 'ACME', columns });
    expect(stored('ACME')).toMatchObject({ source: 'splits.csv, paid.csv', actions: [DIVIDEND, SPLIT] });
  });

  it('may be Parquet, with days, times and numbers as such', async () => {
    for (const [name, type] of [
      ['days.parquet', 'DATE'],
      ['times.parquet', 'TIMESTAMP'],
    ] as const) {
      await runDuckDB(`COPY (SELECT 'ACME' AS symbol, day::${type} AS ex_date, type, value FROM (VALUES
        ('2020-08-07', 'dividend', 0.82::DOUBLE), ('2020-08-31', 'split', 4::DOUBLE)) AS rows (day, type, value))
        TO '${join(folder.path, name)}' (FORMAT parquet)`);
      await importFiles([name]);
      expect(stored('ACME')).toEqual({ symbol: 'ACME', source: name, actions: [DIVIDEND, SPLIT] });
    }
  });

  it('take the place of those that their symbol had, and leave others alone', async () => {
    folder.write('old.csv', [HEADER, 'ACME,2020-08-07,dividend,9', 'OTHER,2020-08-07,dividend,1']);
    folder.write('new.csv', [HEADER, 'ACME,2020-08-31,split,4:1']);
    await importFiles(['old.csv']);
    await importFiles(['new.csv']);
    expect(stored('ACME')?.actions).toEqual([SPLIT]);
    expect(stored('OTHER')?.source).toBe('old.csv');
  });

  it('are removed alone, or with all that is of their symbol', async () => {
    folder.write('all.csv', [HEADER, 'ACME,2020-08-31,split,4:1', 'OTHER,2020-08-07,dividend,1']);
    await importFiles(['all.csv']);
    expect(removeSeries(store, 'ACME', { actions: true })).toMatchObject([{ symbol: 'ACME' }]);
    expect(stored('ACME')).toBeNull();
    expect(() => removeSeries(store, 'OTHR', { actions: true })).toThrow('the nearest is OTHER');
    expect(removeSeries(store, 'OTHER', null)).toMatchObject([{ symbol: 'OTHER' }]);
    expect(readdirSync(store)).toEqual([]);
    expect(() => removeSeries(store, 'OTHER', null)).toThrow('no bars of OTHER were imported');
  });
});

describe('a file of splits and dividends that is wrong', () => {
  const good = 'ACME,2020-08-07,dividend,0.82';

  it.each<[string, readonly string[], RegExp]>([
    ['a day that is none', [good, 'ACME,2020-02-30,split,4'], /row 2: the date "2020-02-30" is no day/],
    ['a type that is none', ['ACME,2020-08-31,merger,4'], /row 1: the type "MERGER" is neither/],
    [
      'a ratio that is none',
      [good, 'ACME,2020-08-31,split,4-1'],
      /row 2: the split "4-1" is no ratio such as/,
    ],
    [
      'an amount below zero',
      ['ACME,2020-08-07,dividend,-1'],
      /row 1: the dividend "-1" is no decimal above 0/,
    ],
    ['no symbol', [good, ',2020-08-07,dividend,1'], /row 2: names no symbol/],
    ['a symbol that is none', ['ac me,2020-08-07,dividend,1'], /row 1: the symbol "ac me" is none/],
    [
      'a split twice',
      ['ACME,2020-08-31,split,4', good, 'ACME,2020-08-31,split,4:1'],
      /row 3: the split of ACME on 2020-08-31 is there already \(file bad\.csv, row 1\): leave it out/,
    ],
    ['a dividend twice', [good, good], /row 2: the dividend of ACME on 2020-08-07 is there already/],
    ['too few cells', [good, 'ACME,2020-08-31'], /row 2/],
    ['no rows', [], /has no rows/],
  ])('changes nothing, and the row and the reason are told: %s', async (_, rows, problem) => {
    folder.write('before.csv', [HEADER, 'ACME,2020-08-31,split,2:1']);
    await importFiles(['before.csv']);
    folder.write('fine.csv', [HEADER, 'OTHER,2020-08-31,split,2:1']);
    folder.write('bad.csv', [HEADER, ...rows]);
    const importing = importFiles(['fine.csv', 'bad.csv']);
    await expect(importing).rejects.toThrow(problem);
    await expect(importing).rejects.toMatchObject({ code: 'DATA_INVALID' });
    expect(stored('ACME')?.source).toBe('before.csv');
    expect(stored('OTHER')).toBeNull();
  });

  it('is refused with the option or the column that is wrong', async () => {
    folder.write('bad.csv', ['date,type', '2020-08-31,split']);
    const refusal = (reading: ActionsImportRequest['reading'], file = 'bad.csv') =>
      importFiles([file], reading).then(
        () => 'nothing was wrong',
        (error: unknown) => [(error as { field: string | null }).field, String(error)].join(' '),
      );
    expect(await refusal({})).toMatch(/^symbol .*file bad\.csv has no column of symbols/);
    expect(await refusal({ symbol: 'ACME' })).toMatch(
      /has no value among date, type: call one of them value/,
    );
    expect(await refusal({ columns: { dat: 'date' } as never })).toMatch(
      /^columns\.dat .*the nearest is date/,
    );
    expect(await refusal({ columns: { value: 'v' } })).toMatch(/^columns\.value .*is v, .* but date, type/);
    expect(await refusal({}, 'nowhere.csv')).toMatch(/^file .*nowhere\.csv is no file/);
    expect(existsSync(store)).toBe(false);
  });
});
