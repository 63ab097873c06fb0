import { randomFillSync } from 'node:crypto';

import type { Chance, Clock, Ids } from '../../core/ports/clock.ts';

/** The machine's clocks and timers. Timers do not keep the process alive: what runs has `close()`. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after(ms, task) {
      const timer = setTimeout(task, ms);
      timer.unref();
      return {
        cancel: () => {
          clearTimeout(timer);
        },
      };
    },
  };
}

const POOL_BYTES = 4_096;
const RANDOM_BYTES = 10;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * UUIDv7 (RFC 9562): 48 bits of time, then a 12-bit counter within the millisecond, then random bits;
 * ids of one process grow, which keeps index pages warm.
 */
export function createUuidV7Ids(now: () => number): Ids {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  let lastTime = 0;
  let counter = 0;

  const stamp = (): number => {
    const time = Math.max(now(), lastTime);
    if (time > lastTime) {
      lastTime = time;
      counter = 0;
    } else if (++counter > 0xfff) {
      // The counter is full: borrow from the next millisecond, as the RFC allows.
      lastTime += 1;
      counter = 0;
    }
    return lastTime;
  };

  return {
    next() {
      if (used + RANDOM_BYTES > POOL_BYTES) {
        randomFillSync(pool);
        used = 0;
      }
      const time = stamp();
      const at = used;
      used += RANDOM_BYTES;
      const hex = (offset: number, mask = 0xff, bits = 0): string => HEX[(pool[at + offset]! & mask) | bits]!;
      const timeHex = time.toString(16).padStart(12, '0');
      const counterHex = counter.toString(16).padStart(3, '0');
      return (
        `${timeHex.slice(0, 8)}-${timeHex.slice(8)}-7${counterHex}-` +
        `${hex(0, 0x3f, 0x80)}${hex(1)}-${hex(2)}${hex(3)}${hex(4)}${hex(5)}${hex(6)}${hex(7)}`
      );
    },
  };
}

export const systemChance: Chance = { next: () => Math.random() };
