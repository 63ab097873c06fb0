/** An event with the time at which it is known. */
export interface Timed<T> {
  readonly at: number;
  readonly event: T;
}

/**
 * Puts sources, each in the order of time, together to one: nothing of a source is told before something earlier of
 * another. Of the same instant the source that comes first in the list goes first. Ends them all when it is ended.
 */
export async function* merge<T>(sources: readonly AsyncIterable<Timed<T>>[]): AsyncGenerator<Timed<T>> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const heads: (Timed<T> | null)[] = [];
  const advance = async (index: number): Promise<void> => {
    const next = await iterators[index]?.next();
    heads[index] = next === undefined || next.done === true ? null : next.value;
  };
  try {
    // One after the other: a hundred files need not be read at once.
    for (const index of iterators.keys()) await advance(index);
    for (;;) {
      let first = -1;
      for (const [index, head] of heads.entries()) {
        const best = heads[first];
        if (head !== null && (best === undefined || best === null || head.at < best.at)) first = index;
      }
      const head = heads[first];
      if (head === undefined || head === null) return;
      yield head;
      await advance(first);
    }
  } finally {
    await Promise.all(iterators.map(async (iterator) => iterator.return?.()));
  }
}
