import type { Part, SnapshotReader, SnapshotWriter } from './snapshot.ts';

const PIVOT = 0;
const HEAD = 1;
/** From here on each number of the window with the sum of its tail. */
const WINDOW = 2;

/**
 * Mean of the last `period` numbers, bit for bit that of `MovingMoments`, which says how: without the squares, and
 * with all that an update takes side by side, as a strategy may have averages of hundreds of symbols.
 */
export class MovingMean implements Part {
  private readonly period: number;
  private readonly cells: Float64Array;
  /** Slot that the next number goes to; of a full window that of the oldest. */
  private next = 0;
  private isFull = false;

  constructor(period: number) {
    this.period = period;
    this.cells = new Float64Array(WINDOW + 2 * period);
  }

  /** Of a full window. */
  get mean(): number {
    const { cells } = this;
    return cells[PIVOT]! + (cells[WINDOW + 2 * this.next + 1]! + cells[HEAD]!) / this.period;
  }

  push(value: number): void {
    const { cells, next } = this;
    cells[WINDOW + 2 * next] = value;
    if (next + 1 === this.period) {
      this.next = 0;
      this.isFull = true;
      this.startBlock();
    } else {
      this.next = next + 1;
      cells[HEAD]! += value - cells[PIVOT]!;
    }
  }

  reset(): void {
    this.next = 0;
    this.isFull = false;
    this.cells[PIVOT] = 0;
    this.cells[HEAD] = 0;
  }

  /** As a `Ring` is saved. */
  save(writer: SnapshotWriter): void {
    writer.write(this.isFull ? 1 : 0);
    writer.write(this.next);
    const size = this.isFull ? this.period : this.next;
    for (let slot = 0; slot < size; slot += 1) writer.write(this.cells[WINDOW + 2 * slot]!);
  }

  load(reader: SnapshotReader): void {
    const { cells, period } = this;
    this.isFull = reader.readInteger(1) === 1;
    this.next = reader.readInteger(period - 1);
    const size = this.isFull ? period : this.next;
    for (let slot = 0; slot < size; slot += 1) cells[WINDOW + 2 * slot] = reader.read();
    if (this.isFull) this.startBlock();
    for (let slot = 0; slot < this.next; slot += 1) cells[HEAD]! += cells[WINDOW + 2 * slot]! - cells[PIVOT]!;
  }

  private startBlock(): void {
    const { cells, next, period } = this;
    const pivot = cells[WINDOW + 2 * (period - 1)]!;
    let sum = 0;
    for (let slot = period - 1; slot >= next; slot -= 1) {
      sum += cells[WINDOW + 2 * slot]! - pivot;
      cells[WINDOW + 2 * slot + 1] = sum;
    }
    cells[PIVOT] = pivot;
    cells[HEAD] = 0;
  }
}
