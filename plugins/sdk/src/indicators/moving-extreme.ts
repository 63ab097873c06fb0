import type { Part, SnapshotReader, SnapshotWriter } from './snapshot.ts';

/**
 * The highest (sign 1) or lowest (sign -1) of the last `period` numbers: a queue of those that are still to
 * become the extreme, each more extreme than all after it (Lemire 2006). Of equal ones the newest counts.
 */
export class MovingExtreme implements Part {
  private readonly period: number;
  private readonly sign: 1 | -1;
  private readonly values: Float64Array;
  /** When each came, in numbers pushed. */
  private readonly times: Float64Array;
  private readonly clock = new Float64Array(1);
  private first = 0;
  private size = 0;
  private filled = 0;

  constructor(period: number, sign: 1 | -1) {
    this.period = period;
    this.sign = sign;
    this.values = new Float64Array(period);
    this.times = new Float64Array(period);
  }

  get isFull(): boolean {
    return this.filled === this.period;
  }

  get extreme(): number {
    return this.values[this.first]!;
  }

  /** How many numbers ago the extreme came: 0 when it is the newest. */
  get age(): number {
    return this.clock[0]! - this.times[this.first]!;
  }

  push(value: number): void {
    const now = (this.clock[0]! += 1);
    if (this.filled < this.period) this.filled += 1;
    if (this.size > 0 && now - this.times[this.first]! >= this.period) {
      this.first = this.first + 1 === this.period ? 0 : this.first + 1;
      this.size -= 1;
    }
    while (this.size > 0 && (value - this.values[this.slot(this.size - 1)]!) * this.sign >= 0) this.size -= 1;
    this.append(value, now);
  }

  reset(): void {
    this.clock[0] = 0;
    this.first = 0;
    this.size = 0;
    this.filled = 0;
  }

  save(writer: SnapshotWriter): void {
    writer.write(this.filled);
    writer.write(this.size);
    for (let index = 0; index < this.size; index += 1) {
      const slot = this.slot(index);
      writer.write(this.values[slot]!);
      writer.write(this.clock[0]! - this.times[slot]!);
    }
  }

  load(reader: SnapshotReader): void {
    this.filled = reader.readInteger(this.period);
    const size = reader.readInteger(this.filled);
    for (let index = 0; index < size; index += 1) {
      const value = reader.read();
      this.append(value, -reader.readInteger(this.period - 1));
    }
  }

  private append(value: number, time: number): void {
    const slot = this.slot(this.size);
    this.values[slot] = value;
    this.times[slot] = time;
    this.size += 1;
  }

  private slot(index: number): number {
    const slot = this.first + index;
    return slot < this.period ? slot : slot - this.period;
  }
}
