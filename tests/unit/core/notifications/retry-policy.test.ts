import { describe, expect, it } from '@jest/globals';

import { afterFailure, RETRY_FROM_MS, RETRY_TO_MS } from '../../../../core/notifications/retry-policy.ts';

const HOUR = 3_600_000;
const LIMITS = { firstMs: RETRY_FROM_MS, mostMs: RETRY_TO_MS, giveUpMs: 24 * HOUR };
const unreachable = { code: 'UNREACHABLE', retryAfterMs: null } as const;
const first = { createdAt: 0, attempts: 1, failures: 1 };

describe('a notification that was not delivered', () => {
  it('is not sent again once it was rejected', () => {
    expect(afterFailure({ code: 'REJECTED', retryAfterMs: null }, first, 0, 0.5, LIMITS)).toEqual({
      state: 'REJECTED',
    });
  });

  it('waits as long as the receiver asks, and so does its channel', () => {
    const limited = { code: 'RATE_LIMITED', retryAfterMs: 30_000 } as const;
    expect(afterFailure(limited, first, 100, 0, LIMITS)).toEqual({
      state: 'WAITING',
      nextAttemptAt: 30_100,
      heldUntil: 30_100,
    });
  });

  it('waits twice as long each time, up to a most, and by chance between half and all of that', () => {
    const wait = (attempts: number, chance: number): number => {
      const next = afterFailure(unreachable, { ...first, attempts, failures: attempts }, 0, chance, LIMITS);
      return next.state === 'WAITING' ? next.nextAttemptAt : Number.NaN;
    };
    expect([1, 2, 3, 4].map((attempts) => wait(attempts, 0))).toEqual([500, 1_000, 2_000, 4_000]);
    expect([1, 2, 3].map((attempts) => wait(attempts, 0.999_999))).toEqual([1_000, 2_000, 4_000]);
    expect(wait(40, 0.999_999)).toBe(RETRY_TO_MS);
  });

  it('that a receiver cannot stand is put off for longer than its channel', () => {
    const next = afterFailure(unreachable, { createdAt: 0, attempts: 8, failures: 1 }, 0, 0, LIMITS);
    expect(next).toEqual({ state: 'WAITING', nextAttemptAt: 64_000, heldUntil: 500 });
  });

  it('is tried a last time at its end, whatever a receiver asks, and then given up', () => {
    const limited = { code: 'RATE_LIMITED', retryAfterMs: 20 * HOUR } as const;
    expect(afterFailure(limited, first, 10 * HOUR, 0, LIMITS)).toMatchObject({ nextAttemptAt: 24 * HOUR });
    expect(afterFailure(limited, first, 24 * HOUR, 0, LIMITS)).toEqual({ state: 'GIVEN_UP' });
  });

  it('is given up after a day of an outage, and after a bounded number of attempts', () => {
    let now = 0;
    for (let attempts = 1; ; attempts += 1) {
      const next = afterFailure(
        unreachable,
        { createdAt: 0, attempts, failures: attempts },
        now,
        0.5,
        LIMITS,
      );
      if (next.state !== 'WAITING') {
        expect([next.state, now]).toEqual(['GIVEN_UP', 24 * HOUR]);
        expect(attempts).toBeLessThan(500);
        return;
      }
      now = next.nextAttemptAt;
    }
  });
});
