import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { TimeFormat } from '../../../../plugins/market-files/src/config.ts';
import { readDecimal, readScaled } from '../../../../plugins/market-files/src/decimals.ts';
import { detectFormat, timeReader } from '../../../../plugins/market-files/src/times.ts';
import { createZone } from '../../../../plugins/market-files/src/zone.ts';

const NEW_YORK = createZone('America/New_York');
const UTC = createZone('UTC');
const at = (text: string): number => Date.parse(text);

describe('times of files', () => {
  it.each<[TimeFormat, string, string | null, string]>([
    ['text', '2013-10-07', null, '2013-10-07T04:00:00Z'],
    ['text', '2013-12-07', null, '2013-12-07T05:00:00Z'],
    ['text', '20131007 09:30', null, '2013-10-07T13:30:00Z'],
    ['text', '2013-10-07 09:30:01.250', null, '2013-10-07T13:30:01.250Z'],
    ['text', '2013-10-07T09:30:00Z', null, '2013-10-07T09:30:00Z'],
    ['text', '2013-10-07 09:30:00+00', null, '2013-10-07T09:30:00Z'],
    ['text', '2013-10-07T09:30:00-0230', null, '2013-10-07T12:00:00Z'],
    ['text', '09:30', '2013-10-07', '2013-10-07T13:30:00Z'],
    ['month-first', '1/2/1990', null, '1990-01-02T05:00:00Z'],
    ['day-first', '1/2/1990 10:00', null, '1990-02-01T15:00:00Z'],
    ['milliseconds-of-day', '34200000', '20131007', '2013-10-07T13:30:00Z'],
    ['epoch-seconds', '1381152600.5', null, '2013-10-07T13:30:00.500Z'],
    ['epoch-milliseconds', '1381152600123', null, '2013-10-07T13:30:00.123Z'],
    ['epoch-microseconds', '1381152600123999', null, '2013-10-07T13:30:00.123Z'],
    ['epoch-nanoseconds', '1381152600123999999', null, '2013-10-07T13:30:00.123Z'],
  ])('in the form %s: %s', (format, text, date, expected) => {
    expect(timeReader(format, NEW_YORK)(text, date)).toBe(at(expected));
  });

  it.each<[TimeFormat, string, string | null]>([
    ['text', '2013-02-30', null],
    ['text', '2013-10-07 24:00', null],
    ['text', 'yesterday', null],
    ['text', '09:30', null],
    ['text', '2013-03-10 02:30', null],
    ['milliseconds-of-day', '86400000', '2013-10-07'],
    ['milliseconds-of-day', '5', null],
    ['epoch-milliseconds', '-5', null],
    ['epoch-seconds', 'NaN', null],
    ['month-first', '13/1/2000', null],
  ])('that are none in the form %s: %s', (format, text, date) => {
    expect(timeReader(format, NEW_YORK)(text, date)).toBeUndefined();
  });

  it.each<[string, boolean, TimeFormat | undefined]>([
    ['20131007', false, 'text'],
    ['34200000', true, 'milliseconds-of-day'],
    ['1381152600', false, 'epoch-seconds'],
    ['1381152600000', false, 'epoch-milliseconds'],
    ['1381152600000000', false, 'epoch-microseconds'],
    ['1381152600000000000', false, 'epoch-nanoseconds'],
    ['2013-10-07 09:30', false, 'text'],
    ['1/2/1990', false, undefined],
  ])('are told by their looks: %s', (text, hasDate, expected) => {
    expect(detectFormat(text, hasDate)).toBe(expected);
  });

  it('on the wall clock of New York are those instants, but for the hour that is skipped', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2035, 0) }), (instant) => {
        const wall = NEW_YORK.toWall(instant);
        const back = NEW_YORK.fromWall(wall);
        // Of the hour that comes twice the first counts.
        expect([instant, instant - 3_600_000]).toContain(back);
        expect(NEW_YORK.toWall(back ?? 0)).toBe(wall);
        expect(UTC.fromWall(UTC.toWall(instant))).toBe(instant);
      }),
    );
  });
});

describe('numbers of files', () => {
  it.each([
    ['1.50', '1.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['+2', '2'],
    ['007', '7'],
    ['1e3', '1000'],
    ['1e-07', '0.0000001'],
    ['-1.25E+1', '-12.5'],
    ['0.30000000000000004', '0.30000000000000004'],
  ])('%s is %s', (text, expected) => {
    expect(readDecimal(text)).toBe(readDecimal(expected));
    expect(readDecimal(text)).toBeDefined();
  });

  it.each(['', 'NaN', 'nan', 'inf', '1,5', '1 000', '--1', '1e', '0x10', '1e400', '.', '1e-30'])(
    '%j is none',
    (text) => {
      expect(readDecimal(text)).toBeUndefined();
    },
  );

  it('are scaled without rounding, or not at all', () => {
    const scale = readDecimal('10000') ?? 0n;
    expect(readScaled('1674100', scale)).toBe(readDecimal('167.41'));
    expect(readScaled('1', readDecimal('3') ?? 0n)).toBeUndefined();
  });
});
