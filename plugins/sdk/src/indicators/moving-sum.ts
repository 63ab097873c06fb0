import { Ring } from './ring.ts';
import type { Part, SnapshotReader, SnapshotWriter } from './snapshot.ts';

/**
 * The sum of the last `period` numbers, by blocks, as all moving sums here: when `period` numbers have come, a
 * block is complete and the sums of its tails are written down. The window is then a tail of that block and
 * the head of the next one. So every sum is of at most `period` terms and nothing is ever subtracted: there
 * is no drift, and an outlier is forgotten entirely once it has left the window.
 */
export class MovingSum implements Part {
  private readonly ring: Ring;
  /** Sums of the complete block's numbers from a slot to its end. */
  private readonly tails: Float64Array;
  /** Of the numbers of the block that is being filled. */
  private readonly head = new Float64Array(1);

  constructor(period: number) {
    this.ring = new Ring(period);
    this.tails = new Float64Array(period);
  }

  get isFull(): boolean {
    return this.ring.isFull;
  }

  /** Of a full window. */
  get sum(): number {
    return this.tails[this.ring.next]! + this.head[0]!;
  }

  push(value: number): void {
    this.ring.push(value);
    if (this.ring.next === 0) this.startBlock();
    else this.head[0]! += value;
  }

  reset(): void {
    this.ring.reset();
    this.head[0] = 0;
  }

  save(writer: SnapshotWriter): void {
    this.ring.save(writer);
  }

  load(reader: SnapshotReader): void {
    this.ring.load(reader);
    if (this.ring.isFull) this.startBlock();
    for (let slot = 0; slot < this.ring.next; slot += 1) this.head[0]! += this.ring.slots[slot]!;
  }

  private startBlock(): void {
    const { slots, next, capacity } = this.ring;
    let sum = 0;
    // After a restore the slots below `next` hold the head: their tails are never asked for.
    for (let slot = capacity - 1; slot >= next; slot -= 1) {
      sum += slots[slot]!;
      this.tails[slot] = sum;
    }
    this.head[0] = 0;
  }
}
