import { describe, expect, it } from '@jest/globals';
import type { BarInterval } from '@omniquant/plugin-sdk';
import { type Fixed, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Bar } from '../../../../core/market/bar.ts';
import { aggregate } from '../../../../core/market/bar-aggregation.ts';
import { dayBarStart } from '../../../../core/market/bar-interval.ts';
import { createTradeBars } from '../../../../core/market/tick-bars.ts';
import { usEquityCalendar } from '../../../../core/market/us-equity-calendar.ts';
import { column, describeRecorded, sharedRows } from './recorded-data.ts';

/** Prices are recorded as whole ten-thousandths of a dollar. */
const price = (text: string): Fixed => BigInt(text) * 10n ** 14n;

/** New York's wall clock: a day as YYYY-MM-DD and the milliseconds since its midnight. */
const instant = (day: string, time: number): number =>
  usEquityCalendar.fromWallClock(Date.parse(`${day}T00:00:00Z`) + time);

const spy = (interval: BarInterval, at: number, row: readonly string[], first: number): Bar => ({
  symbol: 'SPY',
  interval,
  at,
  open: price(column(row, first)),
  high: price(column(row, first + 1)),
  low: price(column(row, first + 2)),
  close: price(column(row, first + 3)),
  volume: parseDecimal(column(row, first + 4)),
  isClosed: true,
  revision: 0,
});

const hourBars = (): Bar[] =>
  sharedRows('spy_hour_1998_2021.csv.gz').map((row) => {
    const [date = '', hour = ''] = column(row, 0).split(' ');
    const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
    return spy('HOUR_1', instant(day, Number(hour.slice(0, 2)) * 3_600_000), row, 1);
  });

const intradayBars = (file: string, interval: BarInterval): Bar[] =>
  sharedRows(file).map((row) => spy(interval, instant(column(row, 0), Number(column(row, 1))), row, 2));

const dailyBars = (): Bar[] =>
  sharedRows('us_daily_lean.csv.gz')
    .filter((row) => column(row, 0) === 'SPY')
    .map((row) => ({
      symbol: 'SPY',
      interval: 'DAY_1',
      at: dayBarStart(column(row, 1), usEquityCalendar),
      open: parseDecimal(column(row, 2)),
      high: parseDecimal(column(row, 3)),
      low: parseDecimal(column(row, 4)),
      close: parseDecimal(column(row, 5)),
      volume: parseDecimal(column(row, 6)),
      isClosed: true,
      revision: 0,
    }));

/** What the recorder of the seconds and that of the minutes have in common. */
const comparable = ({ at, high, low, close }: Bar): object => ({ at, high, low, close });

describeRecorded('aggregating recorded bars of SPY', () => {
  const hours = hourBars();
  const days = dailyBars();

  it('makes the hours of 1998 to 2021 to exactly the recorded days, all 5,849', () => {
    const aggregated = [...aggregate(hours, 'HOUR_1', 'DAY_1', usEquityCalendar, Date.UTC(2022, 0, 1))];
    expect(aggregated).toHaveLength(5_849);
    expect(aggregated).toEqual(days);
  });

  it('makes the same days by way of four-hour bars, and weeks by way of days', () => {
    const until = Date.UTC(2022, 0, 1);
    const fours = aggregate(hours, 'HOUR_1', 'HOUR_4', usEquityCalendar, until);
    expect([...aggregate(fours, 'HOUR_4', 'DAY_1', usEquityCalendar, until)]).toEqual(days);
    expect([...aggregate(hours, 'HOUR_1', 'WEEK_1', usEquityCalendar, until)]).toEqual([
      ...aggregate(days, 'DAY_1', 'WEEK_1', usEquityCalendar, until),
    ]);
  });

  it('makes the seconds of October 2013 to the recorded minutes in high, low and close', () => {
    const seconds = intradayBars('spy_second_trade_201310.csv.gz', 'SECOND_1');
    const minutes = intradayBars('spy_minute_trade_201310.csv.gz', 'MINUTE_1');
    const aggregated = [...aggregate(seconds, 'SECOND_1', 'MINUTE_1', usEquityCalendar)];
    const recorded = minutes.filter(({ at }) => at >= instant('2013-10-07', 0));
    expect(recorded).toHaveLength(4_128);
    expect(aggregated.map(comparable)).toEqual(recorded.map(comparable));
  });
});

describeRecorded('making bars of the 250,601 recorded trades of SPY on 2013-10-07', () => {
  const trades = sharedRows('spy_tick_trade_20131007.csv.gz').map((row) => ({
    symbol: 'SPY',
    at: instant('2013-10-07', Number(column(row, 0))),
    price: price(column(row, 1)),
    size: parseDecimal(column(row, 2)),
    isSuspicious: column(row, 5) !== '0',
  }));

  const live = (interval: BarInterval): Bar[] => {
    const bars = createTradeBars({ symbol: 'SPY', interval, calendar: usEquityCalendar });
    const published = trades.filter(({ isSuspicious }) => !isSuspicious).flatMap((trade) => bars.add(trade));
    return [...published, ...bars.flush(instant('2013-10-08', 0))].filter(({ isClosed }) => isClosed);
  };

  it('gives minutes that aggregate to the hours and the day made of the same trades', () => {
    const minutes = live('MINUTE_1');
    const until = instant('2013-10-08', 0);
    for (const interval of ['HOUR_1', 'HOUR_4', 'DAY_1'] as const) {
      expect([...aggregate(minutes, 'MINUTE_1', interval, usEquityCalendar, until)]).toEqual(live(interval));
    }
  });
});

describe('recorded data', () => {
  it('is dated on the wall clock of New York', () => {
    expect(instant('2013-10-07', 34_200_000)).toBe(Date.UTC(2013, 9, 7, 13, 30));
  });
});
