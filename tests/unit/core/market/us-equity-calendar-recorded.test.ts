import { describe, expect, it } from '@jest/globals';

import { formatDay, HOUR_MS, parseDay } from '../../../../core/market/civil-date.ts';
import { usEquityCalendar } from '../../../../core/market/us-equity-calendar.ts';
import { column, describeRecorded, packageRows, sharedRows } from './recorded-data.ts';

const tradingDays = (first: string, last: string): string[] => {
  const days: string[] = [];
  for (let day = parseDay(first); day <= parseDay(last); day += 1) {
    if (usEquityCalendar.isTradingDay(formatDay(day))) days.push(formatDay(day));
  }
  return days;
};

/** The days of the record and those of the calendar over the same stretch are the same. */
const expectExactly = (recorded: readonly string[]): void => {
  const first = recorded[0] ?? '';
  const last = recorded.at(-1) ?? '';
  expect(recorded).toEqual(tradingDays(first, last));
};

describe('the calendar against data of the packages that ship with the product', () => {
  it('has the 5,105 days of the S&P 500 from 2000 to 2020', () => {
    const days = packageRows('vega-datasets/data/sp500-2000.csv').map((row) => column(row, 0));
    expect(days).toHaveLength(5_105);
    expectExactly(days);
  });

  it('has the 1,260 days of AAPL from 2013 to 2018', () => {
    const days = packageRows('@observablehq/sample-datasets/aapl.csv').map((row) => column(row, 0));
    expect(days).toHaveLength(1_260);
    expectExactly(days);
  });
});

describeRecorded('the calendar against recorded days', () => {
  it.each(['SPY', 'AAPL', 'IBM'])('has the days of %s from 1998 to 2021', (symbol) => {
    const rows = sharedRows('us_daily_lean.csv.gz').filter((row) => column(row, 0) === symbol);
    expect(rows).toHaveLength(5_849);
    expectExactly(rows.map((row) => column(row, 1)));
  });

  it('has the 8,313 days of the S&P 500 from 1990 to 2022', () => {
    const days = sharedRows('skfolio/sp500_index.csv.gz').map((row) => column(row, 0));
    expect(days).toHaveLength(8_313);
    expectExactly(days);
  });

  it('closes early on exactly those days whose afternoon has next to no trades', () => {
    const volumes = new Map<string, { afternoon: number; all: number }>();
    for (const row of sharedRows('spy_hour_1998_2021.csv.gz')) {
      const [date = '', hour = ''] = column(row, 0).split(' ');
      const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;
      const sum = volumes.get(day) ?? { afternoon: 0, all: 0 };
      const volume = Number(column(row, 5));
      const isAfternoon = hour >= '14:00';
      volumes.set(day, { afternoon: sum.afternoon + (isAfternoon ? volume : 0), all: sum.all + volume });
    }
    const quiet = [...volumes].filter(([, { afternoon, all }]) => afternoon < 0.01 * all).map(([day]) => day);
    const early = [...volumes.keys()].filter((day) => {
      const hours = (usEquityCalendar.close(day) ?? 0) - (usEquityCalendar.open(day) ?? 0);
      return hours === 3.5 * HOUR_MS;
    });
    expect(quiet.length).toBeGreaterThan(50);
    // On this half day a single block of 7.5 % was reported after two o'clock.
    expect(early).toEqual([...quiet, '2001-11-23'].sort());
  });
});
