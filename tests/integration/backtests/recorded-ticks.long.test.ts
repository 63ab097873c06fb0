import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, it } from '@jest/globals';

import { importBars } from '../../../gateway/backtests/market-data/import-bars.ts';
import { ALL_BARS, type BarRange } from '../../../gateway/backtests/market-data/market-data-source.ts';
import { createTickImports, type TickImports } from '../../support/backtest/tick-imports.ts';
import { describeFeeds, feedMessages } from '../../support/venue/recorded-feeds.ts';

const SHARED = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const { signal } = new AbortController();
const DAY: BarRange = { from: Date.parse('2013-10-07T04:00Z'), to: Date.parse('2013-10-08T04:00Z') };
const SPY = { symbol: 'SPY', priceScale: '10000' };

type Levels = readonly (readonly [string, string])[];

describeFeeds('recorded ticks and books (../shared) that are imported', () => {
  let world: TickImports;
  beforeEach(() => {
    world = createTickImports();
  });
  afterEach(() => {
    world.folder.remove();
  });

  /** Open, high, low, close, volume by start. */
  async function minutesOf(symbol: string): Promise<Map<number, readonly number[]>> {
    const minutes = new Map<number, readonly number[]>();
    for await (const block of world.open().read({ symbol, interval: 'MINUTE_1' }, DAY, signal)) {
      const { at, close, high, low, open, volume } = block;
      at.forEach((start, index) =>
        minutes.set(
          start,
          [open, high, low, close, volume].map((column) => column[index] ?? NaN),
        ),
      );
    }
    return minutes;
  }

  const importShared = (file: string, interval: 'SECOND_1' | 'MINUTE_1') =>
    importBars(
      world.store,
      { files: [SHARED + file], reading: { ...SPY, interval }, instrument: {}, replace: true },
      world.open(),
      signal,
    );

  it('are SPY’s trades, whose minutes are those of the minute file: all of them, volumes in all but a few', async () => {
    const [imported] = await world.importFile('TRADES', '', {
      files: [`${SHARED}spy_tick_trade_20131007.csv.gz`],
      reading: { ...SPY, date: '2013-10-07' },
    });
    expect(imported?.series.rows).toBe(250_601);
    const made = await minutesOf('SPY');
    await importShared('spy_minute_trade_201310.csv.gz', 'MINUTE_1');
    const told = await minutesOf('SPY');
    expect([...made.keys()]).toEqual([...told.keys()]);
    const same = (place: number): number =>
      [...told].filter(([at, bar]) => made.get(at)?.[place] === bar[place]).length / told.size;
    // The minute file leaves out prints that the exchanges marked, which the ticks have.
    expect(same(4)).toBeGreaterThan(0.99);
    for (const place of [0, 1, 2, 3]) expect(same(place)).toBeGreaterThan(0.93);
  });

  it('are SPY’s seconds: their minutes have the high, low and close of the minute file', async () => {
    await importShared('spy_second_trade_201310.csv.gz', 'SECOND_1');
    const made = await minutesOf('SPY');
    await importShared('spy_minute_trade_201310.csv.gz', 'MINUTE_1');
    const told = await minutesOf('SPY');
    const differing = [...told].filter(([at, bar]) =>
      [1, 2, 3].some((place) => made.get(at)?.[place] !== bar[place]),
    );
    expect([told.size > 800, differing]).toEqual([true, []]);
  });

  it('are quotes: IBM’s with one side empty, SPY’s of a second, known at its end', async () => {
    const [ibm] = await world.importFile('QUOTES', '', {
      files: [`${SHARED}ibm_tick_quote_20131007.csv.gz`],
      reading: { symbol: 'IBM', priceScale: '10000', date: '2013-10-07' },
    });
    const [spy] = await world.importFile('QUOTES', '', {
      files: [`${SHARED}spy_second_quote_201310.csv.gz`],
      reading: { ...SPY, interval: 'SECOND_1' },
    });
    expect([ibm?.series.rows, spy?.series.rows]).toEqual([109_067, 144_886]);
    expect(spy?.series.first).toBe(Date.parse('2013-10-07T08:00:01Z'));
    const [first] = await world.rows({ symbol: 'IBM', kind: 'QUOTES' }, DAY);
    expect(first).toMatchObject({ bid: NaN, ask: 183.63, askSize: 100 });
  });

  it('are Kraken’s books, a snapshot and changes each, without a number', async () => {
    const lines = ['symbol,time,action,side,price,size'];
    const add = (symbol: string, time: string, action: string, side: string, levels: Levels = []): void => {
      for (const [price, size] of levels) lines.push([symbol, time, action, side, price, size].join(','));
    };
    interface Part {
      readonly as?: Levels;
      readonly bs?: Levels;
      readonly a?: readonly (readonly [string, string, string])[];
      readonly b?: readonly (readonly [string, string, string])[];
    }
    let second = 1_618_678_133;
    for (const message of feedMessages('crypto_l2/kraken_book_crc_20210417.ndraw.gz', ': ')) {
      if (!Array.isArray(message)) continue;
      second += 1;
      const symbol = message.at(-1) as string;
      for (const { a, as, b, bs } of message.slice(1, -2) as Part[]) {
        add(symbol, String(second), 'snapshot', 'ask', as);
        add(symbol, String(second), 'snapshot', 'bid', bs);
        add(
          symbol,
          String(second),
          'update',
          'ask',
          a?.map(([price, size]) => [price, size]),
        );
        add(
          symbol,
          String(second),
          'update',
          'bid',
          b?.map(([price, size]) => [price, size]),
        );
      }
    }
    world.folder.write('kraken.csv.gz', lines);
    const imported = await world.importFile('L2', 'kraken.csv.gz', {
      reading: { symbol: undefined as never },
      instrument: { assetClass: 'CRYPTO' },
    });
    expect(imported.map(({ series }) => series.symbol).sort()).toHaveLength(10);
    // Each row of the file, and one more for the snapshot of each book.
    expect(imported.reduce((sum, { series }) => sum + series.rows, 0)).toBe(lines.length - 1 + 10);
  });

  it('are Binance’s book, whose messages are linked by the numbers of their updates', async () => {
    interface Update {
      readonly T: number;
      readonly U: number;
      readonly u: number;
      readonly pu: number;
      readonly b: Levels;
      readonly a: Levels;
    }
    const lines = ['time,action,side,price,size,sequence,first_sequence,previous_sequence'];
    const write = (time: number, action: string, numbers: string, bids: Levels, asks: Levels): void => {
      for (const [price, size] of bids) {
        lines.push(`${String(time)},${action},bid,${price},${size},${numbers}`);
      }
      for (const [price, size] of asks) {
        lines.push(`${String(time)},${action},ask,${price},${size},${numbers}`);
      }
    };
    interface Line {
      readonly stream?: string;
      readonly data?: Update;
      readonly lastUpdateId?: number;
      readonly bids?: Levels;
      readonly asks?: Levels;
      readonly T?: number;
    }
    const all = feedMessages('crypto_l2/binance_usdm_btcusdt_20240808.gz', ' ') as Line[];
    const snapshot = all.find(({ lastUpdateId }) => lastUpdateId !== undefined);
    const at = snapshot?.T ?? 0;
    write(at, 'snapshot', `${String(snapshot?.lastUpdateId)},,`, snapshot?.bids ?? [], snapshot?.asks ?? []);
    let messages = 0;
    for (const { data, stream } of all) {
      if (stream?.includes('@depth') !== true || data === undefined) continue;
      if (data.u < (snapshot?.lastUpdateId ?? 0)) continue;
      messages += 1;
      const numbers = [data.u, data.U, data.pu].join(',');
      write(Math.max(at, data.T), 'update', numbers, data.b, data.a);
    }
    world.folder.write('binance.csv', lines);
    const [imported] = await world.importFile('L2', 'binance.csv', {
      reading: { symbol: 'BTC/USDT' },
      instrument: { assetClass: 'CRYPTO', currency: 'USDT' },
    });
    expect([imported?.gaps, messages > 1_000]).toEqual([0, true]);
    const bars = [];
    for await (const { close } of world
      .open()
      .read({ symbol: 'BTC/USDT', interval: 'SECOND_1' }, ALL_BARS, signal)) {
      bars.push(...close);
    }
    expect(bars.length).toBeGreaterThan(100);
    expect(bars.every((close) => close > 55_000 && close < 65_000)).toBe(true);
  });
});
