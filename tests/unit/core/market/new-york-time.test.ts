import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { DAY_MS, HOUR_MS } from '../../../../core/market/civil-date.ts';
import { fromNewYork, newYorkOffset, toNewYork } from '../../../../core/market/new-york-time.ts';

const clock = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
});

/** The offset by the machine's time zone data. */
const offsetByIntl = (at: number): number => {
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const field = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? Number.NaN;
  const wall = Date.UTC(field('year'), field('month') - 1, field('day'), field('hour'));
  return wall - Math.floor(at / HOUR_MS) * HOUR_MS;
};

const FIRST = Date.UTC(1967, 0, 1);
const END = Date.UTC(2041, 0, 1);

describe('the wall clock of New York', () => {
  it('agrees with the time zone database on every day from 1967 to 2040, and every hour around a change', () => {
    let changes = 0;
    let before = offsetByIntl(FIRST);
    for (let midnight = FIRST; midnight < END; midnight += DAY_MS) {
      const after = offsetByIntl(midnight + DAY_MS);
      if (newYorkOffset(midnight) !== before) {
        throw new Error(`differs at ${new Date(midnight).toISOString()}`);
      }
      if (before !== after) {
        changes += 1;
        for (let at = midnight; at < midnight + DAY_MS; at += HOUR_MS) {
          expect([at, newYorkOffset(at)]).toEqual([at, offsetByIntl(at)]);
          expect([at - 1, newYorkOffset(at - 1)]).toEqual([at - 1, offsetByIntl(at - 1)]);
        }
      }
      before = after;
    }
    expect(changes).toBe(2 * 74);
  });

  it('goes back and forth', () => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: END }), (at) => {
        const wall = toNewYork(at);
        expect(toNewYork(fromNewYork(wall))).toBe(wall);
        expect([0, HOUR_MS]).toContain(at - fromNewYork(wall));
      }),
    );
  });

  it('takes the first of the hour that comes twice, and goes on after the hour that is skipped', () => {
    expect(fromNewYork(Date.UTC(2024, 10, 3, 1, 30))).toBe(Date.UTC(2024, 10, 3, 5, 30));
    expect(fromNewYork(Date.UTC(2024, 10, 3, 2, 0))).toBe(Date.UTC(2024, 10, 3, 7, 0));
    expect(fromNewYork(Date.UTC(2024, 2, 10, 2, 30))).toBe(Date.UTC(2024, 2, 10, 7, 30));
    expect(fromNewYork(Date.UTC(2024, 2, 10, 3, 30))).toBe(Date.UTC(2024, 2, 10, 7, 30));
  });
});
