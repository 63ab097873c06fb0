/** What walks through a series whose rows are known at an instant each. */
export interface MergeCursor {
  readonly series: unknown;
  /** Of the current row. */
  readonly endsAt: number;
  /** Makes sure that there is a current row. */
  load(): 'READY' | 'END' | 'WAIT';
  pass(): void;
}

/**
 * Rows of many series in the order of the instants at which they are known: nobody sees a bar before it is over. Of rows
 * of one instant those of the series that was given first come first. A binary heap of the series' places: the memory is
 * one block a series. Instants stand beside each other, so that hundreds of series are compared without a look at each.
 */
export class SeriesMerge<C extends MergeCursor> {
  private readonly cursors: readonly C[];
  private readonly heap: Int32Array;
  private size = 0;
  /** By place: when the current row of a series is known. */
  private readonly ends: Float64Array;
  /** Places that are not in the heap: their next row is not known. */
  private waiting: number[];

  constructor(cursors: readonly C[]) {
    this.cursors = cursors;
    this.heap = new Int32Array(cursors.length);
    this.ends = new Float64Array(cursors.length);
    this.waiting = cursors.map((_, place) => place);
  }

  /**
   * The cursor whose row comes first; null at the end of all, and a series that has to be given a block first, without
   * which nobody knows what comes next.
   */
  next(): C | C['series'] | null {
    if (this.waiting.length > 0) {
      const blocked = this.fill();
      if (blocked !== null) return blocked;
    }
    return this.size === 0 ? null : this.cursors[this.heap[0]!]!;
  }

  /** Goes past the row that `next` gave. */
  pass(): void {
    if (this.size === 0) return;
    const first = this.heap[0]!;
    const cursor = this.cursors[first]!;
    cursor.pass();
    const state = cursor.load();
    if (state === 'READY') {
      this.ends[first] = cursor.endsAt;
      this.sink(first);
      return;
    }
    this.size -= 1;
    if (this.size > 0) this.sink(this.heap[this.size]!);
    if (state === 'WAIT') this.waiting.push(first);
  }

  private fill(): C['series'] | null {
    const still: number[] = [];
    for (const place of this.waiting) {
      const cursor = this.cursors[place]!;
      const state = cursor.load();
      if (state === 'READY') {
        this.ends[place] = cursor.endsAt;
        this.rise(place);
      } else if (state === 'WAIT') still.push(place);
    }
    this.waiting = still;
    const [blocked] = still;
    return blocked === undefined ? null : this.cursors[blocked]!.series;
  }

  /** Puts a place in at the bottom. */
  private rise(place: number): void {
    const { heap } = this;
    let node = this.size;
    this.size += 1;
    while (node > 0) {
      const parent = (node - 1) >>> 1;
      if (this.isBefore(heap[parent]!, place)) break;
      heap[node] = heap[parent]!;
      node = parent;
    }
    heap[node] = place;
  }

  /** Puts a place in at the top, instead of what stands there. */
  private sink(place: number): void {
    const { heap, size } = this;
    let node = 0;
    for (;;) {
      let child = 2 * node + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (this.isBefore(place, heap[child]!)) break;
      heap[node] = heap[child]!;
      node = child;
    }
    heap[node] = place;
  }

  private isBefore(a: number, b: number): boolean {
    const { ends } = this;
    return ends[a]! < ends[b]! || (ends[a] === ends[b] && a < b);
  }
}
