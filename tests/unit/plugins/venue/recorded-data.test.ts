import { describe, expect, it } from '@jest/globals';
import { formatDay } from '@omniquant/venue/new-york-time';
import { loadRecordedSeries } from '@omniquant/venue/recorded-markets';
import { TradingDays } from '@omniquant/venue/trading-days';

import { usEquityCalendar } from '../../../../core/market/us-equity-calendar.ts';

describe('the recorded data', () => {
  const [aapl, spx] = loadRecordedSeries();
  if (aapl === undefined || spx === undefined) throw new Error('there are two series');

  it('is there whole', () => {
    expect([aapl.length, formatDay(aapl.firstDay), formatDay(aapl.lastDay)]).toEqual([
      1_260,
      '2013-05-13',
      '2018-05-11',
    ]);
    expect([spx.length, formatDay(spx.firstDay), formatDay(spx.lastDay)]).toEqual([
      5_105,
      '2000-01-03',
      '2020-04-17',
    ]);
  });

  it('has the days on which, by the calendar of the core, the market was open', () => {
    for (const series of [aapl, spx]) {
      const days = series.days();
      let expected = usEquityCalendar.previousTradingDay(formatDay(series.firstDay + 1));
      for (const day of days) {
        expect(formatDay(day)).toBe(expected);
        expected = usEquityCalendar.nextTradingDay(expected);
      }
    }
  });

  it('opens and closes with the calendar of the core in the years of both', () => {
    const days = new TradingDays(spx.days());
    for (let index = days.indexFrom(aapl.firstDay); index < spx.length; index += 1) {
      const { day, open, close } = days.session(index);
      expect([open, close]).toEqual([
        usEquityCalendar.open(formatDay(day)),
        usEquityCalendar.close(formatDay(day)),
      ]);
    }
  });
});
