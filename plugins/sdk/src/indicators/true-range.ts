import type { HighLowClose } from './inputs.ts';
import type { Part, SnapshotReader, SnapshotWriter } from './snapshot.ts';

const BARS = 0;
const PREVIOUS = 1;
const RANGE = 2;

/** Wilder's true range, which needs the close before: it is ready at the second bar. */
export class TrueRange implements Part {
  private readonly cells = new Float64Array(3);

  get isReady(): boolean {
    return this.cells[BARS]! === 2;
  }

  get value(): number {
    return this.cells[RANGE]!;
  }

  push({ high, low, close }: HighLowClose): void {
    const { cells } = this;
    if (cells[BARS]! > 0) cells[RANGE] = Math.max(high, cells[PREVIOUS]!) - Math.min(low, cells[PREVIOUS]!);
    cells[BARS] = Math.min(2, cells[BARS]! + 1);
    cells[PREVIOUS] = close;
  }

  reset(): void {
    this.cells.fill(0);
  }

  save(writer: SnapshotWriter): void {
    for (const cell of this.cells) writer.write(cell);
  }

  load(reader: SnapshotReader): void {
    this.cells[BARS] = reader.readInteger(2);
    this.cells[PREVIOUS] = reader.read();
    this.cells[RANGE] = reader.read();
  }
}
