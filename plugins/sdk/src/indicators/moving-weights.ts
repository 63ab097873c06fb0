import { Ring } from './ring.ts';
import type { Part, SnapshotReader, SnapshotWriter } from './snapshot.ts';

/**
 * Sums of the last `period` numbers weighted by their position, by the blocks and the pivot of
 * {@link MovingMoments}. Positions run from 0, the oldest, to period - 1.
 */
export class MovingWeights implements Part {
  private readonly ring: Ring;
  private readonly tailSums: Float64Array;
  /** Weighted by the position after the slot that the tail begins at. */
  private readonly tailWeighted: Float64Array;
  /** The pivot, and the head's sum and sum weighted by slot, of distances from it. */
  private readonly head = new Float64Array(3);

  constructor(period: number) {
    this.ring = new Ring(period);
    this.tailSums = new Float64Array(period);
    this.tailWeighted = new Float64Array(period);
  }

  get isFull(): boolean {
    return this.ring.isFull;
  }

  /** A number of the window. What follows is of distances from it, and of a full window. */
  get pivot(): number {
    return this.head[0]!;
  }

  /** Sum of (number - pivot). */
  get sum(): number {
    return this.tailSums[this.ring.next]! + this.head[1]!;
  }

  /** Sum of position x (number - pivot). */
  get weighted(): number {
    const { next, capacity } = this.ring;
    return this.tailWeighted[next]! + this.head[2]! + (capacity - next) * this.head[1]!;
  }

  push(value: number): void {
    this.ring.push(value);
    if (this.ring.next === 0) this.startBlock();
    else this.add(value, this.ring.next - 1);
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
    for (let slot = 0; slot < this.ring.next; slot += 1) this.add(this.ring.slots[slot]!, slot);
  }

  private add(value: number, slot: number): void {
    const distance = value - this.head[0]!;
    this.head[1]! += distance;
    this.head[2]! += slot * distance;
  }

  private startBlock(): void {
    const { slots, next, capacity } = this.ring;
    const pivot = slots[capacity - 1]!;
    let sum = 0;
    let weighted = 0;
    for (let slot = capacity - 1; slot >= next; slot -= 1) {
      // What was in the tail moves one position up.
      weighted += sum;
      sum += slots[slot]! - pivot;
      this.tailSums[slot] = sum;
      this.tailWeighted[slot] = weighted;
    }
    this.head[0] = pivot;
    this.head[1] = 0;
    this.head[2] = 0;
  }
}
