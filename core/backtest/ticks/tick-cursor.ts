import type { TickColumns, TickKind, TickSeries, TickSource } from '../tick-source.ts';
import { checkTicks } from './tick-checks.ts';

/** Walks through the rows of one series. The current row is that at `index` of `block`, which is there after `load`. */
export class TickCursor<K extends TickKind = TickKind> {
  readonly series: TickSeries<K>;
  /** Place among all series: of rows of one instant the lower comes first. */
  readonly rank: number;
  index = 0;
  /** Time of the current row. */
  endsAt = Number.NEGATIVE_INFINITY;
  /** Rows before the current one. */
  taken = 0;
  private readonly source: TickSource<K>;
  private current: TickColumns[K] | null = null;
  private size = 0;
  private following: TickColumns[K] | null = null;
  private isOver = false;
  private checkedTo = Number.NEGATIVE_INFINITY;

  constructor(source: TickSource<K>, rank: number) {
    this.series = source.series;
    this.source = source;
    this.rank = rank;
  }

  get block(): TickColumns[K] {
    return this.current!;
  }

  /** The block behind `block`, where a message may go on; null at the end. */
  get nextBlock(): TickColumns[K] | null {
    return this.following;
  }

  get isLastOfBlock(): boolean {
    return this.index === this.size - 1;
  }

  /**
   * Makes sure that there is a current row, and of a feed whose messages have several the row behind it: only then can
   * be told whether its message is over. Throws BacktestError BAD_TICKS.
   */
  load(): 'READY' | 'END' | 'WAIT' {
    while (this.index >= this.size) {
      const state = this.fetch();
      if (state !== 'READY') return state;
      this.current = this.following;
      this.size = this.current?.at.length ?? 0;
      this.following = null;
      this.index = 0;
    }
    if (this.isLastOfBlock && this.series.kind === 'L2' && this.fetch() === 'WAIT') return 'WAIT';
    this.endsAt = this.block.at[this.index]!;
    return 'READY';
  }

  /** Goes past the current row; `load` comes next. */
  pass(): void {
    this.index += 1;
    this.taken += 1;
  }

  /** Gets the block behind the current one, if it is not there. */
  private fetch(): 'READY' | 'END' | 'WAIT' {
    while (this.following === null) {
      const next = this.isOver ? 'END' : this.source.next();
      if (next === 'END') this.isOver = true;
      if (typeof next === 'string') return next;
      checkTicks(this.series, next, this.checkedTo);
      this.checkedTo = next.at.at(-1) ?? this.checkedTo;
      if (next.at.length > 0) this.following = next;
    }
    return 'READY';
  }
}
