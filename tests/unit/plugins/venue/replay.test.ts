import { describe, expect, it } from '@jest/globals';
import type { BarInterval, VenueBar } from '@omniquant/plugin-sdk';
import { barHistory } from '@omniquant/venue/bar-history';
import { barPath } from '@omniquant/venue/bar-path';
import { InstrumentGrid } from '@omniquant/venue/instrument-grid';
import { MarketReplay } from '@omniquant/venue/market-replay';
import { advanceMarketTime } from '@omniquant/venue/market-time';
import { parseDay } from '@omniquant/venue/new-york-time';
import { type RecordedBar, RecordedSeries } from '@omniquant/venue/recorded-series';
import { TradingDays } from '@omniquant/venue/trading-days';
import fc from 'fast-check';

import { usEquityCalendar } from '../../../../core/market/us-equity-calendar.ts';
import { ACME } from '../../../support/venue/test-exchange.ts';

const dayOf = (text: string): number => parseDay(text) ?? Number.NaN;

const bar = (day: string, open: string, high: string, low: string, close: string): RecordedBar => ({
  day: dayOf(day),
  open,
  high,
  low,
  close,
  volume: '1000000',
});

const RECORDED = [
  bar('2016-01-04', '100', '104', '99', '102.005'),
  bar('2016-01-05', '102.015', '110', '101', '109'),
  bar('2016-01-06', '109', '109.5', '100', '105'),
];

const replayOf = (seed: string): MarketReplay =>
  new MarketReplay({ seed, series: [new RecordedSeries(new InstrumentGrid(ACME), RECORDED)] });

const barsOf = (
  replay: MarketReplay,
  interval: BarInterval,
  now: number,
  from: number | null = null,
): VenueBar[] => [...barHistory(replay, { symbol: 'ACME', interval, from, to: null, now })].flat();

describe('a bar as a path', () => {
  it('meets open, high, low and close, stays between, and trades the whole volume', () => {
    const prices = fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(
        prices,
        fc.integer(),
        fc.integer({ min: 4, max: 500 }),
        fc.nat(1e6),
        (drawn, seed, steps, volume) => {
          const [open = 1, close = 1] = drawn;
          const [high, low] = [Math.max(...drawn), Math.min(...drawn)];
          const path = barPath({ bar: { open, high, low, close, volume }, steps, seed, lotsPerUnit: 10 });
          const found = [...path.prices];
          expect([found[0], found.at(-1), Math.max(...found), Math.min(...found)]).toEqual([
            open,
            close,
            high,
            low,
          ]);
          expect(path.volumes.reduce((sum, each) => sum + each, 0)).toBe(volume);
          expect(Math.min(...path.volumes)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('the replay', () => {
  it('is the same for the same seed, and another for another', () => {
    const [one, same, other] = [replayOf('1'), replayOf('1'), replayOf('2')];
    const session = one.days.session(1);
    const ticks = (replay: MarketReplay): unknown[] =>
      [0, 1, 20_000, 46_799].map((step) => replay.tick('ACME', session, step));
    expect(ticks(one)).toEqual(ticks(same));
    expect(ticks(one)).not.toEqual(ticks(other));
  });

  it('quotes around each trade', () => {
    const replay = replayOf('1');
    const session = replay.days.session(0);
    for (let step = 0; step < 2_000; step += 1) {
      const tick = replay.tick('ACME', session, step);
      if (tick === undefined) throw new Error('there is a tick at each step');
      expect(tick.bid).toBeLessThan(tick.ask);
      expect([tick.bid, tick.ask]).toContain(tick.last);
      expect(Math.min(tick.bidSize, tick.askSize)).toBeGreaterThan(0);
    }
  });

  it('rounds prices off the tick half-even', () => {
    const [first, second] = barsOf(replayOf('1'), 'DAY_1', dayOf('2016-01-07') * 86_400_000);
    expect(first?.close).toBe('102');
    expect(second?.open).toBe('102.02');
  });

  it('goes on behind the recording with later trading days, rescaled to the last close', () => {
    const replay = replayOf('1');
    const now = replay.days.session(8).close;
    const days = barsOf(replay, 'DAY_1', now);
    expect(days.map(({ at }) => new Date(at).toISOString().slice(0, 10))).toEqual([
      '2016-01-04',
      '2016-01-05',
      '2016-01-06',
      '2016-01-07',
      '2016-01-08',
      '2016-01-11',
      '2016-01-12',
      '2016-01-13',
      '2016-01-14',
    ]);
    expect(days.map(({ open }) => open).slice(3, 7)).toEqual(['105', '107.12', '114.45', '110.25']);
  });

  it('has short bars that add up to long ones', () => {
    const replay = replayOf('1');
    const now = replay.days.session(2).close + 5_000;
    const days = barsOf(replay, 'DAY_1', now);
    for (const interval of ['MINUTE_1', 'MINUTE_15', 'HOUR_1', 'HOUR_4'] as const) {
      const short = barsOf(replay, interval, now);
      expect(short.every(({ isClosed }) => isClosed)).toBe(true);
      for (const [index, day] of days.entries()) {
        const end = days[index + 1]?.at ?? Infinity;
        const parts = short.filter(({ at }) => at >= day.at && at < end);
        expect(parts[0]?.open).toBe(day.open);
        expect(parts.at(-1)?.close).toBe(day.close);
        expect(Math.max(...parts.map(({ high }) => Number(high)))).toBe(Number(day.high));
        expect(Math.min(...parts.map(({ low }) => Number(low)))).toBe(Number(day.low));
        expect(parts.reduce((sum, { volume }) => sum + Number(volume), 0)).toBe(Number(day.volume));
      }
    }
    expect(barsOf(replay, 'WEEK_1', now)).toMatchObject([
      { open: '100', high: '110', low: '99', close: '105' },
    ]);
  });

  it('knows nothing that has not happened yet', () => {
    const replay = replayOf('1');
    const session = replay.days.session(1);
    const now = session.open + 90_000;
    const minutes = barsOf(replay, 'MINUTE_1', now, session.open);
    expect(minutes.map(({ at, isClosed }) => [at - session.open, isClosed])).toEqual([
      [0, true],
      [60_000, false],
    ]);
    const [, today] = barsOf(replay, 'DAY_1', now);
    expect(today).toMatchObject({ isClosed: false, open: '102.02', close: minutes[1]?.close });
  });
});

describe('market time', () => {
  it('skips what is closed and never goes back', () => {
    const { days } = replayOf('1');
    const friday = days.sessionFrom(Date.UTC(2016, 0, 8, 18));
    const monday = days.session(friday.index + 1);
    expect(new Date(monday.open).toISOString()).toBe('2016-01-11T14:30:00.000Z');
    expect(advanceMarketTime(days, friday.close - 1_000, 5_000)).toBe(friday.close + 4_000);
    expect(advanceMarketTime(days, friday.close, 20_000)).toBe(monday.open);
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), fc.nat(1e9), (start, first, second) => {
        const at = Date.UTC(2016, 0, 4, 15) + start;
        const between = advanceMarketTime(days, at, first);
        expect(between).toBeGreaterThanOrEqual(at);
        expect(advanceMarketTime(days, between, second)).toBe(advanceMarketTime(days, at, first + second));
      }),
    );
  });

  it('opens and closes when the US equity calendar of the core does', () => {
    const days = new TradingDays([dayOf('2019-01-02')]);
    let day = '2019-01-01';
    for (let index = 0; index < 252 * 30; index += 1) {
      day = usEquityCalendar.nextTradingDay(day);
      const session = days.session(index);
      expect([session.day, session.open, session.close]).toEqual([
        dayOf(day),
        usEquityCalendar.open(day),
        usEquityCalendar.close(day),
      ]);
    }
  });
});
