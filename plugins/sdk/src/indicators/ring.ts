import type { Part, SnapshotReader, SnapshotWriter } from './snapshot.ts';

/** The last `capacity` numbers. */
export class Ring implements Part {
  readonly capacity: number;
  readonly slots: Float64Array;
  /** How many there are. */
  size = 0;
  /** The slot that the next number goes to; of a full ring the slot of the oldest. */
  next = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.slots = new Float64Array(capacity);
  }

  get isFull(): boolean {
    return this.size === this.capacity;
  }

  push(value: number): void {
    this.slots[this.next] = value;
    this.next = this.next + 1 === this.capacity ? 0 : this.next + 1;
    if (this.size < this.capacity) this.size += 1;
  }

  /** Of a full ring. */
  oldest(): number {
    return this.slots[this.next]!;
  }

  newest(): number {
    return this.slots[this.next === 0 ? this.capacity - 1 : this.next - 1]!;
  }

  reset(): void {
    this.size = 0;
    this.next = 0;
  }

  save(writer: SnapshotWriter): void {
    writer.write(this.isFull ? 1 : 0);
    writer.write(this.next);
    for (let slot = 0; slot < this.size; slot += 1) writer.write(this.slots[slot]!);
  }

  load(reader: SnapshotReader): void {
    const isFull = reader.readInteger(1) === 1;
    this.next = reader.readInteger(this.capacity - 1);
    this.size = isFull ? this.capacity : this.next;
    for (let slot = 0; slot < this.size; slot += 1) this.slots[slot] = reader.read();
  }
}
