import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { BarColumns, BarSeries } from '../../../core/backtest/bar-source.ts';
import { importBars } from '../../../gateway/backtests/market-data/import-bars.ts';
import type { ImportRequest } from '../../../gateway/backtests/market-data/import-terms.ts';
import {
  ALL_BARS,
  type MarketDataSource,
} from '../../../gateway/backtests/market-data/market-data-source.ts';
import { marketDataFolder, openMarketData } from '../../../gateway/backtests/market-data/open-market-data.ts';
import { removeBars } from '../../../gateway/backtests/market-data/remove-bars.ts';
import { type DataFolder, makeDataFolder, minuteLines, MINUTES_START } from '../../support/market-files.ts';
import { runDuckDB } from '../../support/run-duckdb.ts';

const { signal } = new AbortController();
const MINUTES = 'symbol,time,open,high,low,close,volume';
const HEADER = 'date,open,high,low,close,volume';

describe('bars that are imported', () => {
  let folder: DataFolder;
  let store: string;
  beforeEach(() => {
    folder = makeDataFolder();
    store = marketDataFolder(join(folder.path, 'data'));
  });
  afterEach(() => {
    folder.remove();
  });

  const open = (): MarketDataSource => openMarketData(join(folder.path, 'data'));
  const importFile = (file: string, options: Partial<ImportRequest> = {}, aborted = signal) =>
    importBars(
      store,
      {
        ...{ files: [join(folder.path, file)], reading: {}, instrument: {}, replace: false },
        ...options,
      },
      open(),
      aborted,
    );

  async function readAll(series: BarSeries, source = open()): Promise<number[][]> {
    const rows: number[][] = [];
    for await (const block of source.read(series, ALL_BARS, signal)) rows.push(...rowsOf(block));
    return rows;
  }

  /** Nothing of an import that failed is there. */
  function expectNothing(): void {
    expect(
      open()
        .series()
        .map(({ symbol }) => symbol),
    ).toEqual(['AAPL', 'SPX']);
    expect(existsSync(store) ? readdirSync(store) : []).toEqual([]);
  }

  it('are those of the file, with its quotes, its gaps of volume and all its digits', async () => {
    folder.write('acme.csv', [
      'Date,Open,High,Low,Close,"Adj, Volume"',
      '2018-01-02,"10.10",11,"10",10.5,100',
      '2018-01-03,10.5,"10.625",10.25,10.3,',
    ]);
    const [series] = await importFile('acme.csv', {
      reading: { symbol: 'ACME', columns: { volume: 'Adj, Volume' } },
      instrument: { name: 'Acme Corp.' },
    });
    const [first, last] = [Date.UTC(2018, 0, 2, 5), Date.UTC(2018, 0, 3, 5)];
    expect(series).toEqual({ symbol: 'ACME', interval: 'DAY_1', rows: 2, first, last, source: 'acme.csv' });
    expect(await readAll({ symbol: 'ACME', interval: 'DAY_1' })).toEqual([
      [first, 10.1, 11, 10, 10.5, 100],
      [last, 10.5, 10.625, 10.25, 10.3, NaN],
    ]);
    expect(open().instrument('ACME')).toMatchObject({
      tickSize: '0.001',
      name: 'Acme Corp.',
      currency: 'USD',
    });
  });

  it('come from several files, from gzip and from Parquet, with several symbols', async () => {
    const lines = (symbol: string, hour: number) => `${symbol},2018-01-02T${String(hour)}:00:00Z,5,6,4,5,1`;
    folder.write('a.csv.gz', [MINUTES, lines('AB', 15), lines('CD', 15)]);
    folder.write('b.csv', [MINUTES, lines('AB', 16)]);
    const files = ['a.csv.gz', 'b.csv'].map((name) => join(folder.path, name));
    await importBars(
      store,
      { files, reading: { interval: 'HOUR_1' }, instrument: {}, replace: false },
      open(),
      signal,
    );
    expect(
      open()
        .series()
        .filter(({ interval }) => interval === 'HOUR_1'),
    ).toMatchObject([
      { symbol: 'AB', rows: 2, source: 'a.csv.gz, b.csv' },
      { symbol: 'CD', rows: 1 },
    ]);
    await runDuckDB(
      `COPY (SELECT TIMESTAMP '2018-01-02 15:00' + INTERVAL (i) MINUTE AS ts, 1.5 AS o, 2.0 AS h, 1.0 AS l, 1.25 AS c
       FROM range(300) t(i)) TO '${join(folder.path, 'minutes.parquet')}' (FORMAT parquet)`,
    );
    const columns = { time: 'ts', open: 'o', high: 'h', low: 'l', close: 'c' };
    const reading = { symbol: 'BTC/USD', interval: 'MINUTE_1', timeZone: 'UTC', columns } as const;
    await importFile('minutes.parquet', { reading, instrument: { assetClass: 'CRYPTO' } });
    const bars = await readAll({ symbol: 'BTC/USD', interval: 'MINUTE_1' });
    expect([bars.length, bars[299]]).toEqual([300, [Date.UTC(2018, 0, 2, 19, 59), 1.5, 2, 1, 1.25, NaN]]);
    expect(open().instrument('BTC/USD')).toMatchObject({ calendar: 'ALWAYS', lotSize: '0.00000001' });
  });

  it('are read in blocks, within a range, and made into longer bars', async () => {
    folder.write('minutes.csv', minuteLines(17_000));
    const reading = { symbol: 'LONG', interval: 'MINUTE_1' } as const;
    await importFile('minutes.csv', { reading, instrument: { calendar: 'ALWAYS' } });
    const source = open();
    const sizes: number[] = [];
    for await (const { at } of source.read({ symbol: 'LONG', interval: 'MINUTE_1' }, ALL_BARS, signal)) {
      sizes.push(at.length);
    }
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(17_000);
    const range = { from: MINUTES_START + 60_000, to: MINUTES_START + 180_000 };
    const some: number[] = [];
    for await (const { at } of source.read({ symbol: 'LONG', interval: 'MINUTE_1' }, range, signal)) {
      some.push(...at);
    }
    expect(some).toEqual([MINUTES_START + 60_000, MINUTES_START + 120_000]);
    const days = await readAll({ symbol: 'LONG', interval: 'DAY_1' });
    // 17,000 minutes from 15:00 on 2 January: the last day is not over.
    expect(days.length).toBe(12);
    expect(days[1]?.[0]).toBe(Date.UTC(2018, 0, 3));
    await expect(readAll({ symbol: 'LONG', interval: 'SECOND_1' })).rejects.toMatchObject({
      code: 'UNKNOWN_SERIES',
    });
  });

  it.each([
    ['a number that is none', ['2018-01-02,10,11,9,ten,1'], /row 1, column close: "ten" is no decimal/],
    [
      'an empty cell',
      ['2018-01-02,10,11,9,10,1', '2018-01-03,10,,9,10,1'],
      /row 2, column high: "" is no decimal/,
    ],
    ['a price of zero', ['2018-01-02,10,11,0,10,1'], /row 1, column low: "0" is no price above zero/],
    ['a high below the close', ['2018-01-02,10,11,9,12,1'], /row 1, column high/],
    [
      'disorder',
      ['2018-01-03,10,11,9,10,1', '2018-01-02,10,11,9,10,1'],
      /row 2: .* is before the row before it/,
    ],
    [
      'a day twice',
      ['2018-01-02,10,11,9,10,1', '2018-01-02,10,11,9,10,1'],
      /row 2: there are two bars of ACME/,
    ],
    ['too few cells', ['2018-01-02,10,11,9,10,1', '2018-01-03,10,11'], /row 2/],
    ['too many cells', ['2018-01-02,10,11,9,10,1,7'], /row 1/],
    ['a day that is none', ['2018-02-30,10,11,9,10,1'], /row 1, column date: "2018-02-30" is no time/],
    ['a quote that does not end', ['2018-01-02,"10,11,9,10,1', '2018-01-03,10,11,9,10,1'], /row 1/],
    ['a line without end', [`2018-01-02,10,11,9,10,${'1'.repeat(3_000_000)}`], /row 1/],
    ['no rows', [], /has no rows/],
  ])('are refused with the row and the reason: %s', async (_, rows, problem) => {
    folder.write('bad.csv', [HEADER, ...rows]);
    const importing = importFile('bad.csv', { reading: { symbol: 'ACME' } });
    await expect(importing).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringMatching(problem),
    });
    await expect(importing).rejects.toThrow('bad.csv');
    expectNothing();
  });

  it('are refused as a whole when the second of two files is wrong', async () => {
    folder.write('good.csv', [HEADER, '2018-01-02,10,11,9,10,1']);
    folder.write('bad.csv', [HEADER, '2018-01-03,10,11,9,x,1']);
    const files = ['good.csv', 'bad.csv'].map((name) => join(folder.path, name));
    const request = { files, reading: { symbol: 'ACME' }, instrument: {}, replace: false };
    await expect(importBars(store, request, open(), signal)).rejects.toThrow('bad.csv, row 1');
    expectNothing();
  });

  it.each([
    ['an empty file', '', /has no header line/],
    ['a file that is no Parquet', 'PAR1 and more', /cannot be read as Parquet/],
  ])('are refused: %s', async (what, text, problem) => {
    const name = what.includes('Parquet') ? 'bad.parquet' : 'bad.csv';
    folder.write(name, text);
    const importing = importFile(name, { reading: { symbol: 'ACME' } });
    await expect(importing).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringMatching(problem),
    });
    expectNothing();
  });

  it('are refused with the option that is missing or wrong', async () => {
    folder.write('minutes.csv', minuteLines(3));
    const refusal = (options: Partial<ImportRequest>, file = 'minutes.csv') =>
      importFile(file, options).then(
        () => 'nothing was wrong',
        (error: unknown) => (error as { field: string | null }).field ?? (error as Error).message,
      );
    expect(await refusal({ reading: { interval: 'MINUTE_1' } })).toBe('symbol');
    expect(await refusal({ reading: { symbol: 'ACME' } })).toMatch(/set interval/);
    expect(await refusal({}, 'nowhere.csv')).toBe('file');
    expect(await refusal({ reading: { symbol: 'ACME', interval: 'MINUTE_2' as never } })).toBe('interval');
    expect(await refusal({ reading: { symbol: 'ACME', interval: 'MINUTE_1', timeZone: 'Mars' } })).toBe(
      'timeZone',
    );
    const instrument = { tickSize: '0' };
    expect(await refusal({ reading: { symbol: 'ACME', interval: 'MINUTE_1' }, instrument })).toBe('tickSize');
    expectNothing();
  });

  it('replace others only when that is said, and leave nothing of them', async () => {
    const reading = { symbol: 'ACME' };
    folder.write('old.csv', [HEADER, '2018-01-02,10,11,9,10,1']);
    folder.write('new.csv', [HEADER, '2018-01-02,10,11,9,10,1', '2018-01-03,10,11,9,10,1']);
    await importFile('old.csv', { reading, instrument: { tickSize: '0.5' } });
    await expect(importFile('new.csv', { reading })).rejects.toMatchObject({ code: 'ALREADY_STORED' });
    await importFile('new.csv', { reading, replace: true });
    expect(await readAll({ symbol: 'ACME', interval: 'DAY_1' })).toHaveLength(2);
    expect(open().instrument('ACME')?.tickSize).toBe('0.5');
    expect(readdirSync(join(store, 'ACME')).filter((name) => name.endsWith('.parquet'))).toHaveLength(1);
    expect(() => removeBars(store, 'ACNE', null)).toThrow('the nearest is ACME');
    expect(() => removeBars(store, 'ACME', 'HOUR_1')).toThrow('there are DAY_1');
    expect(removeBars(store, 'ACME', null)).toMatchObject([{ interval: 'DAY_1', rows: 2 }]);
    expectNothing();
  });

  it('go before those that come by npm, and give way to them again', async () => {
    folder.write('aapl.csv', [HEADER, '2018-01-02,10,11,9,10,1']);
    await importFile('aapl.csv', { reading: { symbol: 'AAPL' } });
    expect(await readAll({ symbol: 'AAPL', interval: 'DAY_1' })).toHaveLength(1);
    expect(open().instrument('AAPL')).toMatchObject({
      name: 'Apple Inc.',
      tickSize: '0.01',
      lotSize: '0.0001',
    });
    removeBars(store, 'AAPL', 'DAY_1');
    expect(await readAll({ symbol: 'AAPL', interval: 'DAY_1' })).toHaveLength(1_260);
  });

  it('are not there when the import was stopped; what a killed one left goes with the next', async () => {
    folder.write('minutes.csv', minuteLines(2_000));
    const reading = { symbol: 'ACME', interval: 'MINUTE_1' } as const;
    const stop = new AbortController();
    const importing = importFile('minutes.csv', { reading }, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(importing).rejects.toThrow('stopped');
    expectNothing();
    const left = join(store, '.import-left');
    mkdirSync(left, { recursive: true });
    writeFileSync(join(left, '0.parquet'), 'half');
    utimesSync(left, 0, 0);
    await importFile('minutes.csv', { reading });
    expect(readdirSync(store)).toEqual(['ACME']);
  });

  it('say which file is damaged, and what to do', async () => {
    folder.write('acme.csv', [HEADER, '2018-01-02,10,11,9,10,1']);
    await importFile('acme.csv', { reading: { symbol: 'ACME' } });
    const within = join(store, 'ACME');
    const parquet = readdirSync(within).find((name) => name.endsWith('.parquet')) ?? '';
    writeFileSync(join(within, parquet), readFileSync(join(within, parquet)).subarray(0, 100));
    await expect(readAll({ symbol: 'ACME', interval: 'DAY_1' })).rejects.toMatchObject({
      code: 'STORE_DAMAGED',
      message: expect.stringContaining('import them again with --replace'),
    });
    writeFileSync(join(within, 'DAY_1.json'), '{');
    expect(() => open().series()).toThrow('DAY_1.json is not as omniquant writes it');
  });
});

const rowsOf = ({ at, close, high, low, open, volume }: BarColumns): number[][] =>
  [...at].map((start, index) => [
    start,
    ...[open, high, low, close, volume].map((column) => column[index] ?? NaN),
  ]);
