import { describe, expect, it } from '@jest/globals';
import { place, type StrategyOrder } from '@omniquant/plugin-sdk';

import { Backtest } from '../../../../core/backtest/backtest.ts';
import { performanceOfBacktest } from '../../../../core/backtest/backtest-performance.ts';
import type { BacktestSettings } from '../../../../core/backtest/backtest-spec.ts';
import { dayBarStart } from '../../../../core/market/bar-interval.ts';
import { calendarOf } from '../../../../core/market/calendars.ts';
import { effectsAt, shortFills } from '../../../support/backtest/place-at.ts';
import {
  dataOf,
  instrument,
  type Ohlc,
  rowsOf,
  runAll,
  runBars,
  specOf,
} from '../../../support/backtest/run-backtest.ts';

const calendar = calendarOf('US_EQUITY');
/** Thursday, Friday, Monday, Tuesday. */
const DAYS = ['2024-01-04', '2024-01-05', '2024-01-08', '2024-01-09'];
const rows = DAYS.map((day, index) => ({
  ...rowsOf([[100, 100, 100, 100 + index]])[0]!,
  ...{ at: dayBarStart(day, calendar), high: 105, low: 95 },
}));
const specFor = (order: Partial<StrategyOrder>, changes: Partial<BacktestSettings>) =>
  specOf(effectsAt({ 0: [place({ symbol: 'X', side: 'BUY', quantity: '100', ...order })] }), {
    ...{ interval: 'DAY_1', calendar: 'US_EQUITY', orderHours: 'ANY' },
    instruments: [instrument('X', { calendar: 'US_EQUITY' })],
    ...changes,
  });
const run = (...args: Parameters<typeof specFor>) => runAll(specFor(...args), dataOf({ X: rows }, 'DAY_1'));

describe('borrowing', () => {
  it('is paid on the value of a short for each night', () => {
    // Sold on Friday at 100, whose close is 101: three nights of 10,100 x 0.0365 / 365 are 3.03; Monday's 10,200: 1.02.
    const result = run({ side: 'SELL' }, { borrowRate: '0.0365' });
    expect(result.charges?.map(({ amount, kind }) => [kind, amount])).toEqual([
      ['BORROW', '-3.03'],
      ['BORROW', '-1.02'],
    ]);
    // Short 100 from 100 to 103.
    expect(result.equity.at(-1)?.equity).toBe(String(100_000 - 300 - 3.03 - 1.02));
    expect(result.performance.totalFees).toBe('4.05');
    expect(performanceOfBacktest(result).summary).toEqual(result.performance);
  });

  it('is not paid by who is long, or without a rate', () => {
    expect(run({}, { borrowRate: '0.0365' }).charges).toBeUndefined();
    expect(run({ side: 'SELL' }, {}).charges).toBeUndefined();
  });
});

describe('dividends', () => {
  const dividends = [{ symbol: 'X', exDay: '2024-01-08', amount: '0.24' }];

  it('come to who holds the units before the ex-day, and are paid by who is short', () => {
    const long = run({}, { dividends });
    expect(long.charges).toMatchObject([{ kind: 'DIVIDEND', amount: '24' }]);
    expect(long.equity.map(({ equity }) => equity)).toEqual(['100000', '100100', '100224', '100324']);
    expect(run({ side: 'SELL' }, { dividends }).charges).toMatchObject([{ amount: '-24' }]);
  });

  it('do not come to who buys on the ex-day', () => {
    expect(run({}, { dividends: [{ ...dividends[0]!, exDay: '2024-01-05' }] }).charges).toBeUndefined();
  });

  it('and charges are part of a saved run', () => {
    const spec = specFor({ side: 'SELL' }, { dividends, borrowRate: '0.0365' });
    const data = () => dataOf({ X: rows }, 'DAY_1');
    const first = new Backtest(spec, data());
    first.advance(3);
    const second = Backtest.restore(spec, data(), JSON.parse(JSON.stringify(first.save())) as never);
    while (!second.advance(1).done);
    expect(second.result()).toEqual(runAll(spec, data()));
  });
});

describe('a margin call', () => {
  const bars: readonly Ohlc[] = [
    [100, 100, 100, 100],
    [100, 100, 100, 100],
    [80, 80, 80, 80],
    [79, 80, 78, 79],
    [79, 80, 78, 79],
  ];
  const entry = effectsAt({ 0: [place({ symbol: 'X', side: 'BUY', quantity: '3000', timeInForce: 'GTC' })] });

  it('closes everything at the next price once equity does not carry the positions', () => {
    // 3000 at 100 on 100,000; at 80 they are worth 240,000, and equity of 40,000 is less than a quarter: 60,000.
    const result = runBars(bars, entry, { maintenanceMargin: '0.25' });
    expect(shortFills(result)).toEqual(['BUY 3000 @ 100 +60s', 'SELL 3000 @ 79 +180s']);
    expect(result.logs).toMatchObject([
      { level: 'WARN', message: expect.stringMatching(/^margin call: .* 40000 /) },
    ]);
  });

  it('does not come while they are carried, or where nobody asked for it', () => {
    expect(runBars(bars, entry, { maintenanceMargin: '0.1' }).fills).toHaveLength(1);
    expect(runBars(bars, entry).fills).toHaveLength(1);
  });
});

it.each<[Partial<BacktestSettings>, string]>([
  [{ borrowRate: '-1' }, 'borrowRate'],
  [{ maintenanceMargin: 'x' }, 'maintenanceMargin'],
  [{ dividends: [{ symbol: 'X', exDay: '5 May', amount: '1' }] }, 'dividends.0.exDay'],
  [{ dividends: [{ symbol: 'X', exDay: '2024-05-05', amount: '0' }] }, 'dividends.0.amount'],
  [{ dividends: [{ symbol: 'Y', exDay: '2024-05-05', amount: '1' }] }, 'dividends.0.symbol'],
])('%j is refused at %s', (changes, field) => {
  expect(() => run({}, changes)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT', field }));
});
