import type { BarColumns, BarSeries } from '../../../core/backtest/bar-source.ts';
import type { TickKind } from '../../../core/backtest/tick-source.ts';
import { SECOND_MS } from '../../../core/market/civil-date.ts';
import { ofQuotes, ofTrades, secondBars } from './bars-of-ticks.ts';
import { bookTops } from './book-tops.ts';
import { MarketDataError } from './market-data-error.ts';
import {
  type BarRange,
  type MarketDataSource,
  nameOfTicks,
  type StoredSeries,
  type StoredTicks,
} from './market-data-source.ts';

/** What bars are made of, the best first: trades, else the middle of what was quoted. */
const PREFERRED = ['TRADES', 'QUOTES', 'L2'] as const satisfies readonly TickKind[];

/**
 * A source that also has bars of a second where it has ticks of a symbol and no such bars. Longer ones are made of these
 * where there are no others that will do: see withRolledUpBars.
 */
export function withBarsOfTicks(source: MarketDataSource): MarketDataSource {
  const ticksFor = (symbol: string): StoredTicks | undefined => {
    const ofSymbol = source.ticks().filter((each) => each.symbol === symbol);
    return PREFERRED.map((kind) => ofSymbol.find((each) => each.kind === kind)).find(
      (each) => each !== undefined,
    );
  };
  const hasOwn = ({ interval, symbol }: BarSeries): boolean =>
    source.series().some((each) => each.symbol === symbol && each.interval === interval);

  function made(): readonly StoredSeries[] {
    return [...new Set(source.ticks().map(({ symbol }) => symbol))].flatMap((symbol) => {
      const ticks = ticksFor(symbol);
      const series = { symbol, interval: 'SECOND_1' } as const;
      return ticks === undefined || hasOwn(series) ? [] : [{ ...series, ...madeOf(ticks) }];
    });
  }

  return {
    ...source,
    series: () => [...source.series(), ...made()],
    read(series, range, signal) {
      const ticks = series.interval === 'SECOND_1' && !hasOwn(series) ? ticksFor(series.symbol) : undefined;
      return ticks === undefined ? source.read(series, range, signal) : barsOf(source, ticks, range, signal);
    },
  };
}

const startOf = (at: number): number => Math.floor(at / SECOND_MS) * SECOND_MS;

const madeOf = ({ first, kind, last, rows, source }: StoredTicks) => ({
  ...{ rows, first: startOf(first), last: startOf(last) },
  source: `made of ${nameOfTicks(kind)}: ${source}`,
});

function barsOf(
  source: MarketDataSource,
  { kind, symbol }: StoredTicks,
  { from, to }: BarRange,
  signal: AbortSignal,
): AsyncIterable<BarColumns> {
  const range = {
    from: from === null ? null : startOf(from + SECOND_MS - 1),
    to: to === null ? null : startOf(to + SECOND_MS - 1),
  };
  switch (kind) {
    case 'TRADES':
      return secondBars(source.readTicks({ symbol, kind }, range, signal), ofTrades, range);
    case 'QUOTES':
      return secondBars(source.readTicks({ symbol, kind }, range, signal), ofQuotes, range);
    case 'L2': {
      const tick = Number(source.instrument(symbol)?.tickSize ?? NaN);
      return secondBars(bookTops(source.readTicks({ symbol, kind }, range, signal), tick), ofQuotes, range);
    }
    case 'L3':
      throw new MarketDataError('UNKNOWN_SERIES', `no bars are made of ${nameOfTicks(kind)} of ${symbol}`);
  }
}
