import type { VenueInstrument } from '@omniquant/plugin-sdk';
import { INSTRUMENTS, loadRecordedSeries } from '@omniquant/venue/recorded-markets';
import type { RecordedSeries } from '@omniquant/venue/recorded-series';

import type { BarColumns } from '../../../core/backtest/bar-source.ts';
import { calendarOf } from '../../../core/market/calendars.ts';
import { DAY_MS } from '../../../core/market/civil-date.ts';
import { MarketDataError } from './market-data-error.ts';
import { BARS_ONLY, type MarketDataSource, type StoredSeries } from './market-data-source.ts';
import { withinRange } from './within-range.ts';

interface Recording {
  readonly instrument: VenueInstrument;
  readonly columns: BarColumns;
}

const SOURCES: Readonly<Record<string, string>> = {
  AAPL: 'npm @observablehq/sample-datasets',
  SPX: 'npm vega-datasets',
};

/** They never change, so that a process reads them once. */
let loaded: ReadonlyMap<string, Recording> | null = null;
const recordings = (): ReadonlyMap<string, Recording> => (loaded ??= load());

/** The daily bars that come with two npm packages, on the tick as the simulated venue replays them. */
export function recordedMarketData(): MarketDataSource {
  return {
    ...BARS_ONLY,
    series: () => [...recordings()].map(([symbol, { columns }]) => describe(symbol, columns)),
    instrument: (symbol) => recordings().get(symbol)?.instrument ?? null,
    async *read({ interval, symbol }, range, signal) {
      await Promise.resolve();
      signal.throwIfAborted();
      const recording = interval === 'DAY_1' ? recordings().get(symbol) : undefined;
      if (recording === undefined) {
        throw new MarketDataError('UNKNOWN_SERIES', `there is no recording of ${symbol} in ${interval}`);
      }
      yield withinRange(recording.columns, range);
    },
  };
}

function load(): ReadonlyMap<string, Recording> {
  const series = loadRecordedSeries();
  return new Map(
    INSTRUMENTS.flatMap((instrument, index) => {
      const recorded = series[index];
      return recorded === undefined
        ? []
        : [[instrument.symbol, { instrument, columns: columnsOf(recorded, instrument) }] as const];
    }),
  );
}

function columnsOf(series: RecordedSeries, { calendar }: VenueInstrument): BarColumns {
  const { grid } = series;
  const bars = series.days().map((_, index) => series.bar(index));
  const price = (ticks: number): number => Number(grid.price(ticks));
  const midnights = series.days().map((day) => calendarOf(calendar).fromWallClock(day * DAY_MS));
  return {
    at: Float64Array.from(midnights),
    open: Float64Array.from(bars, ({ open }) => price(open)),
    high: Float64Array.from(bars, ({ high }) => price(high)),
    low: Float64Array.from(bars, ({ low }) => price(low)),
    close: Float64Array.from(bars, ({ close }) => price(close)),
    volume: Float64Array.from(bars, ({ volume }) => (volume === null ? NaN : Number(grid.quantity(volume)))),
  };
}

const describe = (symbol: string, { at }: BarColumns): StoredSeries => ({
  ...{ symbol, interval: 'DAY_1', rows: at.length },
  ...{ first: at[0] ?? 0, last: at.at(-1) ?? 0, source: SOURCES[symbol] ?? 'npm' },
});
