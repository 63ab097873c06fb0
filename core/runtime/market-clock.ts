import type { VenueClock } from '@omniquant/plugin-sdk';

import type { Clock } from '../ports/clock.ts';

/**
 * Market time between the messages of its source: goes on at the source's speed, for at most
 * `EXTRAPOLATE_MS` without a word from it, and never back. Without any source it is wall time.
 */
export interface MarketClock {
  /** Market time, epoch ms; 0 until the source has said something. */
  now(): number;
  /** The source's word. */
  set(clock: VenueClock): void;
  /** Something happened at this market time, so it is at least that late. */
  reached(at: number): void;
  current(): VenueClock;
}

const EXTRAPOLATE_MS = 2_000;

export function createMarketClock(clock: Clock): MarketClock {
  let base = { at: 0, replayed: false, speed: 1 };
  let heardAt = 0;
  let latest = 0;

  function now(): number {
    if (base.at === 0) {
      return latest;
    }
    const elapsed = Math.min(clock.monotonic() - heardAt, EXTRAPOLATE_MS);
    latest = Math.max(latest, Math.floor(base.at + elapsed * base.speed));
    return latest;
  }

  return {
    now,
    set(next) {
      now();
      base = next;
      heardAt = clock.monotonic();
    },
    reached(at) {
      latest = Math.max(latest, at);
    },
    current: () => ({ ...base, at: now() }),
  };
}

/** For connections without market data: the market is the world, its time the wall's, but never back. */
export function createWallMarketClock(clock: Clock): MarketClock {
  let latest = 0;
  const now = (): number => {
    latest = Math.max(latest, clock.now());
    return latest;
  };
  return {
    now,
    set: () => undefined,
    reached: (at) => void (latest = Math.max(latest, at)),
    current: () => ({ at: now(), replayed: false, speed: 1 }),
  };
}
