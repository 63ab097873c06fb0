/*
 * Quotes, trades and order books of history as columns. Of all of them: rows are in ascending order of `at`, rows of
 * equal `at` happened in the order in which they stand, and the columns of a block are equally long. `at` is epoch ms; a
 * fraction keeps what happened within one millisecond in order, also across series. Prices are of one unit in the
 * instrument's currency and sizes are in units, as floats; what trades at them is counted in whole ticks and lots.
 */

/** The top of the book from `at` on. A side that is empty has a price of NaN; a size that is not known is NaN. */
export interface QuoteColumns {
  readonly at: Float64Array;
  readonly bid: Float64Array;
  readonly bidSize: Float64Array;
  readonly ask: Float64Array;
  readonly askSize: Float64Array;
}

/** Trades of the market. */
export interface TradeColumns {
  readonly at: Float64Array;
  readonly price: Float64Array;
  readonly size: Float64Array;
  /** Who took: 1 a buyer, -1 a seller, 0 where that is not known. */
  readonly side: Int8Array;
}

/** What a row of {@link L2Columns} does. */
export const L2_ACTIONS = {
  /** The price level has `size` from now on; 0 removes it. */
  SET: 0,
  /** A snapshot begins: both sides are empty, and the rows behind fill them. Its side, price and size are not read. */
  SNAPSHOT: 1,
} as const;

/**
 * Price levels. Consecutive rows of the same `at` and `sequence` are one message: the book is looked at behind its last
 * row. A series begins with a snapshot.
 */
export interface L2Columns {
  readonly at: Float64Array;
  /** One of {@link L2_ACTIONS}. */
  readonly action: Uint8Array;
  /** 1 bid, -1 ask. */
  readonly side: Int8Array;
  readonly price: Float64Array;
  readonly size: Float64Array;
  /**
   * Number of the message; NaN where the feed has none. That of each message is the one before plus 1, unless it begins
   * with a snapshot; anything else is a gap, after which nothing trades until the next snapshot. Messages of a feed that
   * links them otherwise (first, last and previous update) are counted by whoever imports them, who leaves a number out
   * where the feed's links are broken.
   */
  readonly sequence: Float64Array;
}

/** What a row of {@link L3Columns} does. */
export const L3_ACTIONS = {
  /** A new order of `size`, the last in line at `price`. */
  ADD: 0,
  /** `size` of the order was cancelled; what is left keeps its place. */
  REDUCE: 1,
  /** `size` of the order was traded, at its own price unless `price` says otherwise. */
  EXECUTE: 2,
  /** What is left of the order is gone. */
  DELETE: 3,
  /** `newOrderId` with `price` and `size` takes the order's place on its side, as the last in line. */
  REPLACE: 4,
  /** The book is empty: a session or a snapshot begins. Nothing else of the row is read. */
  CLEAR: 5,
} as const;

/** Single orders. A row is a message; what an action does not need is NaN, a side 0. */
export interface L3Columns {
  readonly at: Float64Array;
  /** One of {@link L3_ACTIONS}. */
  readonly action: Uint8Array;
  /** A safe integer. */
  readonly orderId: Float64Array;
  /** Of REPLACE; it may be the old one. */
  readonly newOrderId: Float64Array;
  /** Of ADD: 1 bid, -1 ask. */
  readonly side: Int8Array;
  /** Of ADD and REPLACE; of EXECUTE where it traded at another price than its own. */
  readonly price: Float64Array;
  /** Of ADD, REDUCE, EXECUTE and REPLACE. */
  readonly size: Float64Array;
  /** As in {@link L2Columns}; a gap ends with a CLEAR. */
  readonly sequence: Float64Array;
}

/** The columns of each kind. */
export interface TickColumns {
  readonly QUOTES: QuoteColumns;
  readonly TRADES: TradeColumns;
  readonly L2: L2Columns;
  readonly L3: L3Columns;
}

export type TickKind = keyof TickColumns;

/** A series of ticks. */
export interface TickSeries<K extends TickKind = TickKind> {
  readonly symbol: string;
  readonly kind: K;
}

/** Where the ticks of one series come from, like the BarSource of bars. */
export interface TickSource<K extends TickKind = TickKind> {
  readonly series: TickSeries<K>;
  /** Time of the last row where that is known beforehand: progress is measured by it. */
  readonly lastAt?: number;
  /** The next block; 'END' after the last; 'WAIT' when there is none yet: {@link Backtest.advance} then returns. */
  next(): TickColumns[K] | 'END' | 'WAIT';
}

/** A source of some kind, which `series.kind` tells. */
export type MarketSource = { [K in TickKind]: TickSource<K> }[TickKind];

/** A whole series that is in memory. */
export function ticksSource<K extends TickKind>(
  series: TickSeries<K>,
  columns: TickColumns[K],
): TickSource<K> {
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

/** Blocks of ticks as they come, such as from a file or a database that is read between two calls of `advance`. */
export interface TickBlocks<K extends TickKind = TickKind> extends TickSource<K> {
  push(columns: TickColumns[K]): void;
  end(): void;
  /** Blocks that wait. */
  readonly waiting: number;
}

export function tickBlocks<K extends TickKind>(series: TickSeries<K>): TickBlocks<K> {
  const blocks: TickColumns[K][] = [];
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
