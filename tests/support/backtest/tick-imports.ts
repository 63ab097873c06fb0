import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { BarSeries } from '../../../core/backtest/bar-source.ts';
import type { TickKind, TickSeries } from '../../../core/backtest/tick-source.ts';
import {
  type ImportedTickFiles,
  importTicks,
  type TickImportRequest,
} from '../../../gateway/backtests/market-data/import-ticks.ts';
import {
  ALL_BARS,
  type BarRange,
  type MarketDataSource,
} from '../../../gateway/backtests/market-data/market-data-source.ts';
import { marketDataFolder, openMarketData } from '../../../gateway/backtests/market-data/open-market-data.ts';
import { type DataFolder, makeDataFolder } from '../market-files.ts';

const { signal } = new AbortController();

/** Headers of files as users have them. */
export const HEADERS: Readonly<Record<TickKind, string>> = {
  QUOTES: 'time,bid,ask,bid_size,ask_size',
  TRADES: 'time,price,size,side',
  L2: 'time,action,side,price,size,sequence',
  L3: 'time,action,order_id,side,price,size,new_order_id',
};

/** A time of the minute that the ticks of tests are in. */
export const tickTime = (second: number, rest = ''): string =>
  `2018-01-02T15:00:${String(second).padStart(2, '0')}${rest}Z`;
export const TICKS_START = Date.parse(tickTime(0));

export type TickImportOptions = Partial<Omit<TickImportRequest, 'reading'>> & {
  readonly reading?: Partial<TickImportRequest['reading']>;
};

export interface TickImports {
  readonly folder: DataFolder;
  /** Where imported data is. */
  readonly store: string;
  open(): MarketDataSource;
  /** Imports a file of the folder, of ACME where nothing else is said. */
  importFile(
    kind: TickKind,
    file: string,
    options?: TickImportOptions,
  ): Promise<readonly ImportedTickFiles[]>;
  /** What is in the store; of ticks the rows. */
  rows<K extends TickKind>(series: TickSeries<K>, range?: BarRange): Promise<Record<string, number>[]>;
  /** Bars as seconds since TICKS_START, open, high, low, close, volume. */
  bars(series: BarSeries): Promise<number[][]>;
  entries(): readonly string[];
}

export function createTickImports(): TickImports {
  const folder = makeDataFolder();
  const dataDir = join(folder.path, 'data');
  const store = marketDataFolder(dataDir);
  const open = (): MarketDataSource => openMarketData(dataDir);
  return {
    ...{ folder, store, open },
    importFile: (kind, file, { reading, ...options } = {}) =>
      importTicks(
        store,
        {
          ...{ files: [join(folder.path, file)], instrument: {}, replace: false },
          ...options,
          reading: { kind, symbol: 'ACME', ...reading },
        },
        open(),
        signal,
      ),
    async rows(series, range = ALL_BARS) {
      const rows: Record<string, number>[] = [];
      for await (const block of open().readTicks(series, range, signal)) {
        const columns = Object.entries(block as unknown as Record<string, Float64Array>);
        for (let index = 0; index < block.at.length; index += 1) {
          rows.push(Object.fromEntries(columns.map(([name, column]) => [name, column[index] ?? NaN])));
        }
      }
      return rows;
    },
    async bars(series) {
      const bars: number[][] = [];
      for await (const block of open().read(series, ALL_BARS, signal)) {
        const { close, high, low, open: opens, volume } = block;
        block.at.forEach((start, index) =>
          bars.push([
            (start - TICKS_START) / 1_000,
            ...[opens, high, low, close, volume].map((each) => each[index] ?? NaN),
          ]),
        );
      }
      return bars;
    },
    entries: () => (existsSync(store) ? readdirSync(store) : []),
  };
}
