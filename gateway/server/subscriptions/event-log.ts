import { apiError } from '../../../schema/errors/api-error.ts';
import type { FeedReader } from './feed.ts';

interface Numbered {
  /** Journal sequence; grows, with holes. */
  readonly seq: number;
}

/**
 * The last events of an account, in order, as its live subscribers share them. Everything after `floor`
 * up to `position` is here; what is older is in the journal. A subscriber's queue is the part of the log
 * between its place and the end: one that is more than `capacity` behind has overflown, and ends.
 */
export interface EventLog<T extends Numbered> {
  readonly position: number;
  readonly floor: number;
  /** Whether whoever has everything up to here is near enough to the end to follow it. */
  reaches(afterSeq: number): boolean;
  /** Those more than half the capacity behind, and a figure that grows when one of them takes something. */
  lagging(): { readonly places: number; readonly progress: number };
  /** `items` are all that happened after `position` up to `upTo`. */
  append(items: readonly T[], upTo: number): void;
  /** From right after a sequence not below `floor`, which may be ahead of `position`; null is from now on. */
  follow(afterSeq: number | null, wake: () => void): FeedReader<T>;
}

interface Place {
  /** Index in the log of all times. */
  next: number;
  /** What was had from elsewhere up to here is not given again. */
  readonly after: number;
  end: 'done' | Error | null;
  readonly wake: () => void;
}

export function createEventLog<T extends Numbered>(start: number, capacity: number): EventLog<T> {
  let position = start;
  let floor = start;
  /** Index of `items[0]` in the log of all times. */
  let base = 0;
  let items: T[] = [];
  const places = new Set<Place>();

  function trim(): void {
    // In halves, so that each event is moved once at most.
    if (items.length <= 2 * capacity) return;
    const dropped = items.length - capacity;
    floor = items[dropped - 1]?.seq ?? floor;
    items = items.slice(dropped);
    base += dropped;
  }

  function placeAfter(seq: number): number {
    let index = items.length;
    while (index > 0 && (items[index - 1]?.seq ?? 0) > seq) index -= 1;
    return base + index;
  }

  return {
    get position() {
      return position;
    },
    get floor() {
      return floor;
    },
    reaches: (afterSeq) => afterSeq >= floor && base + items.length - placeAfter(afterSeq) <= capacity / 2,
    lagging() {
      const end = base + items.length;
      let lagging = 0;
      let progress = 0;
      for (const { next } of places) {
        if (end - next <= capacity / 2) continue;
        lagging += 1;
        progress += next;
      }
      return { places: lagging, progress };
    },
    append(added, upTo) {
      for (const item of added) items.push(item);
      position = upTo;
      if (added.length > 0) {
        const end = base + items.length;
        for (const place of places) {
          if (end - place.next > capacity) {
            place.end ??= slowConsumer();
            places.delete(place);
          }
          place.wake();
        }
        trim();
      }
    },
    follow(afterSeq, wake) {
      const place: Place = {
        next: afterSeq === null ? base + items.length : placeAfter(afterSeq),
        after: afterSeq ?? position,
        end: null,
        wake,
      };
      places.add(place);
      return {
        get end() {
          return place.end;
        },
        take() {
          while (place.end === null) {
            const item = items[place.next - base];
            if (item === undefined) return null;
            place.next += 1;
            if (item.seq > place.after) return item;
          }
          return null;
        },
        close() {
          place.end ??= 'done';
          places.delete(place);
        },
      };
    },
  };
}

function slowConsumer(): Error {
  return apiError(
    'SLOW_CONSUMER',
    'Events came faster than they were read: subscribe again with the cursor of the last one you have.',
  );
}
