import type { OrderSide } from '@omniquant/plugin-sdk';
import { L2Replay } from '@omniquant/venue/book/l2-replay';
import type { PriceLadder } from '@omniquant/venue/book/price-ladder';

import { behindIn, bestIn, lotsIn } from './ladder-prices.ts';
import type { MarketDepth } from './market-depth.ts';
import { MessageNumbers } from './message-numbers.ts';

/** Levels as an L2 feed sets them. Nothing is known to stand before the first snapshot, and from a gap to the next. */
export class LevelDepth implements MarketDepth {
  readonly numbers = new MessageNumbers(true);
  /** The message at hand gives the book as a whole, or shows that it is lost. */
  isAnew = false;
  private readonly levels = new L2Replay();

  get bid(): number {
    return this.numbers.isStale ? 0 : bestIn(this.levels.bids, 0);
  }

  get ask(): number {
    return this.numbers.isStale ? Infinity : bestIn(this.levels.asks, Infinity);
  }

  lotsAt(side: OrderSide, price: number): number {
    return this.numbers.isStale ? NaN : lotsIn(this.ladder(side), price);
  }

  behind(side: OrderSide, price: number): number {
    return behindIn(this.ladder(side), price);
  }

  snapshot(sequence: number): void {
    this.numbers.begin(sequence);
    this.levels.snapshot();
    this.isAnew = true;
  }

  /** Whether the row of a message may be taken. */
  follows(sequence: number): boolean {
    const wasStale = this.numbers.isStale;
    const isNext = this.numbers.follows(sequence);
    if (this.numbers.isStale && !wasStale) this.isAnew = true;
    return isNext;
  }

  set(side: OrderSide, price: number, lots: number): void {
    this.levels.set(side, price, lots);
  }

  private ladder(side: OrderSide): PriceLadder {
    return side === 'BUY' ? this.levels.bids : this.levels.asks;
  }
}
