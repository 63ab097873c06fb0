import { NONE, resizedFloats, resizedInts } from './growing.ts';

/** Price levels as columns, like orders in an OrderStore. */
export class LevelStore {
  /** Ticks. */
  price: Float64Array;
  /** Lots that the level shows. */
  shown: Float64Array;
  /** All its lots, hidden parts included. */
  leaves: Float64Array;
  /** Those of them that belong to all-or-none orders. */
  wholeOnly: Float64Array;
  orders: Int32Array;
  /** Slots of the first and last order in line. */
  head: Int32Array;
  tail: Int32Array;
  private free = 0;

  constructor(capacity: number) {
    this.price = new Float64Array(capacity);
    this.shown = new Float64Array(capacity);
    this.leaves = new Float64Array(capacity);
    this.wholeOnly = new Float64Array(capacity);
    this.orders = new Int32Array(capacity);
    this.head = new Int32Array(capacity);
    this.tail = new Int32Array(capacity);
    this.chain(0);
  }

  /** An empty level. */
  take(price: number): number {
    if (this.free === NONE) this.grow();
    const level = this.free;
    this.free = this.head[level]!;
    this.price[level] = price;
    this.shown[level] = 0;
    this.leaves[level] = 0;
    this.wholeOnly[level] = 0;
    this.orders[level] = 0;
    this.head[level] = NONE;
    this.tail[level] = NONE;
    return level;
  }

  give(level: number): void {
    this.head[level] = this.free;
    this.free = level;
  }

  private grow(): void {
    const before = this.price.length;
    this.price = resizedFloats(this.price, before * 2);
    this.shown = resizedFloats(this.shown, before * 2);
    this.leaves = resizedFloats(this.leaves, before * 2);
    this.wholeOnly = resizedFloats(this.wholeOnly, before * 2);
    this.orders = resizedInts(this.orders, before * 2);
    this.head = resizedInts(this.head, before * 2);
    this.tail = resizedInts(this.tail, before * 2);
    this.chain(before);
  }

  private chain(start: number): void {
    const end = this.price.length - 1;
    for (let level = start; level < end; level += 1) this.head[level] = level + 1;
    this.head[end] = NONE;
    this.free = start;
  }
}
