import type { Part, SnapshotReader, SnapshotWriter } from './snapshot.ts';

/** A few numbers by position. In a typed array, so that writing one allocates nothing. */
export class Cells implements Part {
  readonly at: Float64Array;

  constructor(count: number) {
    this.at = new Float64Array(count);
  }

  reset(): void {
    this.at.fill(0);
  }

  save(writer: SnapshotWriter): void {
    for (const cell of this.at) writer.write(cell);
  }

  load(reader: SnapshotReader): void {
    for (let index = 0; index < this.at.length; index += 1) this.at[index] = reader.read();
  }
}
