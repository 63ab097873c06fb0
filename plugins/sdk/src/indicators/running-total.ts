import type { Part, SnapshotReader, SnapshotWriter } from './snapshot.ts';

/** A sum without end, with the error of every addition kept beside it (Neumaier 1974). */
export class RunningTotal implements Part {
  /** The sum, and what was lost of it. */
  private readonly cells = new Float64Array(2);

  get total(): number {
    return this.cells[0]! + this.cells[1]!;
  }

  add(value: number): void {
    const sum = this.cells[0]!;
    const next = sum + value;
    this.cells[1]! += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    this.cells[0] = next;
  }

  reset(): void {
    this.cells.fill(0);
  }

  save(writer: SnapshotWriter): void {
    writer.write(this.cells[0]!);
    writer.write(this.cells[1]!);
  }

  load(reader: SnapshotReader): void {
    this.cells[0] = reader.read();
    this.cells[1] = reader.read();
  }
}
