import type { MergeCursor } from '../series-merge.ts';
import type { MarketSource, TickKind, TickSeries, TickSource } from '../tick-source.ts';
import { TickCursor } from './tick-cursor.ts';
import type { TickMarket } from './tick-market.ts';
import { readLevel, readOrder, readQuote, readTrade } from './tick-readers.ts';

type Reader<K extends TickKind> = (market: TickMarket, cursor: TickCursor<K>) => number;

/** A series on its way into the market of its symbol. */
export class TickLane implements MergeCursor {
  readonly series: TickSeries;
  readonly rank: number;
  readonly market: TickMarket;
  /** Time of the current row. */
  endsAt = Number.NEGATIVE_INFINITY;
  private readonly cursor: Pick<TickCursor, 'load' | 'pass' | 'taken' | 'endsAt'>;
  /** Has the market take the current row, and answers its NEWS. */
  readonly take: () => number;

  private constructor(cursor: TickCursor, market: TickMarket, take: () => number) {
    this.series = cursor.series;
    this.rank = cursor.rank;
    this.cursor = cursor;
    this.market = market;
    this.take = take;
  }

  static of(source: MarketSource, rank: number, market: TickMarket): TickLane {
    const lane = <K extends TickKind>(of: TickSource<K>, read: Reader<K>): TickLane => {
      const cursor = new TickCursor(of, rank);
      return new TickLane(cursor, market, () => read(market, cursor));
    };
    switch (source.series.kind) {
      case 'QUOTES':
        return lane(source as TickSource<'QUOTES'>, readQuote);
      case 'TRADES':
        return lane(source as TickSource<'TRADES'>, readTrade);
      case 'L2':
        return lane(source as TickSource<'L2'>, readLevel);
      case 'L3':
        return lane(source as TickSource<'L3'>, readOrder);
    }
  }

  /** Rows before the current one. */
  get taken(): number {
    return this.cursor.taken;
  }

  load(): 'READY' | 'END' | 'WAIT' {
    const state = this.cursor.load();
    this.endsAt = this.cursor.endsAt;
    return state;
  }

  pass(): void {
    this.cursor.pass();
  }

  /** Has the market take rows of before a restart; false where there are too few yet. */
  skip(count: number): boolean {
    while (this.taken < count) {
      if (this.load() !== 'READY') return false;
      this.take();
      this.pass();
    }
    return true;
  }
}
