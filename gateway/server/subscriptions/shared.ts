import type { Clock, Timer } from '../../../core/ports/clock.ts';

export interface Shared<T> {
  readonly value: T;
  readonly release: () => void;
}

/** Things that their users share: made for the first, closed a while after the last has let go. */
export interface SharedThings<T> {
  acquire(key: string, make: () => T): Shared<T>;
  readonly size: number;
  close(): void;
}

interface Held<T> {
  readonly value: T;
  users: number;
  timer: Timer | null;
}

/** `lingerMs`: users that come back (sockets that were cut) find what they left. */
export function createSharedThings<T>(
  clock: Clock,
  lingerMs: number,
  close: (value: T) => void,
): SharedThings<T> {
  const held = new Map<string, Held<T>>();

  const drop = (key: string, entry: Held<T>): void => {
    entry.timer?.cancel();
    held.delete(key);
    close(entry.value);
  };

  return {
    get size() {
      return held.size;
    },
    acquire(key, make) {
      const entry = held.get(key) ?? { value: make(), users: 0, timer: null };
      held.set(key, entry);
      entry.timer?.cancel();
      entry.timer = null;
      entry.users += 1;
      let released = false;
      return {
        value: entry.value,
        release() {
          if (released) return;
          released = true;
          entry.users -= 1;
          if (entry.users > 0 || held.get(key) !== entry) return;
          entry.timer = clock.after(lingerMs, () => {
            drop(key, entry);
          });
        },
      };
    },
    close() {
      for (const [key, entry] of held) drop(key, entry);
    },
  };
}
