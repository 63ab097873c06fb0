import { describe, expect, it } from '@jest/globals';
import { BAR_INTERVALS, type BarInterval } from '@omniquant/plugin-sdk';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { alwaysOpenCalendar } from '../../../../core/market/always-open-calendar.ts';
import type { Bar } from '../../../../core/market/bar.ts';
import { aggregate } from '../../../../core/market/bar-aggregation.ts';
import { barSpan } from '../../../../core/market/bar-interval.ts';
import { usEquityCalendar } from '../../../../core/market/us-equity-calendar.ts';
import { barsOf } from './generated-bars.ts';

const bar = (at: string, prices: [string, string, string, string], volume: string | null = '10'): Bar => ({
  symbol: 'AAPL',
  interval: 'MINUTE_1',
  at: Date.parse(at),
  open: parseDecimal(prices[0]),
  high: parseDecimal(prices[1]),
  low: parseDecimal(prices[2]),
  close: parseDecimal(prices[3]),
  volume: volume === null ? null : parseDecimal(volume),
  isClosed: true,
  revision: 0,
});

const minutes = [
  bar('2024-07-02T13:30Z', ['10', '12', '9', '11']),
  bar('2024-07-02T13:31Z', ['11', '15', '11', '14']),
  bar('2024-07-02T13:35Z', ['14', '14', '8', '9']),
];

const fives = (bars: Iterable<Bar>, until?: number): Bar[] => [
  ...aggregate(bars, 'MINUTE_1', 'MINUTE_5', usEquityCalendar, until),
];

describe('aggregate', () => {
  it('takes the first open, the extremes, the last close and all volume', () => {
    expect(fives(minutes)).toEqual([
      { ...bar('2024-07-02T13:30Z', ['10', '15', '9', '14'], '20'), interval: 'MINUTE_5' },
      { ...bar('2024-07-02T13:35Z', ['14', '14', '8', '9'], '10'), interval: 'MINUTE_5', isClosed: false },
    ]);
  });

  it('closes the last bar when the input reaches its end, or is known to be complete', () => {
    const lastMinute = bar('2024-07-02T13:39Z', ['9', '9', '9', '9']);
    expect(fives([...minutes, lastMinute]).at(-1)?.isClosed).toBe(true);
    expect(fives(minutes, Date.parse('2024-07-02T13:40Z')).at(-1)?.isClosed).toBe(true);
    expect(fives(minutes, Date.parse('2024-07-02T13:40Z') - 1).at(-1)?.isClosed).toBe(false);
  });

  it('leaves a bar open that holds an open one', () => {
    const lastMinute = { ...bar('2024-07-02T13:39Z', ['9', '9', '9', '9']), isClosed: false };
    expect(fives([...minutes, lastMinute]).map(({ isClosed }) => isClosed)).toEqual([true, false]);
    const [first, ...rest] = minutes as [Bar, ...Bar[]];
    expect(fives([{ ...first, isClosed: false }, ...rest])[0]?.isClosed).toBe(false);
  });

  it('knows no volume where a part of it is unknown', () => {
    const quoted = bar('2024-07-02T13:32Z', ['14', '14', '14', '14'], null);
    expect(fives([...minutes.slice(0, 2), quoted])[0]?.volume).toBeNull();
  });

  it('yields a bar as soon as the next one begins, and reads no further', () => {
    const read: number[] = [];
    function* source(): Generator<Bar> {
      for (const each of minutes) {
        read.push(each.at);
        yield each;
      }
      throw new Error('read too far');
    }
    expect(aggregate(source(), 'MINUTE_1', 'MINUTE_5', usEquityCalendar).next().value?.at).toBe(
      minutes[0]?.at,
    );
    expect(read).toHaveLength(3);
  });

  it('makes nothing of nothing', () => {
    expect(fives([])).toEqual([]);
  });

  it('refuses bars that do not belong together', () => {
    const [first, second] = minutes as [Bar, Bar];
    const code = (bars: Bar[], to: BarInterval = 'MINUTE_5'): unknown => {
      try {
        return [...aggregate(bars, 'MINUTE_1', to, usEquityCalendar)];
      } catch (error) {
        return (error as { code?: unknown }).code;
      }
    };
    expect(code([second, first])).toBe('BARS_OUT_OF_ORDER');
    expect(code([first, first])).toBe('BARS_OUT_OF_ORDER');
    expect(code([first, { ...second, symbol: 'IBM' }])).toBe('BAR_MISMATCH');
    expect(code([{ ...first, interval: 'HOUR_1' }])).toBe('BAR_MISMATCH');
    expect(code([first], 'SECOND_1')).toBe('INTERVAL_TOO_FINE');
  });
});

describe.each([usEquityCalendar, alwaysOpenCalendar])('aggregating on the calendar $id', (calendar) => {
  const ladder = fc
    .uniqueArray(fc.constantFrom(...BAR_INTERVALS), { minLength: 3, maxLength: 3 })
    .map((chosen) => [...chosen].sort((a, b) => BAR_INTERVALS.indexOf(a) - BAR_INTERVALS.indexOf(b)));
  const cases = ladder.chain(([fine, middle, coarse]) =>
    fc.record({
      fine: fc.constant(fine as BarInterval),
      middle: fc.constant(middle as BarInterval),
      coarse: fc.constant(coarse as BarInterval),
      bars: barsOf('AAPL', fine as BarInterval, calendar),
    }),
  );

  it('in two steps gives what one step gives', () => {
    fc.assert(
      fc.property(cases, ({ fine, middle, coarse, bars }) => {
        const once = [...aggregate(bars, fine, coarse, calendar)];
        const twice = [...aggregate(aggregate(bars, fine, middle, calendar), middle, coarse, calendar)];
        expect(twice).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps volume and extremes, and starts and ends with the prices of the input', () => {
    fc.assert(
      fc.property(cases, ({ fine, coarse, bars }) => {
        const result = [...aggregate(bars, fine, coarse, calendar)];
        const volume = (each: readonly Bar[]): bigint =>
          each.reduce((sum, one) => sum + (one.volume ?? 0n), 0n);
        expect(volume(result)).toBe(volume(bars));
        for (const one of result) {
          const parts = bars.filter((part) => barSpan(part.at, coarse, calendar).start === one.at);
          expect(parts.every(({ high, low }) => high <= one.high && low >= one.low)).toBe(true);
          expect(parts.some(({ high }) => high === one.high)).toBe(true);
          expect(parts.some(({ low }) => low === one.low)).toBe(true);
          expect([one.open, one.close]).toEqual([parts[0]?.open, parts.at(-1)?.close]);
        }
      }),
    );
  });

  it('does not look ahead: what is closed stays as it is whatever follows', () => {
    fc.assert(
      fc.property(cases, fc.nat({ max: 60 }), ({ fine, coarse, bars }, length) => {
        const all = [...aggregate(bars, fine, coarse, calendar)];
        const early = [...aggregate(bars.slice(0, length), fine, coarse, calendar)].filter(
          (one) => one.isClosed,
        );
        expect(all.slice(0, early.length)).toEqual(early);
      }),
    );
  });

  it('to the same interval changes nothing', () => {
    fc.assert(
      fc.property(cases, ({ fine, bars }) => {
        expect([...aggregate(bars, fine, fine, calendar)]).toEqual(bars);
      }),
    );
  });
});
