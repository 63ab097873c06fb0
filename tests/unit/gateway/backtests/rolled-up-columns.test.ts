import { describe, expect, it } from '@jest/globals';
import { BAR_INTERVALS, type BarInterval } from '@omniquant/plugin-sdk';
import { parseDecimal, toNumber } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { type BarColumns, type BarRow, columnsOf } from '../../../../core/backtest/bar-source.ts';
import type { Bar } from '../../../../core/market/bar.ts';
import { aggregate } from '../../../../core/market/bar-aggregation.ts';
import type { CalendarId } from '../../../../core/market/calendar.ts';
import { calendarOf } from '../../../../core/market/calendars.ts';
import { ALL_BARS } from '../../../../gateway/backtests/market-data/market-data-source.ts';
import { rolledUpColumns } from '../../../../gateway/backtests/market-data/rolled-up-columns.ts';

const MINUTE = 60_000;
const START = Date.UTC(2024, 2, 6, 14, 30);

/** Minutes with gaps, over a change of the clocks and weekends. */
const minutes = fc.array(
  fc.record({ gap: fc.constantFrom(1, 1, 1, 3, 50, 700, 2_000), price: fc.integer({ min: 100, max: 200 }) }),
  { minLength: 1, maxLength: 60 },
);

const rowsOf = (drawn: readonly { gap: number; price: number }[]): BarRow[] => {
  let at = START;
  return drawn.map(({ gap, price }, index) => {
    at += gap * MINUTE;
    const volume = index % 7 === 6 ? null : price;
    return { at, open: price, high: price + 2, low: price - 2, close: price + 1, volume };
  });
};

async function rolledUp(rows: readonly BarRow[], to: BarInterval, id: CalendarId): Promise<BarRow[]> {
  const half = Math.floor(rows.length / 2);
  async function* blocks(): AsyncGenerator<BarColumns> {
    await Promise.resolve();
    yield columnsOf(rows.slice(0, half));
    yield columnsOf(rows.slice(half));
  }
  const options = { from: 'MINUTE_1', to, calendar: calendarOf(id), range: ALL_BARS } as const;
  const made: BarRow[] = [];
  for await (const { at, close, high, low, open, volume } of rolledUpColumns(blocks(), options)) {
    at.forEach((start, index) => {
      const known = volume[index] ?? NaN;
      made.push({
        ...{ at: start, open: open[index] ?? NaN, high: high[index] ?? NaN },
        ...{ low: low[index] ?? NaN, close: close[index] ?? NaN, volume: Number.isNaN(known) ? null : known },
      });
    });
  }
  return made;
}

const exact = (value: number) => parseDecimal(String(value));

function byCore(rows: readonly BarRow[], to: BarInterval, id: CalendarId): BarRow[] {
  const bars = rows.map((row): Bar => ({
    ...{ symbol: 'AAPL', interval: 'MINUTE_1', at: row.at, isClosed: true, revision: 0 },
    ...{ open: exact(row.open), high: exact(row.high), low: exact(row.low), close: exact(row.close) },
    volume: row.volume === null ? null : exact(row.volume),
  }));
  return [...aggregate(bars, 'MINUTE_1', to, calendarOf(id))].map((bar) => ({
    ...{ at: bar.at, open: toNumber(bar.open), high: toNumber(bar.high), low: toNumber(bar.low) },
    ...{ close: toNumber(bar.close), volume: bar.volume === null ? null : toNumber(bar.volume) },
  }));
}

describe('longer bars that are made of shorter ones', () => {
  it('are those of core/market, but for a last one that may not be whole', async () => {
    const coarse = fc.constantFrom(...BAR_INTERVALS.slice(2));
    const calendar = fc.constantFrom<CalendarId>('US_EQUITY', 'ALWAYS');
    await fc.assert(
      fc.asyncProperty(minutes, coarse, calendar, async (drawn, to, id) => {
        const rows = rowsOf(drawn);
        const [made, expected] = [await rolledUp(rows, to, id), byCore(rows, to, id)];
        expect(made).toEqual(expected.slice(0, made.length));
        expect(expected.length - made.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });

  it('end with the regular session where the file does, and not with half an hour or half a day', async () => {
    const upTo = (minute: number): BarRow[] =>
      rowsOf(Array.from({ length: minute }, () => ({ gap: 1, price: 100 }))).map((row) => ({
        ...row,
        at: row.at - MINUTE,
      }));
    const wholeSession = upTo(390);
    expect(await rolledUp(wholeSession, 'DAY_1', 'US_EQUITY')).toHaveLength(1);
    expect(await rolledUp(wholeSession.slice(0, 389), 'DAY_1', 'US_EQUITY')).toEqual([]);
    expect(await rolledUp(wholeSession, 'DAY_1', 'ALWAYS')).toEqual([]);
    expect(await rolledUp(wholeSession, 'WEEK_1', 'US_EQUITY')).toEqual([]);
    expect(await rolledUp(upTo(45), 'HOUR_1', 'US_EQUITY')).toHaveLength(1);
    expect(await rolledUp(upTo(90), 'HOUR_1', 'US_EQUITY')).toHaveLength(2);
  });
});
