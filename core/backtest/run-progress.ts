import type { BarFeed } from './bar-feed.ts';
import type { TickFeed } from './ticks/tick-feed.ts';

/** Market time at which a run will end; null while nobody knows. */
export const endOfRun = (bars: BarFeed, ticks: TickFeed | null, to: number | null): number | null => {
  if (ticks === null) return bars.endsAt;
  if (ticks.endsAt === null || (bars.cursors.length > 0 && bars.endsAt === null)) return null;
  return Math.min(Math.max(ticks.endsAt, bars.endsAt ?? ticks.endsAt), to ?? Infinity);
};

/** How much of it is done by market time, from 0 to 1. */
export const progressOf = (firstAt: number | null, lastAt: number | null, end: number | null): number => {
  const way = end === null || firstAt === null || lastAt === null ? 0 : (lastAt - firstAt) / (end - firstAt);
  return Math.min(Math.max(way, 0), 1);
};
