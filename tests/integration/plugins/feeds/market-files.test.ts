import { existsSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FileEvent, openMarketFiles } from '@omniquant/market-files';

import {
  type DataFolder,
  makeDataFolder,
  minuteLines,
  MINUTES_START,
} from '../../../support/market-files.ts';

const { signal } = new AbortController();
const DUCKDB = '@duckdb/node-api';
const ALL = { from: null, to: null };
const SHARED = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
const withSamples = existsSync(join(SHARED, 'us_daily_lean.csv.gz')) ? it : it.skip;

type Source = Parameters<typeof openMarketFiles>[0]['sources'][number];

async function readAll(
  source: Source,
  range: { from: number | null; to: number | null } = ALL,
): Promise<FileEvent[][]> {
  const files = await openMarketFiles({ sources: [source] }, signal);
  try {
    const all: FileEvent[][] = [];
    for (const series of files.series) {
      const events: FileEvent[] = [];
      for await (const event of files.read(series, range, signal)) events.push(event);
      all.push(events);
    }
    return all;
  } finally {
    files.close();
  }
}

/** By the library's own DuckDB. */
async function runSql(sql: string): Promise<void> {
  const ofLibrary = createRequire(new URL('../../../../plugins/market-files/package.json', import.meta.url));
  const { DuckDBInstance } = ofLibrary(DUCKDB) as {
    DuckDBInstance: { create(): Promise<{ connect(): Promise<{ run(sql: string): Promise<unknown> }> }> };
  };
  await (await (await DuckDBInstance.create()).connect()).run(sql);
}

describe('files of market data', () => {
  let folder: DataFolder;
  const minutes = (files: string): Source => ({
    folder: folder.path,
    files,
    symbol: 'AAPL',
    interval: 'MINUTE_1',
  });

  beforeAll(() => {
    folder = makeDataFolder();
  });
  afterAll(() => {
    folder.remove();
  });

  it.each<[string, string, RegExp]>([
    ['text for a price', '2018-01-02T15:01:00Z,ten,11,9,10,5', /row 2, column open: "ten" is no decimal/],
    ['NaN', '2018-01-02T15:01:00Z,10,NaN,9,10,5', /row 2, column high: "NaN" is no decimal/],
    [
      'a price below zero',
      '2018-01-02T15:01:00Z,10,11,-9,10,5',
      /row 2, column low: "-9" is no price above zero/,
    ],
    ['an empty price', '2018-01-02T15:01:00Z,10,11,9,,5', /row 2, column close: "" is no decimal/],
    ['a high below the close', '2018-01-02T15:01:00Z,10,11,9,12,5', /row 2, column high: "11" is below/],
    ['a volume below zero', '2018-01-02T15:01:00Z,10,11,9,10,-5', /row 2, column volume: "-5" is below zero/],
    ['a time that is none', '2018-02-30T15:01:00Z,10,11,9,10,5', /row 2, column time: .* is no time/],
    ['a time between bars', '2018-01-02T15:01:07Z,10,11,9,10,5', /row 2, column time: .* begin or end/],
    ['a bar twice', '2018-01-02T15:00:00Z,10,11,9,10,5', /row 2: there are two bars of AAPL/],
    ['a bar that comes late', '2018-01-02T14:59:00Z,10,11,9,10,5', /row 2: .* sort the file/],
    [
      'too many cells',
      '2018-01-02T15:01:00Z,10,11,9,10,5,6',
      /row 2: .*Expected Number of Columns: 6 Found: 7/,
    ],
    ['too few cells', '2018-01-02T15:01:00Z,10', /row 2: .*Expected Number of Columns: 6 Found: 2/],
  ])('with %s are refused as a whole, with row and reason', async (_, row, reason) => {
    folder.write('bad/a.csv', minuteLines(5));
    folder.write('bad/b.csv', ['time,open,high,low,close,volume', '2018-01-02T15:00:00Z,10,11,9,10,5', row]);
    const opening = openMarketFiles(
      { sources: [{ ...minutes('bad/a.csv'), symbol: 'SPY' }, minutes('bad/b.csv')] },
      signal,
    );
    await expect(opening).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringMatching(new RegExp(`file b\\.csv, ${reason.source}`)),
    });
  });

  it('that overlap, are empty, or are no gzip are refused', async () => {
    folder.write('over/a.csv', minuteLines(5));
    folder.write('over/b.csv', minuteLines(3));
    folder.write('empty.csv', '');
    folder.write('header.csv', ['time,open,high,low,close']);
    folder.write('nogzip.csv', minuteLines(3));
    symlinkSync(join(folder.path, 'nogzip.csv'), join(folder.path, 'linked.csv'));
    await expect(readAll(minutes('over/*.csv'))).rejects.toMatchObject({ code: 'DATA_INVALID' });
    await expect(readAll(minutes('empty.csv'))).rejects.toThrow('has no header line');
    await expect(readAll(minutes('header.csv'))).rejects.toThrow('has no rows');
    // A link within the folder is as good as the file.
    expect((await readAll(minutes('linked.csv')))[0]).toHaveLength(3);
  });

  it('outside of the folder are not read, be it by name or by a link', async () => {
    const outside = makeDataFolder();
    try {
      outside.write('secret.csv', minuteLines(3));
      symlinkSync(join(outside.path, 'secret.csv'), join(folder.path, 'escape.csv'));
      for (const name of ['../*.csv', '/etc/passwd', 'a/../../x.csv', 'escape.csv']) {
        await expect(readAll(minutes(name))).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
      }
    } finally {
      outside.remove();
    }
  });

  it('are known by names that SQL would take for something else', async () => {
    const name = `o'hara "; drop table x --.csv`;
    folder.write(name, minuteLines(3));
    folder.write('columns.csv', [`time,"o'pen; --",high,low,close`, '2018-01-02T15:00:00Z,10,11,9,10']);
    expect((await readAll(minutes("o'hara*")))[0]).toHaveLength(3);
    const columns = { open: "o'pen; --" };
    expect((await readAll({ ...minutes('columns.csv'), columns }))[0]).toMatchObject([
      { open: '10', volume: null },
    ]);
  });

  it('are read in any range as whole, packed or not, and refused once they have changed', async () => {
    folder.write('range.csv.gz', minuteLines(200));
    const [whole = []] = await readAll(minutes('range.csv.gz'));
    expect(whole).toHaveLength(200);
    const [from, to] = [MINUTES_START + 50 * 60_000, MINUTES_START + 60 * 60_000];
    expect((await readAll(minutes('range.csv.gz'), { from, to }))[0]).toEqual(whole.slice(50, 60));

    const files = await openMarketFiles({ sources: [minutes('range.csv.gz')] }, signal);
    const [series] = files.series;
    if (series === undefined) throw new Error('there is no series');
    folder.write('range.csv.gz', minuteLines(201));
    const reading = files.read(series, ALL, signal)[Symbol.asyncIterator]().next();
    await expect(reading).rejects.toThrow('has changed');
    files.close();
  });

  it.each([
    ['timestamps and decimals', 'TIMESTAMP', 'DECIMAL(18, 4)'],
    ['timestamps with a zone and floats', 'TIMESTAMPTZ', 'DOUBLE'],
    ['epochs and texts', null, 'VARCHAR'],
  ])('in Parquet, with %s, are read as those in CSV, in any range', async (_, timeType, priceType) => {
    folder.write('same.csv', minuteLines(3_000));
    const path = join(folder.path, 'same.parquet');
    const at = `replace("time", 'Z', '')::TIMESTAMP`;
    const time = timeType === null ? `epoch_us(${at}) AS time` : `${at}::${timeType} AS time`;
    const all = ['open', 'high', 'low', 'close'].map((name) => `${name}::${priceType} AS ${name}`);
    await runSql(
      `SET TimeZone = 'UTC'; COPY (SELECT ${[time, ...all, 'volume'].join(', ')}
        FROM read_csv('${join(folder.path, 'same.csv')}', all_varchar = true))
        TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
    );
    const source = { ...minutes('same.parquet'), timeZone: 'UTC' };
    const [csv = []] = await readAll(minutes('same.csv'));
    expect((await readAll(source))[0]).toEqual(csv);
    const range = { from: MINUTES_START + 2_500 * 60_000, to: MINUTES_START + 2_510 * 60_000 };
    expect((await readAll(source, range))[0]).toEqual(csv.slice(2_500, 2_510));
  });

  withSamples('of LEAN are read: hours make days, minutes their hours, ticks their order', async () => {
    const lean = { folder: SHARED, timeZone: 'America/New_York', priceScale: '10000', symbol: 'SPY' };
    const [hours = []] = await readAll({ ...lean, files: 'spy_hour_1998_2021.csv.gz', interval: 'HOUR_1' });
    const daily = await readAll({ folder: SHARED, files: 'us_daily_lean.csv.gz' });
    const days = daily.flat().filter(({ symbol }) => symbol === 'SPY');
    const closes = new Map<string, string>();
    for (const event of hours) {
      if (event.kind === 'bar') closes.set(new Date(event.at).toISOString().slice(0, 10), event.close);
    }
    let equal = 0;
    for (const event of days) {
      const day = new Date(event.at).toISOString().slice(0, 10);
      if (event.kind === 'bar' && closes.get(day) === event.close) equal += 1;
    }
    // That many the files' own description says.
    expect([hours.length, equal]).toEqual([40_832, 5_849]);
    const trades = await readAll({
      ...lean,
      symbol: 'IBM',
      files: 'ibm_tick_trade_20131007.csv.gz',
      date: '2013-10-07',
    });
    expect(trades[0]).toHaveLength(24_293);
  });
});
