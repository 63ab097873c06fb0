import type { OrderSide } from '@omniquant/plugin-sdk';

import { BookError, checkWhole } from './book-error.ts';
import type { DepthLevel } from './book-views.ts';
import { NONE } from './growing.ts';
import { PriceLadder } from './price-ladder.ts';

/** The numbers of a message with differences, as exchanges give them. */
export interface DifferenceNumbers {
  /** Of the first and of the last update in it. */
  readonly first: number;
  readonly last: number;
  /** Of the last update in the message before, where the exchange says so. */
  readonly previous?: number;
}

/**
 * Price levels rebuilt from a snapshot and differences (L2). A difference gives a level's new size, not
 * its change; 0 removes the level. Prices in ticks, sizes in lots, as safe integers; a feed without a tick
 * size is counted in its last decimal place.
 *
 * States: `empty` -> snapshot -> `fresh` -> first difference -> `linked`; a gap makes it `stale`, and only
 * a new snapshot helps. Feeds without numbers just call `set`.
 *
 * @example
 * const replay = new L2Replay();
 * replay.snapshot(17);
 * replay.set('BUY', 100, 5);
 * if (replay.accepts({ first: 16, last: 18 })) replay.set('BUY', 100, 0);
 */
export class L2Replay {
  readonly bids = new PriceLadder('descending');
  readonly asks = new PriceLadder('ascending');
  private state: 'empty' | 'fresh' | 'linked' | 'stale' = 'empty';
  private sequence = NaN;

  /** Whether levels are missing or wrong: no snapshot yet, or a gap since the last. */
  get isStale(): boolean {
    return this.state === 'empty' || this.state === 'stale';
  }

  /**
   * Empties the book for the levels of a snapshot, which `set` fills in.
   *
   * @param sequence Number of the last update in it; leave it out where the feed has none.
   */
  snapshot(sequence = NaN): void {
    for (const ladder of [this.bids, this.asks]) while (ladder.best !== NONE) ladder.remove(ladder.best);
    this.sequence = sequence;
    this.state = 'fresh';
  }

  /**
   * Whether a message with differences is the next one; false when the snapshot contains it already, and
   * it is to be left out. Call it before the message's levels are set.
   *
   * The first message behind a snapshot has to reach over its number. Each later one has to name the number
   * before it, or else to begin right behind it.
   *
   * @throws BookError `SEQUENCE_GAP` when messages are missing, `NO_SNAPSHOT` until there is a new one.
   */
  accepts({ first, last, previous }: DifferenceNumbers): boolean {
    if (this.isStale) throw new BookError('NO_SNAPSHOT', 'take a snapshot before differences');
    const isLinked = this.state === 'linked';
    if (!isLinked && last < this.sequence) return false;
    const follows = previous === undefined ? first === this.sequence + 1 : previous === this.sequence;
    const reaches = !isLinked && first <= this.sequence + 1;
    if (!follows && !reaches) {
      this.state = 'stale';
      throw new BookError('SEQUENCE_GAP', `updates ${this.sequence + 1} to ${first - 1} are missing`);
    }
    this.sequence = last;
    this.state = 'linked';
    return true;
  }

  /** A level's size from now on; 0 removes it. @throws BookError `INVALID_VALUE`, `NO_SNAPSHOT` */
  set(side: OrderSide, price: number, lots: number): void {
    if (this.state === 'empty') throw new BookError('NO_SNAPSHOT', 'take a snapshot before differences');
    checkWhole('price', price, Number.MIN_SAFE_INTEGER);
    checkWhole('size', lots, 0);
    const ladder = this.sideOf(side);
    // A new level may make the columns grow: find it before the column.
    const level = lots > 0 ? ladder.at(price) : ladder.find(price);
    if (lots > 0) ladder.levels.shown[level] = lots;
    else if (level !== NONE) ladder.remove(level);
  }

  /** Drops the levels behind the first `most` of each side, as feeds of limited depth want it. */
  truncate(most: number): void {
    for (const ladder of [this.bids, this.asks]) while (ladder.count > most) ladder.remove(ladder.worst());
  }

  /** Size at a price; 0 when there is none. */
  lotsAt(side: OrderSide, price: number): number {
    const ladder = this.sideOf(side);
    const level = ladder.find(price);
    return level === NONE ? 0 : ladder.levels.shown[level]!;
  }

  /** The best levels of a side; how many orders make them is not known. */
  depth(side: OrderSide, most = Infinity): Omit<DepthLevel, 'orders'>[] {
    const ladder = this.sideOf(side);
    const depth: Omit<DepthLevel, 'orders'>[] = [];
    for (let level = ladder.best; level !== NONE && depth.length < most;) {
      const price = ladder.levels.price[level]!;
      depth.push({ price, lots: ladder.levels.shown[level]! });
      level = ladder.behind(price);
    }
    return depth;
  }

  private sideOf(side: OrderSide): PriceLadder {
    return side === 'BUY' ? this.bids : this.asks;
  }
}
