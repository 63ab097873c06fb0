import { type Indicator, indicator } from './indicator.ts';
import { checkNumber } from './inputs.ts';
import { requirePeriod } from './parameters.ts';
import { Ring } from './ring.ts';
import type { Part, SnapshotReader, SnapshotWriter } from './snapshot.ts';

/** The last numbers, and the same in order. */
class SortedWindow implements Part {
  private readonly ring: Ring;
  private readonly sorted: Float64Array;

  constructor(period: number) {
    this.ring = new Ring(period);
    this.sorted = new Float64Array(period);
  }

  /** Of a full window. */
  get median(): number {
    const upper = this.ring.capacity >> 1;
    const high = this.sorted[upper]!;
    return this.ring.capacity % 2 === 1 ? high : (this.sorted[upper - 1]! + high) / 2;
  }

  push(value: number): void {
    const { ring, sorted } = this;
    let size = ring.size;
    if (ring.isFull) {
      const gone = this.rank(ring.oldest(), size);
      sorted.copyWithin(gone, gone + 1, size);
      size -= 1;
    }
    const place = this.rank(value, size);
    sorted.copyWithin(place + 1, place, size);
    sorted[place] = value;
    ring.push(value);
  }

  reset(): void {
    this.ring.reset();
  }

  save(writer: SnapshotWriter): void {
    this.ring.save(writer);
  }

  load(reader: SnapshotReader): void {
    this.ring.load(reader);
    this.sorted.set(this.ring.slots);
    this.sorted.subarray(0, this.ring.size).sort();
  }

  /** How many of the first `size` numbers in order are less. */
  private rank(value: number, size: number): number {
    let low = 0;
    let high = size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Median of the last `period` inputs; of an even number the mean of the middle two. An update searches in
 * log(period) steps and moves at most a window of memory, which stays cheap for thousands of inputs. First
 * value: at input `period`.
 *
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 * @throws {@link IndicatorError} INVALID_INDICATOR for a period that is no integer from 1 to 1,000,000.
 *
 * @example
 * ```ts
 * const middle = median(3);
 * [10, 11, 900, 12].map((price) => middle.update(price)); // [null, null, 11, 12]
 * ```
 */
export const median = (period: number): Indicator<number, number> => {
  const window = new SortedWindow(requirePeriod('period', period));
  return indicator({
    name: `median(${period})`,
    warmup: period,
    parts: [window],
    check: checkNumber,
    // Negative zero, which equals zero but sorts before it, becomes zero.
    push: (value) => window.push(value + 0),
    read: () => window.median,
  });
};
