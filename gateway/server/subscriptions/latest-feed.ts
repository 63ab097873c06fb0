import { createFeed, type Feed } from './feed.ts';

/** Keys that wait for one subscriber; beyond it the oldest is forgotten. */
const MAX_WAITING = 1_024;

/** Where the latest of each key comes from. */
export interface LatestSource<T extends object> {
  /** What a new subscriber gets at once. */
  current(): Iterable<readonly [key: string, value: T]>;
  /** Calls back with each change until the returned function is called. */
  listen(onChange: (key: string, value: T) => void): () => void;
}

/**
 * A feed that conflates: of each key a subscriber gets the latest when it is ready for it, in the order in
 * which the keys changed. What waits for it is bounded by the number of keys.
 */
export function createLatestFeed<T extends object>(source: LatestSource<T>): Feed<T> {
  return createFeed((wake) => {
    const waiting = new Map<string, T>();
    let closed = false;

    const put = (key: string, value: T): void => {
      waiting.set(key, value);
      if (waiting.size <= MAX_WAITING) return;
      const [oldest] = waiting.keys();
      if (oldest !== undefined) waiting.delete(oldest);
    };
    const stop = source.listen((key, value) => {
      put(key, value);
      wake();
    });
    for (const [key, value] of source.current()) put(key, value);
    if (waiting.size > 0) wake();

    return {
      get end() {
        return closed ? ('done' as const) : null;
      },
      take() {
        for (const [key, value] of waiting) {
          waiting.delete(key);
          return value;
        }
        return null;
      },
      setBlocked: () => undefined,
      close() {
        closed = true;
        waiting.clear();
        stop();
      },
    };
  });
}
