import { BacktestError } from './backtest-error.ts';
import type { BarColumns, BarSeries, BarSource } from './bar-source.ts';

const EMPTY = new Float64Array(0);
const NO_BARS: BarColumns = { at: EMPTY, open: EMPTY, high: EMPTY, low: EMPTY, close: EMPTY, volume: EMPTY };

/** Bars that are laid out beside each other at a time. */
const ROWS = 32;
/** A bar as numbers: start, open, high, low, close, volume. */
export const CLOSE = 4;
export const BAR_CELLS = 6;

/** Room for the rows of many cursors, which they share. */
export const barRows = (cursors: number): Float64Array => new Float64Array(cursors * ROWS * BAR_CELLS);

/**
 * Walks through the bars of one series. The current bar is that at `index` of `block`.
 *
 * The next few bars of the block are laid out row by row: of hundreds of series a bar then lies in one place of the
 * memory each, and not in six.
 */
export class SeriesCursor {
  readonly series: BarSeries;
  /** Place among all series: of bars that end together the lower comes first. */
  readonly rank: number;
  block = NO_BARS;
  index = 0;
  /** End of the current bar. */
  endsAt = Number.NEGATIVE_INFINITY;
  /** Bars before the current one. */
  taken = 0;
  private readonly source: BarSource;
  private readonly endOf: (at: number) => number;
  private lastAt = Number.NEGATIVE_INFINITY;
  /** Of all cursors; its own begin at `rowsAt`, and hold the bars of the block from `laidFrom` up to `laidTo`. */
  private readonly rows: Float64Array;
  private readonly rowsAt: number;
  private laidFrom = 0;
  private laidTo = 0;

  /** @param rows Of {@link barRows}, with room for its rank. */
  constructor(source: BarSource, rank: number, endOf: (at: number) => number, rows: Float64Array) {
    this.series = source.series;
    this.source = source;
    this.rank = rank;
    this.endOf = endOf;
    this.rows = rows;
    this.rowsAt = rank * ROWS * BAR_CELLS;
  }

  get startsAt(): number {
    return this.block.at[this.index]!;
  }

  /** Makes sure that there is a current bar. Throws BacktestError BAD_BARS. */
  load(): 'READY' | 'END' | 'WAIT' {
    if (this.index >= this.laidTo) {
      const state = this.layOut();
      if (state !== 'READY') return state;
    }
    const before = this.endsAt;
    const startsAt = this.rows[this.place]!;
    this.endsAt = this.endOf(startsAt);
    if (startsAt < before) this.refuse(this.index, 'begins before the bar before it has ended');
    if (this.endsAt <= before) this.refuse(this.index, 'ends no later than the bar before it');
    return 'READY';
  }

  /** Goes past the current bar; `load` comes next. */
  pass(): void {
    this.index += 1;
    this.taken += 1;
  }

  /** Writes the cells of the current bar to a place of `cells`. */
  copy(cells: Float64Array, to: number): void {
    const { place, rows } = this;
    for (let cell = 0; cell < BAR_CELLS; cell += 1) cells[to + cell] = rows[place + cell]!;
  }

  /** Goes past bars from the beginning, without the ends of each. False where there are too few yet. */
  skip(count: number): boolean {
    while (this.taken < count) {
      if (this.fetch() !== 'READY') return false;
      const step = Math.min(count - this.taken, this.block.at.length - this.index);
      this.index += step;
      this.taken += step;
      if (this.index > 0) this.endsAt = this.endOf(this.block.at[this.index - 1]!);
    }
    return true;
  }

  /** Of the current bar, in the rows. */
  private get place(): number {
    return this.rowsAt + (this.index - this.laidFrom) * BAR_CELLS;
  }

  /** Makes sure that the current bar is in the block. */
  private fetch(): 'READY' | 'END' | 'WAIT' {
    while (this.index >= this.block.at.length) {
      const next = this.source.next();
      if (typeof next === 'string') return next;
      this.check(next);
      this.block = next;
      this.index = 0;
      this.laidTo = 0;
    }
    return 'READY';
  }

  /** Writes the bars from the current one on into the rows. */
  private layOut(): 'READY' | 'END' | 'WAIT' {
    const state = this.fetch();
    if (state !== 'READY') return state;
    const { block, index, rows, rowsAt } = this;
    this.laidFrom = index;
    this.laidTo = Math.min(index + ROWS, block.at.length);
    const columns = [block.at, block.open, block.high, block.low, block.close, block.volume];
    for (const [cell, column] of columns.entries()) {
      let place = rowsAt + cell;
      for (let bar = index; bar < this.laidTo; bar += 1, place += BAR_CELLS) rows[place] = column[bar]!;
    }
    return state;
  }

  private check({ at, close, high, low, open, volume }: BarColumns): void {
    for (const column of [open, high, low, close, volume]) {
      if (column.length !== at.length) this.refuse(0, 'has columns of different lengths');
    }
    let last = this.lastAt;
    for (let index = 0; index < at.length; index += 1) {
      const start = at[index]!;
      const [first, top, bottom, end] = [open[index]!, high[index]!, low[index]!, close[index]!];
      if (!(start > last)) this.refuse(index, 'does not come after the bar before it', start);
      if (!(bottom > 0 && top < Infinity)) this.refuse(index, 'has a price that is not above zero', start);
      if (!(bottom <= first && bottom <= end && top >= first && top >= end)) {
        this.refuse(index, 'has an open or close beyond its high and low', start);
      }
      if (volume[index]! < 0) this.refuse(index, 'has a volume below zero', start);
      last = start;
    }
    if (!Number.isSafeInteger(last) && at.length > 0) this.refuse(0, 'has a start that is no epoch ms', last);
    this.lastAt = last;
  }

  private refuse(index: number, problem: string, at = this.block.at[index] ?? 0): never {
    const { interval, symbol } = this.series;
    throw new BacktestError('BAD_BARS', `the ${interval} bar of ${symbol} at ${String(at)} ${problem}`);
  }
}
