import type { Bar, BarInterval } from '@omniquant/plugin-sdk';
import { BAR_INTERVALS } from '@omniquant/plugin-sdk';

import { calendarOf } from '../market/calendars.ts';
import type { Instrument } from '../market/instrument.ts';
import { BacktestError } from './backtest-error.ts';
import type { BacktestSettings } from './backtest-spec.ts';
import { sharedBarEnds } from './bar-ends.ts';
import type { BacktestData, BarSeries, BarSource } from './bar-source.ts';
import { BAR_CELLS, barRows, CLOSE, SeriesCursor } from './series-cursor.ts';
import { SeriesMerge } from './series-merge.ts';

const isSame = (a: BarSeries, b: BarSeries): boolean => a.symbol === b.symbol && a.interval === b.interval;

/**
 * The bars of a run: first those that only say what something is worth (the benchmark, currencies), then those that the
 * strategy is given, symbol by symbol, its own interval first. Bars that end together come in this order.
 */
export class BarFeed {
  readonly cursors: readonly SeriesCursor[];
  /** Bars taken last, all of which ended at one instant. */
  size = 0;
  private readonly merge: SeriesMerge<SeriesCursor>;
  private readonly given: readonly boolean[];
  private readonly ranks: number[] = [];
  /** Bars taken last, each by its cells: a series has at most one that ends at an instant. */
  private readonly cells: Float64Array;
  /** By rank. */
  private readonly names: readonly string[];
  private readonly intervals: readonly BarInterval[];
  private readonly to: number;
  private readonly lastAt: number;

  /**
   * @param mayLack Symbols whose bars may be missing.
   * @throws BacktestError NOT_ENOUGH_BARS for a series that is not there.
   */
  constructor(
    settings: BacktestSettings,
    intervals: readonly BarSeries['interval'][],
    instruments: ReadonlyMap<string, Instrument>,
    data: BacktestData,
    mayLack: (symbol: string) => boolean,
  ) {
    const own = settings.symbols.flatMap((symbol) => intervals.map((interval) => ({ symbol, interval })));
    const others = data.sources.filter(({ series }) => {
      const isNeeded = instruments.has(series.symbol) && !settings.symbols.includes(series.symbol);
      return isNeeded || (series.symbol === settings.benchmark && !own.some((each) => isSame(each, series)));
    });
    const wanted = own.flatMap((series) => sourceOf(data, series, mayLack(series.symbol)));
    const sources = [...others, ...wanted];
    this.given = sources.map((_, rank) => rank >= others.length);
    this.names = sources.map(({ series }) => series.symbol);
    this.intervals = sources.map(({ series }) => series.interval);
    this.cells = new Float64Array(sources.length * BAR_CELLS);
    const endsOf = sharedBarEnds();
    const rows = barRows(sources.length);
    this.cursors = sources.map((source, rank) => {
      const calendar = calendarOf(instruments.get(source.series.symbol)?.calendar ?? settings.calendar);
      return new SeriesCursor(source, rank, endsOf(source.series.interval, calendar), rows);
    });
    this.merge = new SeriesMerge(this.cursors);
    this.to = settings.to ?? Infinity;
    const lasts = sources.map(({ lastAt }) => lastAt);
    const areKnown = lasts.length > 0 && lasts.every((at) => at !== undefined);
    this.lastAt = areKnown ? Math.max(...lasts) : Infinity;
  }

  /** Market time at which the run will end; null while nobody knows. */
  get endsAt(): number | null {
    const end = Math.min(this.to, this.lastAt);
    return end === Infinity ? null : end;
  }

  /** The finest series of a symbol. */
  finest(symbol: string): SeriesCursor | null {
    const ofSymbol = this.cursors.filter(({ series }) => series.symbol === symbol);
    const order = ({ series }: SeriesCursor): number => BAR_INTERVALS.indexOf(series.interval);
    return ofSymbol.sort((a, b) => order(a) - order(b))[0] ?? null;
  }

  /** The cursor whose bar ends next; 'END', or the series that has to be given a block first. */
  next(): SeriesCursor | BarSeries | 'END' {
    const next = this.merge.next();
    if (next === null) return 'END';
    return next instanceof SeriesCursor && next.endsAt > this.to ? 'END' : next;
  }

  /** Takes all bars that end at the instant of the cursor that `next` gave. */
  take(endsAt: number): void {
    this.size = 0;
    for (;;) {
      const next = this.merge.next();
      // A series that waits has nothing that is known to end now; its bar comes by itself at the next call.
      if (!(next instanceof SeriesCursor) || next.endsAt !== endsAt) return;
      this.ranks[this.size] = next.rank;
      next.copy(this.cells, this.size * BAR_CELLS);
      this.size += 1;
      this.merge.pass();
    }
  }

  rankAt(place: number): number {
    return this.ranks[place]!;
  }

  closeAt(place: number): number {
    return this.cells[place * BAR_CELLS + CLOSE]!;
  }

  /** Whether the strategy is given the bars of a series. */
  isGiven(rank: number): boolean {
    return this.given[rank]!;
  }

  /** Goes past bars of before a restart; null when that is done, else the series whose blocks are missing. */
  skip(taken: readonly number[]): BarSeries | null {
    for (const cursor of this.cursors) {
      if (!cursor.skip(taken[cursor.rank] ?? 0)) return cursor.series;
    }
    return null;
  }

  barAt(place: number): Bar {
    const { cells } = this;
    const rank = this.ranks[place]!;
    const from = place * BAR_CELLS;
    const volume = cells[from + 5]!;
    return {
      symbol: this.names[rank]!,
      interval: this.intervals[rank]!,
      at: cells[from]!,
      open: cells[from + 1]!,
      high: cells[from + 2]!,
      low: cells[from + 3]!,
      close: cells[from + CLOSE]!,
      volume: volume > 0 ? volume : 0,
    };
  }
}

const sourceOf = ({ sources }: BacktestData, series: BarSeries, mayLack: boolean): BarSource[] => {
  const found = sources.find((source) => isSame(source.series, series));
  if (found !== undefined) return [found];
  if (mayLack) return [];
  const { interval, symbol } = series;
  throw new BacktestError('NOT_ENOUGH_BARS', `there are no ${interval} bars of ${symbol}`, 'symbols');
};
