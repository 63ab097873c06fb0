import { apiError } from '../../../schema/errors/api-error.ts';
import type { FeedReader } from './feed.ts';

interface Numbered {
  /** Journal sequence; grows, with holes. */
  readonly seq: number;
}

export interface LogReader<T extends object> extends FeedReader<T> {
  /** Its place has left the log: what comes next for it is in the journal only. */
  readonly lost: boolean;
}

/**
 * The last events of an account, in order, as its live subscribers share them. Everything after `floor`
 * up to `position` is here; what is older is in the journal. A subscriber's queue is the part of the log
 * between its place and the end. One whose consumer is blocked while more than `capacity` events come up is
 * too slow, and ends; one that is behind because we are has done nothing wrong: its place may get lost.
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
  follow(afterSeq: number | null, wake: () => void): LogReader<T>;
}

interface Place {
  /** Index in the log of all times. */
  next: number;
  /** What was had from elsewhere up to here is not given again. */
  readonly after: number;
  /** Where the log's end was when the consumer got blocked. */
  blockedAt: number | null;
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
  const logEnd = (): number => base + items.length;

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

  function tell(place: Place): void {
    if (place.blockedAt !== null && logEnd() - place.blockedAt > capacity) {
      place.end ??= slowConsumer();
      places.delete(place);
    }
    place.wake();
  }

  function take(place: Place): T | null {
    while (place.end === null && place.next >= base) {
      const item = items[place.next - base];
      if (item === undefined) return null;
      place.next += 1;
      if (item.seq > place.after) return item;
    }
    return null;
  }

  return {
    get position() {
      return position;
    },
    get floor() {
      return floor;
    },
    reaches: (afterSeq) => afterSeq >= floor && logEnd() - placeAfter(afterSeq) <= capacity / 2,
    lagging() {
      const end = logEnd();
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
      if (added.length === 0) return;
      trim();
      for (const place of places) tell(place);
    },
    follow(afterSeq, wake) {
      const next = afterSeq === null ? logEnd() : placeAfter(afterSeq);
      const place: Place = { next, after: afterSeq ?? position, blockedAt: null, end: null, wake };
      places.add(place);
      return {
        get end() {
          return place.end;
        },
        get lost() {
          return place.next < base;
        },
        take: () => take(place),
        setBlocked(blocked) {
          place.blockedAt = blocked ? (place.blockedAt ?? logEnd()) : null;
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
