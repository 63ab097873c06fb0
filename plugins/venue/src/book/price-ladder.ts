import { NONE } from './growing.ts';
import { LevelStore } from './level-store.ts';
import { PricePages } from './price-pages.ts';

const FIRST_LEVELS = 64;

/** The price levels of one side. Of a `descending` ladder, that of bids, the highest price is the best. */
export class PriceLadder {
  readonly levels = new LevelStore(FIRST_LEVELS);
  /** The level of the best price, or NONE. */
  best = NONE;
  /** How many levels there are. */
  count = 0;
  private readonly pages = new PricePages();
  private readonly descending: boolean;

  constructor(order: 'ascending' | 'descending') {
    this.descending = order === 'descending';
  }

  /** The level at a price, or NONE. */
  find(price: number): number {
    return this.pages.get(price);
  }

  /** The level at a price; an empty one where there was none. */
  at(price: number): number {
    const known = this.pages.get(price);
    return known === NONE ? this.add(price) : known;
  }

  /** Removes a level, whatever it holds. */
  remove(level: number): void {
    const price = this.levels.price[level]!;
    if (level === this.best) this.best = this.behind(price);
    this.pages.clear(price);
    this.levels.give(level);
    this.count -= 1;
  }

  /** The next level that is worse than a price, or NONE. */
  behind(price: number): number {
    return this.descending ? this.pages.below(price) : this.pages.above(price);
  }

  /** The next level that is better than a price, or NONE. */
  before(price: number): number {
    return this.descending ? this.pages.above(price) : this.pages.below(price);
  }

  /** The level of the worst price, or NONE. */
  worst(): number {
    return this.descending ? this.pages.above(-Infinity) : this.pages.below(Infinity);
  }

  /** Whether a price is better than another on this side. */
  isBetter(price: number, than: number): boolean {
    return this.descending ? price > than : price < than;
  }

  private add(price: number): number {
    const level = this.levels.take(price);
    this.pages.set(price, level);
    if (this.best === NONE || this.isBetter(price, this.levels.price[this.best]!)) this.best = level;
    this.count += 1;
    return level;
  }
}
