/**
 * One subscriber's place in a feed. What waits for it is bounded by the feed: a place in a shared log, or
 * the latest of each key. It is drained when its consumer can take more, never pushed.
 */
export interface FeedReader<T extends object> {
  /** The next payload, or null when there is none now. Equal payloads of a feed's readers are one object. */
  take(): T | null;
  /** Null while the feed goes on; the error that ended it may be set before all was taken. */
  readonly end: 'done' | Error | null;
  /** True while the consumer's own side takes nothing: a feed that may lose nothing then ends a slow one. */
  setBlocked(blocked: boolean): void;
  close(): void;
}

/** A stream that any number of subscribers read, each at its own pace. */
export interface Feed<T extends object> extends AsyncIterable<T> {
  /** `wake` is called, perhaps at once and perhaps in vain, when there may be something to take or an end. */
  open(wake: () => void): FeedReader<T>;
}

const feeds = new WeakSet();

export function createFeed<T extends object>(open: (wake: () => void) => FeedReader<T>): Feed<T> {
  const feed: Feed<T> = { open, [Symbol.asyncIterator]: () => iterate(open) };
  feeds.add(feed);
  return feed;
}

export function isFeed(value: unknown): value is Feed<object> {
  return typeof value === 'object' && value !== null && feeds.has(value);
}

/** For whoever reads a feed as a plain iterator, which pulls and so never falls behind by itself. */
async function* iterate<T extends object>(
  open: (wake: () => void) => FeedReader<T>,
): AsyncGenerator<T, void, void> {
  let notify = (): void => undefined;
  let woken = false;
  const reader = open(() => {
    woken = true;
    notify();
  });
  try {
    for (;;) {
      woken = false;
      const { end } = reader;
      if (end instanceof Error) throw end;
      const payload = reader.take();
      if (payload !== null) yield payload;
      else if (reader.end === 'done') return;
      else if (reader.end === null) {
        await new Promise<void>((resolve) => (woken ? resolve() : (notify = resolve)));
      }
    }
  } finally {
    reader.close();
  }
}

/** Any other async iterable as a feed of one reader: it is asked for the next payload when one was taken. */
export function feedOf(source: AsyncIterable<unknown>): Feed<object> {
  return createFeed((wake) => {
    const iterator = source[Symbol.asyncIterator]();
    let ready: object | null = null;
    let end: 'done' | Error | null = null;
    let pulling = false;

    const pull = async (): Promise<void> => {
      pulling = true;
      try {
        const next: IteratorResult<unknown> = await iterator.next();
        if (next.done === true) end = 'done';
        else ready = Object(next.value) as object;
      } catch (error) {
        end = error instanceof Error ? error : new Error(String(error));
      }
      pulling = false;
      wake();
    };

    return {
      get end() {
        return ready === null ? end : null;
      },
      take() {
        const payload = ready;
        ready = null;
        if (payload === null && !pulling && end === null) void pull();
        return payload;
      },
      setBlocked: () => undefined,
      close() {
        end ??= 'done';
        void iterator.return?.().catch(() => undefined);
      },
    };
  });
}
