import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { calendarOf } from '../../../../core/market/calendars.ts';
import type { WalkForwardSettings } from '../../../../core/sweeps/sweep-settings.ts';
import { walkForwardWindows } from '../../../../core/sweeps/walk-forward-windows.ts';

const DAY = 86_400_000;
const always = calendarOf('ALWAYS');
const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const day = (time: number): string => new Date(time).toISOString().slice(0, 10);

const settingsOf = (changes: Partial<WalkForwardSettings>): WalkForwardSettings => ({
  ...{ mode: 'ROLLING', trainDays: 365, testDays: 90, stepDays: 90, embargoDays: 0 },
  ...changes,
});

const windowsOf = (from: string, to: string, changes: Partial<WalkForwardSettings>) =>
  walkForwardWindows({ from: at(from), to: at(to) }, settingsOf(changes), always).map(({ test, train }) =>
    [train.from, train.to, test.from, test.to].map(day),
  );

describe('walkForwardWindows', () => {
  it('rolls: every search has the same length', () => {
    expect(windowsOf('2021-01-01', '2022-07-01', {})).toEqual([
      ['2021-01-01', '2022-01-01', '2022-01-01', '2022-04-01'],
      ['2021-04-01', '2022-04-01', '2022-04-01', '2022-06-30'],
    ]);
  });

  it('is anchored: every search begins with the first', () => {
    expect(windowsOf('2021-01-01', '2022-07-01', { mode: 'ANCHORED', embargoDays: 5 })).toEqual([
      ['2021-01-01', '2022-01-01', '2022-01-06', '2022-04-06'],
      ['2021-01-01', '2022-04-01', '2022-04-06', '2022-07-01'],
    ]);
  });

  it('keeps a last test of which half is there, and no less', () => {
    expect(windowsOf('2021-01-01', '2022-05-16', {}).at(-1)).toEqual([
      ...['2021-04-01', '2022-04-01', '2022-04-01', '2022-05-16'],
    ]);
    expect(windowsOf('2021-01-01', '2022-05-15', {})).toHaveLength(1);
  });

  it('never tests a day that was searched, nor one twice, whatever the settings', () => {
    const settings = fc.record({
      mode: fc.constantFrom('ROLLING' as const, 'ANCHORED' as const),
      trainDays: fc.integer({ min: 1, max: 400 }),
      testDays: fc.integer({ min: 1, max: 100 }),
      more: fc.integer({ min: 0, max: 50 }),
      embargoDays: fc.integer({ min: 0, max: 20 }),
    });
    const calendar = calendarOf('US_EQUITY');
    fc.assert(
      fc.property(settings, fc.integer({ min: 0, max: DAY }), ({ more, ...given }, offset) => {
        const span = { from: at('2015-01-05') + offset, to: at('2017-06-01') };
        const windows = walkForwardWindows(span, { ...given, stepDays: given.testDays + more }, calendar);
        windows.forEach(({ test, train }, index) => {
          expect(train.from).toBeGreaterThanOrEqual(span.from);
          expect(train.from).toBeLessThan(train.to);
          expect(test.from).toBeGreaterThanOrEqual(train.to);
          expect(test.to).toBeGreaterThan(test.from);
          expect(test.to).toBeLessThanOrEqual(span.to);
          const before = windows[index - 1];
          if (before !== undefined) expect(test.from).toBeGreaterThanOrEqual(before.test.to);
        });
        expect(windows.length).toBeGreaterThan(0);
      }),
      { numRuns: 40 },
    );
  });

  it('has its edges at midnight of the market’s clock, over changes of it', () => {
    const calendar = calendarOf('US_EQUITY');
    const windows = walkForwardWindows(
      { from: calendar.fromWallClock(at('2018-01-02') + 16 * 3_600_000), to: at('2019-12-31') },
      settingsOf({}),
      calendar,
    );
    for (const { test } of windows) expect(calendar.toWallClock(test.from) % DAY).toBe(0);
  });

  it('names the setting of which there is no window', () => {
    const refusal = (changes: Partial<WalkForwardSettings>) => {
      try {
        windowsOf('2021-01-01', '2022-01-01', changes);
      } catch (error) {
        return error;
      }
      return null;
    };
    expect(refusal({})).toMatchObject({ code: 'BAD_USER_INPUT', field: 'walkForward.trainDays' });
    expect(refusal({})).toMatchObject({
      message: expect.stringContaining('takes 410 days at least, and there are 365'),
    });
    expect(refusal({ stepDays: 30 })).toMatchObject({ field: 'walkForward.stepDays' });
    expect(refusal({ testDays: 0 })).toMatchObject({ field: 'walkForward.testDays' });
    expect(refusal({ embargoDays: -1 })).toMatchObject({ field: 'walkForward.embargoDays' });
    expect(refusal({ trainDays: 1, testDays: 1, stepDays: 1 })).toBeNull();
  });
});
