import type { Part, SnapshotReader, SnapshotWriter } from './snapshot.ts';

const COUNT = 0;
const FIRST = 1;
const SUM = 2;
const VALUE = 3;

/**
 * Exponential smoothing: value += weight x (number - value), from the mean of the first `period` numbers on.
 * That mean is taken of the distances from the first number, so that it is exact for a constant series.
 */
export class Smoothing implements Part {
  private readonly period: number;
  private readonly weight: number;
  private readonly cells = new Float64Array(4);

  private constructor(period: number, weight: number) {
    this.period = period;
    this.weight = weight;
  }

  /** With the weight 2 / (period + 1) of an exponential moving average. */
  static exponential(period: number): Smoothing {
    return new Smoothing(period, 2 / (period + 1));
  }

  /** With the weight 1 / period of Wilder's averages. */
  static wilder(period: number): Smoothing {
    return new Smoothing(period, 1 / period);
  }

  get isReady(): boolean {
    return this.cells[COUNT]! === this.period;
  }

  get value(): number {
    return this.cells[VALUE]!;
  }

  push(value: number): void {
    const { cells } = this;
    if (cells[COUNT]! === this.period) {
      cells[VALUE]! += this.weight * (value - cells[VALUE]!);
      return;
    }
    if (cells[COUNT]! === 0) cells[FIRST] = value;
    cells[COUNT]! += 1;
    cells[SUM]! += value - cells[FIRST]!;
    cells[VALUE] = cells[FIRST]! + cells[SUM]! / cells[COUNT]!;
  }

  reset(): void {
    this.cells.fill(0);
  }

  save(writer: SnapshotWriter): void {
    for (const cell of this.cells) writer.write(cell);
  }

  load(reader: SnapshotReader): void {
    this.cells[COUNT] = reader.readInteger(this.period);
    for (let index = FIRST; index <= VALUE; index += 1) this.cells[index] = reader.read();
  }
}
