import { Ring } from './ring.ts';
import type { Part, SnapshotReader, SnapshotWriter } from './snapshot.ts';

/** Sums of distances from the pivot: of x, y, x^2, y^2 and xy. */
const X = 0;
const Y = 1;
const XX = 2;
const YY = 3;
const XY = 4;
const SUMS = 5;
/** After them the head holds the two pivots. */
const PIVOT_X = 5;
const PIVOT_Y = 6;

/** Means, squares and products of the last `period` pairs, by the blocks and pivots of {@link MovingMoments}. */
export class MovingPair implements Part {
  private readonly xs: Ring;
  private readonly ys: Ring;
  private readonly tails: Float64Array;
  private readonly head = new Float64Array(SUMS + 2);

  constructor(period: number) {
    this.xs = new Ring(period);
    this.ys = new Ring(period);
    this.tails = new Float64Array(period * SUMS);
  }

  get isFull(): boolean {
    return this.xs.isFull;
  }

  /** Of a full window, as everything below. */
  get meanX(): number {
    return this.head[PIVOT_X]! + this.sum(X) / this.xs.capacity;
  }

  get meanY(): number {
    return this.head[PIVOT_Y]! + this.sum(Y) / this.xs.capacity;
  }

  /** The newest number less the mean. */
  get deviationX(): number {
    return this.xs.newest() - this.head[PIVOT_X]! - this.sum(X) / this.xs.capacity;
  }

  get deviationY(): number {
    return this.ys.newest() - this.head[PIVOT_Y]! - this.sum(Y) / this.xs.capacity;
  }

  /** Sum of squared deviations from the mean. */
  get squaresX(): number {
    return Math.max(0, this.centred(XX, X, X));
  }

  get squaresY(): number {
    return Math.max(0, this.centred(YY, Y, Y));
  }

  /** Sum of products of the deviations from both means. */
  get products(): number {
    return this.centred(XY, X, Y);
  }

  /** Sum of y. */
  get totalY(): number {
    return this.xs.capacity * this.head[PIVOT_Y]! + this.sum(Y);
  }

  /** Sum of y x (x - {@link pivotX}). */
  get weightedX(): number {
    return this.head[PIVOT_Y]! * this.sum(X) + this.sum(XY);
  }

  /** An x of the window. */
  get pivotX(): number {
    return this.head[PIVOT_X]!;
  }

  push(x: number, y: number): void {
    this.xs.push(x);
    this.ys.push(y);
    if (this.xs.next === 0) this.startBlock();
    else this.add(x, y);
  }

  reset(): void {
    this.xs.reset();
    this.ys.reset();
    this.head.fill(0);
  }

  save(writer: SnapshotWriter): void {
    this.xs.save(writer);
    this.ys.save(writer);
  }

  load(reader: SnapshotReader): void {
    this.xs.load(reader);
    this.ys.load(reader);
    if (this.xs.isFull) this.startBlock();
    for (let slot = 0; slot < this.xs.next; slot += 1) this.add(this.xs.slots[slot]!, this.ys.slots[slot]!);
  }

  private sum(which: number): number {
    return this.tails[this.xs.next * SUMS + which]! + this.head[which]!;
  }

  private centred(products: number, first: number, second: number): number {
    return this.sum(products) - (this.sum(first) * this.sum(second)) / this.xs.capacity;
  }

  private add(x: number, y: number): void {
    const { head } = this;
    const dx = x - head[PIVOT_X]!;
    const dy = y - head[PIVOT_Y]!;
    head[X]! += dx;
    head[Y]! += dy;
    head[XX]! += dx * dx;
    head[YY]! += dy * dy;
    head[XY]! += dx * dy;
  }

  /** The tails are summed up in the head, which then begins anew. */
  private startBlock(): void {
    const { head, tails, xs, ys } = this;
    const last = xs.capacity - 1;
    head.fill(0, 0, SUMS);
    head[PIVOT_X] = xs.slots[last]!;
    head[PIVOT_Y] = ys.slots[last]!;
    for (let slot = last; slot >= xs.next; slot -= 1) {
      this.add(xs.slots[slot]!, ys.slots[slot]!);
      for (let which = 0; which < SUMS; which += 1) tails[slot * SUMS + which] = head[which]!;
    }
    head.fill(0, 0, SUMS);
  }
}
