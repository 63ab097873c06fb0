import { readFileSync } from 'node:fs';

import type { OrderSide } from '@omniquant/plugin-sdk';
import { abs, type Fixed, fromInteger, multiply, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { calendarOf } from '../../../core/market/calendars.ts';
import { performanceOf } from '../../../core/performance/performance-of.ts';
import type { PerformanceInput } from '../../../core/performance/report.ts';
import type { TradeFill } from '../../../core/performance/round-trips.ts';
import type { PriceBar, TearSheetInput } from '../../../gateway/reports/tear-sheet-input.ts';

const CALENDAR = calendarOf('US_EQUITY');
const STARTING_CASH = parseDecimal('100000');
const COMMISSION = parseDecimal('0.0005');

/** Days, their prices and the instants at which they begin and end. */
interface Day extends PriceBar {
  readonly closedAt: number;
  /** The close, to the cent. */
  readonly price: Fixed;
}

/** S&P 500 from the npm package vega-datasets, 2000 to 2020. */
const sp500 = (from: string, to: string): readonly Day[] => {
  const file = new URL('../../../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .filter(([day]) => day! >= from && day! < to && CALENDAR.isTradingDay(day!))
    .map(([day, open, high, low, close]) => ({
      at: CALENDAR.open(day!)!,
      closedAt: CALENDAR.close(day!)!,
      open: Number(open),
      high: Number(high),
      low: Number(low),
      close: Number(close),
      price: parseDecimal(Number(close).toFixed(2)),
    }));
};

const averageOf = (days: readonly Day[], last: number, count: number): number =>
  days.slice(last + 1 - count, last + 1).reduce((sum, { close }) => sum + close, 0) / count;

interface Course {
  readonly fills: TradeFill[];
  readonly equity: PerformanceInput['equity'] & unknown[];
}

/** Long while the 10-day average is above the 50-day one, else a little short; traded at closes. */
const trade = (days: readonly Day[], symbol: string): Course => {
  const fills: TradeFill[] = [];
  const equity: { at: number; equity: Fixed; grossExposure: Fixed }[] = [];
  let cash = STARTING_CASH;
  let held = 0n;
  days.forEach(({ closedAt: at, price }, day) => {
    const isUp = day < 50 ? null : averageOf(days, day, 10) > averageOf(days, day, 50);
    const wanted = isUp === null ? 0n : fromInteger(isUp ? 70 : -5);
    if (wanted !== held) {
      const quantity = abs(wanted - held);
      const side: OrderSide = wanted > held ? 'BUY' : 'SELL';
      const value = multiply(quantity, price);
      const fee = multiply(value, COMMISSION);
      fills.push({ at, symbol, side, quantity, price, fee });
      cash += (side === 'BUY' ? -value : value) - fee;
      held = wanted;
    }
    const worth = multiply(held, price);
    equity.push({ at, equity: cash + worth, grossExposure: abs(worth) });
  });
  return { fills, equity };
};

/** A moving-average strategy on the S&P 500, which is its own benchmark, over the days of a period. */
export const sampleTearSheet = (
  from: string,
  to: string,
  more: Partial<TearSheetInput> = {},
): TearSheetInput => {
  const days = sp500(from, to);
  const { fills, equity } = trade(days, 'SPX');
  return {
    subject: 'BACKTEST',
    title: 'sma-cross',
    subtitle: 'SPX, daily bars, long and short',
    currency: 'USD',
    performance: performanceOf({
      ...{ calendar: CALENDAR, startingCash: STARTING_CASH, equity, fills, riskFree: 0.02 },
      otherFees: parseDecimal('120.5'),
      benchmark: days.map(({ closedAt, price }) => ({ at: closedAt, value: price })),
    }),
    benchmark: 'S&P 500',
    fills,
    prices: [{ symbol: 'SPX', bars: days }],
    notices: [],
    parameters: [
      { title: 'Strategy', values: { fast: 10, slow: 50, quantity: '70', allowShort: true } },
      { title: 'Fees', values: { kind: 'PERCENTAGE', rate: '0.0005' } },
      { title: 'Run', values: { seed: 7, startingCash: '100000', symbols: ['SPX'] } },
    ],
    resultHash: '9f2c41d07be6a358',
    asOf: null,
    ...more,
  };
};

/** An account that has not begun: no day, no trade, no price, nothing set. */
export const emptyTearSheet = (more: Partial<TearSheetInput> = {}): TearSheetInput => ({
  subject: 'PAPER_ACCOUNT',
  title: 'New account',
  subtitle: '',
  currency: 'USD',
  performance: performanceOf({ calendar: CALENDAR, startingCash: STARTING_CASH, equity: [] }),
  benchmark: null,
  fills: [],
  prices: [],
  notices: [],
  parameters: [],
  resultHash: null,
  asOf: null,
  ...more,
});
