import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { DateTime } from '../../../schema/scalars/date-time.ts';

describe('the DateTime scalar', () => {
  it('gives back every instant of the calendar to the millisecond', () => {
    const instant = fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });
    fc.assert(fc.property(instant, (at) => DateTime.parseValue(DateTime.serialize(at)) === at));
  });

  it.each([
    ['2026-01-31T14:30:00.000Z', Date.UTC(2026, 0, 31, 14, 30)],
    ['2026-01-31T14:30:00Z', Date.UTC(2026, 0, 31, 14, 30)],
    ['2026-01-31T14:30:00.123456789Z', Date.UTC(2026, 0, 31, 14, 30, 0, 123)],
    ['2026-01-31T16:30:00+02:00', Date.UTC(2026, 0, 31, 14, 30)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ])('takes %s', (text, at) => {
    expect(DateTime.parseValue(text)).toBe(at);
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T25:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01',
    '2026-01-01 00:00:00Z',
    'Thu, 01 Jan 2026 00:00:00 GMT',
    '+012026-01-01T00:00:00Z',
    '',
    'now',
    1_767_225_600_000,
    null,
    {},
  ])('refuses %p as BAD_USER_INPUT', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '2026', null])('never makes text of %p', (value) => {
    expect(() => DateTime.serialize(value)).toThrow(TypeError);
  });
});
