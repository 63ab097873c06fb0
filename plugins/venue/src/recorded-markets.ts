import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { VenueInstrument } from '@omniquant/plugin-sdk';

import { InstrumentGrid } from './instrument-grid.ts';
import { parseDay } from './new-york-time.ts';
import { type RecordedBar, RecordedSeries, RecordedSeriesError } from './recorded-series.ts';

const require = createRequire(import.meta.url);

const traded = (
  symbol: string,
  name: string,
  exchange: string,
  assetClass: 'EQUITY' | 'INDEX',
): VenueInstrument => ({
  symbol,
  name,
  assetClass,
  currency: 'USD',
  tickSize: '0.01',
  lotSize: '0.0001',
  multiplier: '1',
  minQuantity: '0.0001',
  maxQuantity: '10000000',
  shortable: true,
  fractionable: true,
  exchange,
  calendar: 'US_EQUITY',
});

/** Daily bars of Apple, and of the S&P 500, an index made tradable for the demo. */
export const INSTRUMENTS: readonly VenueInstrument[] = [
  traded('AAPL', 'Apple Inc.', 'XNAS', 'EQUITY'),
  traded('SPX', 'S&P 500, made tradable for simulation', 'XSIM', 'INDEX'),
];

/** The first day on which both symbols were recorded: a market cannot begin before. */
export const FIRST_START_DAY = '2013-05-13';
/** Later, so that strategies find years of history before it. */
export const DEFAULT_START_DAY = '2016-01-04';

interface Columns {
  readonly day: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

/** Reads a CSV file whose first line names the columns. Throws RecordedSeriesError. */
const parseDailyCsv = (symbol: string, text: string, columns: Columns): RecordedBar[] => {
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  const names = header.split(',');
  const place = (column: keyof Columns): number => {
    const index = names.indexOf(columns[column]);
    if (index < 0) {
      throw new RecordedSeriesError(symbol, `has no column ${columns[column]}`);
    }
    return index;
  };
  const at = {
    day: place('day'),
    open: place('open'),
    high: place('high'),
    low: place('low'),
    close: place('close'),
    volume: place('volume'),
  };
  return lines.map((line) => {
    const cells = line.split(',');
    const cell = (index: number): string => cells[index] ?? '';
    const day = parseDay(cell(at.day));
    if (day === undefined) {
      throw new RecordedSeriesError(symbol, `has no such day: ${line}`);
    }
    return {
      day,
      open: cell(at.open),
      high: cell(at.high),
      low: cell(at.low),
      close: cell(at.close),
      volume: cell(at.volume),
    };
  });
};

const LOWER_CASE: Columns = {
  day: 'date',
  open: 'open',
  high: 'high',
  low: 'low',
  close: 'close',
  volume: 'volume',
};
const CAPITALISED: Columns = {
  day: 'Date',
  open: 'Open',
  high: 'High',
  low: 'Low',
  close: 'Close',
  volume: 'Volume',
};

/** The recordings that come with two npm packages: one for each of {@link INSTRUMENTS}, in their order. */
export const loadRecordedSeries = (): RecordedSeries[] => {
  const aapl = readFileSync(require.resolve('@observablehq/sample-datasets/aapl.csv'), 'utf8');
  // The package exports no data files, but has them beside its entry.
  const vegaData = join(require.resolve('vega-datasets'), '..', '..', 'data', 'sp500-2000.csv');
  const spx = readFileSync(vegaData, 'utf8');
  const bars = [parseDailyCsv('AAPL', aapl, CAPITALISED), parseDailyCsv('SPX', spx, LOWER_CASE)];
  return INSTRUMENTS.map(
    (instrument, index) => new RecordedSeries(new InstrumentGrid(instrument), bars[index] ?? []),
  );
};
