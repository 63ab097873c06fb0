import { Ring } from './ring.ts';
import type { Part, SnapshotReader, SnapshotWriter } from './snapshot.ts';

/**
 * Mean and sum of squared deviations of the last `period` numbers, by the blocks of {@link MovingSum}.
 *
 * What is summed is the distance from a pivot, the last number of the complete block. It always lies in
 * the window: of a constant window all distances are exactly zero, and elsewhere (mean - pivot)^2 is at most
 * `period` times the variance, which bounds what is cancelled in it (Chan, Golub and LeVeque 1983).
 */
export class MovingMoments implements Part {
  private readonly ring: Ring;
  private readonly tailSums: Float64Array;
  private readonly tailSquares: Float64Array;
  /** The pivot, and the head's sum and sum of squares of distances from it. */
  private readonly head = new Float64Array(3);

  constructor(period: number) {
    this.ring = new Ring(period);
    this.tailSums = new Float64Array(period);
    this.tailSquares = new Float64Array(period);
  }

  get isFull(): boolean {
    return this.ring.isFull;
  }

  get newest(): number {
    return this.ring.newest();
  }

  /** The window's numbers, in no order. */
  get numbers(): Float64Array {
    return this.ring.slots;
  }

  /** Of a full window, as everything below. */
  get mean(): number {
    return this.head[0]! + this.distance / this.ring.capacity;
  }

  /** The newest number less the mean. */
  get deviation(): number {
    return this.ring.newest() - this.head[0]! - this.distance / this.ring.capacity;
  }

  /** The sum of squared deviations from the mean. */
  get squares(): number {
    const sum = this.distance;
    const squares = this.tailSquares[this.ring.next]! + this.head[2]!;
    return Math.max(0, squares - (sum * sum) / this.ring.capacity);
  }

  push(value: number): void {
    this.ring.push(value);
    if (this.ring.next === 0) this.startBlock();
    else this.add(value);
  }

  reset(): void {
    this.ring.reset();
    this.head.fill(0);
  }

  save(writer: SnapshotWriter): void {
    this.ring.save(writer);
  }

  load(reader: SnapshotReader): void {
    this.ring.load(reader);
    if (this.ring.isFull) this.startBlock();
    for (let slot = 0; slot < this.ring.next; slot += 1) this.add(this.ring.slots[slot]!);
  }

  private get distance(): number {
    return this.tailSums[this.ring.next]! + this.head[1]!;
  }

  private add(value: number): void {
    const distance = value - this.head[0]!;
    this.head[1]! += distance;
    this.head[2]! += distance * distance;
  }

  private startBlock(): void {
    const { slots, next, capacity } = this.ring;
    const pivot = slots[capacity - 1]!;
    let sum = 0;
    let squares = 0;
    for (let slot = capacity - 1; slot >= next; slot -= 1) {
      const distance = slots[slot]! - pivot;
      sum += distance;
      squares += distance * distance;
      this.tailSums[slot] = sum;
      this.tailSquares[slot] = squares;
    }
    this.head[0] = pivot;
    this.head[1] = 0;
    this.head[2] = 0;
  }
}
