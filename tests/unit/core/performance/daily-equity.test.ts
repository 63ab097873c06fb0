import { describe, expect, it } from '@jest/globals';
import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { calendarOf } from '../../../../core/market/calendars.ts';
import {
  type CashFlow,
  createEquityRecorder,
  dailySeriesOf,
} from '../../../../core/performance/daily-equity.ts';

const STOCKS = calendarOf('US_EQUITY');
const CRYPTO = calendarOf('ALWAYS');
const money = parseDecimal;

const point = (time: string, equity: string) => ({ at: Date.parse(time), equity: money(equity) });
const flow = (time: string, amount: string): CashFlow => ({ at: Date.parse(time), amount: money(amount) });
const rounded = (values: Iterable<number>) => Array.from(values, (value) => Number(value.toFixed(12)));

describe('daily equity', () => {
  it('takes the last point of each trading day, and a return against the day before', () => {
    const series = dailySeriesOf(STOCKS, money('100'), [
      point('2024-03-07T15:00:00Z', '90'),
      point('2024-03-07T21:00:00Z', '110'),
      point('2024-03-08T21:00:00Z', '99'),
    ]);
    expect(series.startDay).toBe('2024-03-06');
    expect(series.days).toEqual(['2024-03-07', '2024-03-08']);
    expect(series.equity.map(formatDecimal)).toEqual(['110', '99']);
    expect(rounded(series.returns)).toEqual([0.1, -0.1]);
    expect(rounded(series.index)).toEqual([1.1, 0.99]);
  });

  it('keeps equity over trading days without a point, and knows no weekend or holiday', () => {
    // Good Friday is the 29th of March; a point on Saturday belongs to Monday.
    const series = dailySeriesOf(STOCKS, money('100'), [
      point('2024-03-26T20:00:00Z', '101'),
      point('2024-03-30T12:00:00Z', '102.01'),
      point('2024-04-02T20:00:00Z', '102.01'),
    ]);
    expect(series.days).toEqual(['2024-03-26', '2024-03-27', '2024-03-28', '2024-04-01', '2024-04-02']);
    expect(rounded(series.returns)).toEqual([0.01, 0, 0, 0.01, 0]);
    expect(series.carriedDays).toBe(2);
  });

  it('closes a day with the point at its very end', () => {
    const series = dailySeriesOf(CRYPTO, money('100'), [
      point('2024-02-29T00:00:00Z', '110'),
      point('2024-02-29T00:00:00.001Z', '120'),
      point('2024-03-01T00:00:00Z', '130'),
    ]);
    expect(series.days).toEqual(['2024-02-28', '2024-02-29']);
    expect(series.equity.map(formatDecimal)).toEqual(['110', '130']);
  });

  it('takes deposits and withdrawals for neither gain nor loss', () => {
    const series = dailySeriesOf(
      STOCKS,
      money('100'),
      [
        point('2024-03-04T21:00:00Z', '110'),
        point('2024-03-05T15:00:00Z', '210'),
        point('2024-03-05T21:00:00Z', '231'),
        point('2024-03-06T21:00:00Z', '181'),
      ],
      [flow('2024-03-05T15:00:00Z', '100'), flow('2024-03-06T21:00:00Z', '-50')],
    );
    expect(rounded(series.returns)).toEqual([0.1, 0.1, 0]);
    expect(series.equity.map(formatDecimal)).toEqual(['110', '231', '181']);
  });

  it('begins with the first deposit, and ends with the last withdrawal', () => {
    const series = dailySeriesOf(
      STOCKS,
      money('0'),
      [
        point('2024-03-04T21:00:00Z', '0'),
        point('2024-03-05T21:00:00Z', '105'),
        point('2024-03-06T21:00:00Z', '0'),
      ],
      [flow('2024-03-05T14:00:00Z', '100'), flow('2024-03-06T15:00:00Z', '-126')],
    );
    expect(rounded(series.returns)).toEqual([0, 0.05, 0.2]);
    expect(series.ruinedOn).toBeNull();
  });

  it('counts what was earned on money that is then withdrawn, in one sum or several', () => {
    const last = (flows: readonly CashFlow[], left: string) =>
      rounded(dailySeriesOf(STOCKS, money('105'), [point('2024-03-04T21:00:00Z', left)], flows).returns);
    expect(last([flow('2024-03-04T15:00:00Z', '-105')], '2.1')).toEqual([0.02]);
    const corrected = [flow('2024-03-04T15:00:00Z', '-140'), flow('2024-03-04T16:00:00Z', '14')];
    expect(last(corrected, '0')).toEqual([0.2]);
  });

  it('has no returns after ruin, and new money undoes none', () => {
    const series = dailySeriesOf(
      STOCKS,
      money('100'),
      [
        point('2024-03-04T21:00:00Z', '50'),
        point('2024-03-05T21:00:00Z', '-5'),
        point('2024-03-06T21:00:00Z', '95'),
        point('2024-03-07T21:00:00Z', '190'),
      ],
      [flow('2024-03-06T15:00:00Z', '100')],
    );
    expect(series.ruinedOn).toBe('2024-03-05');
    expect(rounded(series.returns)).toEqual([-0.5, -1.1]);
    expect(rounded(series.index)).toEqual([0.5, -0.05, -0.05, -0.05]);
    expect(series.equity.map(formatDecimal)).toEqual(['50', '-5', '95', '190']);
  });

  it('is gross exposure over equity at the ends of days', () => {
    const recorder = createEquityRecorder(STOCKS, money('100'));
    recorder.point(Date.parse('2024-03-04T15:00:00Z'), money('100'), money('90'));
    recorder.point(Date.parse('2024-03-04T21:00:00Z'), money('100'), money('50'));
    recorder.point(Date.parse('2024-03-05T21:00:00Z'), money('-1'), money('50'));
    recorder.point(Date.parse('2024-03-06T21:00:00Z'), money('200'));
    expect(recorder.series().exposure).toEqual([0.5, null, null]);
  });

  it('may be asked at any time, and goes on', () => {
    const recorder = createEquityRecorder(STOCKS, money('100'));
    expect(recorder.series().days).toEqual([]);
    expect(recorder.series().startDay).toBeNull();
    recorder.point(Date.parse('2024-03-04T15:00:00Z'), money('90'));
    expect(rounded(recorder.series().returns)).toEqual([-0.1]);
    recorder.point(Date.parse('2024-03-04T21:00:00Z'), money('120'));
    expect(rounded(recorder.series().returns)).toEqual([0.2]);
  });

  it('refuses to go back in time', () => {
    expect(() =>
      dailySeriesOf(STOCKS, money('100'), [
        point('2024-03-05T21:00:00Z', '1'),
        point('2024-03-04T21:00:00Z', '1'),
      ]),
    ).toThrow(expect.objectContaining({ code: 'OUT_OF_ORDER' }));
  });

  it('compounds to the equity at the end, however many points there were', () => {
    const steps = fc.array(
      fc.record({ hours: fc.integer({ min: 0, max: 90 }), cents: fc.integer({ min: 1, max: 10 ** 9 }) }),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(steps, fc.constantFrom(STOCKS, CRYPTO), (list, calendar) => {
        let at = Date.parse('2024-01-03T15:00:00Z');
        const points = list.map(({ hours, cents }) => ({
          at: (at += hours * 3_600_000),
          equity: BigInt(cents) * 10n ** 16n,
        }));
        const { returns, index, days } = dailySeriesOf(calendar, 10n ** 18n, points);
        const last = list.at(-1)!.cents / 100;
        expect(Math.abs(index.at(-1)! / last - 1)).toBeLessThan(1e-15);
        const compounded = returns.reduce((growth, value) => growth * (1 + value), 1);
        // A loss of nearly all leaves 1 + r with few digits: the index, not the returns, is exact.
        if (returns.every((value) => value > -0.9)) {
          expect(Math.abs(compounded / last - 1)).toBeLessThan(1e-12);
        }
        expect(days.every((day) => calendar.isTradingDay(day))).toBe(true);
        expect(days).toEqual([...new Set(days)].sort());
      }),
    );
  });

  it('does not change with flows that come and go between the same returns', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 50, max: 200 }), fc.integer({ min: -4000, max: 9000 })), {
          minLength: 1,
          maxLength: 30,
        }),
        (list) => {
          const plain = createEquityRecorder(CRYPTO, money('10000'));
          const flowing = createEquityRecorder(CRYPTO, money('10000'));
          let [equity, other] = [10_000, 10_000];
          list.forEach(([percent, amount], day) => {
            const at = Date.parse('2024-01-01T12:00:00Z') + day * 86_400_000;
            equity = (equity * percent) / 100;
            other = (other * percent) / 100;
            plain.point(at, money(equity.toFixed(10)));
            flowing.point(at, money(other.toFixed(10)));
            if (other + amount > 1) {
              other += amount;
              flowing.flow(at, money(String(amount)));
              flowing.point(at, money(other.toFixed(10)));
            }
          });
          const [a, b] = [plain.series().returns, flowing.series().returns];
          a.forEach((value, day) => expect(Math.abs(value - b[day]!)).toBeLessThan(1e-6));
        },
      ),
    );
  });
});
