import { describe, expect, it } from '@jest/globals';
import { defineStrategy, T } from '@omniquant/plugin-sdk';

import type { BarColumns, BarRow } from '../../../../core/backtest/bar-source.ts';
import type { CorporateAction } from '../../../../core/backtest/corporate-actions.ts';
import { dayBarStart } from '../../../../core/market/bar-interval.ts';
import { calendarOf } from '../../../../core/market/calendars.ts';
import { backtestExtensionsOf } from '../../../../gateway/backtests/backtest-extensions.ts';
import {
  ALL_BARS,
  type MarketDataSource,
} from '../../../../gateway/backtests/market-data/market-data-source.ts';
import { splitAdjustedData } from '../../../../gateway/backtests/market-data/split-adjusted-data.ts';
import { prepareBacktest } from '../../../../gateway/backtests/prepare-backtest.ts';
import { memoryMarketData } from './memory-market-data.ts';

const { signal } = new AbortController();
const calendar = calendarOf('US_EQUITY');
const instrument = { calendar: 'US_EQUITY' } as const;
/** Two weeks; the split is on the Thursday of the second. */
const DAYS = [2, 3, 4, 5, 8, 9, 10, 11, 12, 16].map((day) => `2024-01-${String(day).padStart(2, '0')}`);
const SPLIT: CorporateAction = { kind: 'SPLIT', symbol: 'X', exDay: '2024-01-11', to: 4, from: 1 };

const day = (date: string, index: number, units: number): BarRow => {
  const close = (80 + index) * units;
  return {
    ...{ at: dayBarStart(date, calendar), open: close - units, high: close + units, low: close - 2 * units },
    ...{ close, volume: 1_200 / units },
  };
};
const daysIn = (unitsBefore: number): BarRow[] =>
  DAYS.map((date, index) => day(date, index, date < SPLIT.exDay ? unitsBefore : 1));
const days = (unitsBefore: number): MarketDataSource =>
  memoryMarketData([
    { symbol: 'X', interval: 'DAY_1', rows: daysIn(unitsBefore), instrument },
    // As it was told by somebody who knew nothing of the split.
    { symbol: 'X', interval: 'WEEK_1', rows: [day('2024-01-08', 0, 7)], instrument },
  ]);

async function weeksOf(data: MarketDataSource): Promise<number[][]> {
  const blocks: BarColumns[] = [];
  for await (const block of data.read({ symbol: 'X', interval: 'WEEK_1' }, ALL_BARS, signal)) {
    blocks.push(block);
  }
  return blocks.flatMap(({ at, close, high, low, open, volume }) =>
    [...at].map((start, row) => [start, open[row]!, high[row]!, low[row]!, close[row]!, volume[row]!]),
  );
}

const weekly = defineStrategy({
  ...{ kind: 'strategy', id: 'weekly', version: '1.0.0', description: 'looks at weeks' },
  config: T.Object({}),
  inputs: () => ({ intervals: ['WEEK_1'] }),
  create: () => ({ onBar: () => [] }),
});
const prepare = (data: MarketDataSource, request: object) =>
  prepareBacktest(
    { strategy: 'weekly', symbols: ['X'], interval: 'DAY_1', corporateActions: [SPLIT], ...request },
    { extensions: backtestExtensionsOf([weekly]), data },
    signal,
  );

describe('weeks of a symbol with splits', () => {
  it('are made of days in the units of the last one, also that with the split in it', async () => {
    const found = await weeksOf(splitAdjustedData(days(4), [SPLIT]));
    expect(found).toHaveLength(2);
    const only = { symbol: 'X', interval: 'DAY_1', rows: daysIn(1), instrument } as const;
    expect(found).toEqual(await weeksOf(memoryMarketData([only])));
  });

  it('are there for a run, and for a strategy that asks for them', async () => {
    const { bars } = await prepare(days(4), {});
    expect(bars.map(({ series }) => series.interval)).toEqual(['DAY_1', 'WEEK_1']);
    await expect(prepare(days(4), { interval: 'WEEK_1' })).resolves.toBeDefined();
  });

  it('are refused where there is nothing finer', async () => {
    const rows = [day('2024-01-02', 0, 4), day('2024-01-08', 1, 4), day('2024-01-16', 2, 1)];
    const data = memoryMarketData([{ symbol: 'X', interval: 'WEEK_1', rows, instrument }]);
    await expect(prepare(data, { interval: 'WEEK_1' })).rejects.toMatchObject({
      ...{ code: 'BAD_USER_INPUT', field: 'interval' },
      message: expect.stringContaining('which is made of finer bars where there are splits'),
    });
  });
});
