/** A time zone, for turning the wall clock of files into instants. */
export interface Zone {
  readonly name: string;
  /** The wall clock at an instant, as ms since 1970-01-01 00:00 of that clock. */
  toWall(at: number): number;
  /**
   * The instant at which the wall clock shows `wall`; undefined for one that it skips in spring. Of one that it
   * shows twice in autumn, the first.
   */
  fromWall(wall: number): number | undefined;
}

/** Zones change at full quarters of an hour, and mostly not. */
const QUARTER_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
const KEPT = 50_000;

/** Throws RangeError for a name that is none. */
export function createZone(name: string): Zone {
  if (name === 'UTC') return { name, toWall: (at) => at, fromWall: (wall) => wall };
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  });
  const offsets = new Map<number, number>();

  function readOffset(at: number): number {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
    return wall - at;
  }

  function kept(at: number): number {
    const known = offsets.get(at);
    if (known !== undefined) return known;
    if (offsets.size >= KEPT) offsets.clear();
    const offset = readOffset(at);
    offsets.set(at, offset);
    return offset;
  }

  function offsetAt(at: number): number {
    const day = Math.floor(at / DAY_MS) * DAY_MS;
    const offset = kept(day);
    return offset === kept(day + DAY_MS) ? offset : kept(Math.floor(at / QUARTER_MS) * QUARTER_MS);
  }

  return {
    name,
    toWall: (at) => at + offsetAt(at),
    fromWall(wall) {
      // The offsets of a day before and after are all that can hold; the larger one gives the earlier instant.
      const candidates = [offsetAt(wall - DAY_MS), offsetAt(wall + DAY_MS)].sort((a, b) => b - a);
      return candidates.map((offset) => wall - offset).find((at) => at + offsetAt(at) === wall);
    },
  };
}
