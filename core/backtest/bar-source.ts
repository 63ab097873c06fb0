import type { BarInterval } from '@omniquant/plugin-sdk';

import type { MarketSource } from './tick-source.ts';

/** A series of bars. */
export interface BarSeries {
  readonly symbol: string;
  readonly interval: BarInterval;
}

/**
 * Bars of one series as columns of equal length, in ascending order of their starts. Prices are floats, as strategies
 * see them; what trades at them is counted in whole ticks.
 */
export interface BarColumns {
  /** Starts, epoch ms. */
  readonly at: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Units; NaN where it is not known. */
  readonly volume: Float64Array;
}

/** Where the bars of one series come from: all at once, or block by block with a memory of one block. */
export interface BarSource {
  readonly series: BarSeries;
  /** Start of the last bar where that is known beforehand: progress is measured by it. */
  readonly lastAt?: number;
  /** The next block; 'END' after the last; 'WAIT' when there is none yet: {@link Backtest.advance} then returns. */
  next(): BarColumns | 'END' | 'WAIT';
}

/** What a backtest runs on. */
export interface BacktestData {
  /** Of each symbol and interval that the strategy asks for, and of the benchmark; others are passed over. */
  readonly sources: readonly BarSource[];
  /**
   * Quotes, trades and books of the strategy's symbols, at most one series of a kind each; others are passed over. They
   * decide what orders of their symbol trade against, and the strategy is given those that it asks for.
   */
  readonly ticks?: readonly MarketSource[];
}

/** A whole series that is in memory. */
export function columnsSource(series: BarSeries, columns: BarColumns): BarSource {
  let isGiven = false;
  const lastAt = columns.at.at(-1);
  return {
    series,
    ...(lastAt !== undefined && { lastAt }),
    next() {
      if (isGiven) return 'END';
      isGiven = true;
      return columns;
    },
  };
}

/** Blocks of bars as they come, such as from a file or a database that is read between two calls of `advance`. */
export interface BarBlocks extends BarSource {
  push(columns: BarColumns): void;
  end(): void;
  /** Blocks that wait. */
  readonly waiting: number;
}

export function barBlocks(series: BarSeries): BarBlocks {
  const blocks: BarColumns[] = [];
  let isEnded = false;
  return {
    series,
    push: (columns) => void blocks.push(columns),
    end: () => void (isEnded = true),
    get waiting() {
      return blocks.length;
    },
    next: () => blocks.shift() ?? (isEnded ? 'END' : 'WAIT'),
  };
}

/** What a bar is written as. */
export interface BarRow {
  readonly at: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Null where it is not known. */
  readonly volume: number | null;
}

export function columnsOf(rows: readonly BarRow[]): BarColumns {
  const column = (value: (row: BarRow) => number): Float64Array => Float64Array.from(rows, value);
  return {
    at: column(({ at }) => at),
    open: column(({ open }) => open),
    high: column(({ high }) => high),
    low: column(({ low }) => low),
    close: column(({ close }) => close),
    volume: column(({ volume }) => volume ?? NaN),
  };
}
