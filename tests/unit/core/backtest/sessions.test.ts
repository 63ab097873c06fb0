import { describe, expect, it } from '@jest/globals';
import { place, type StrategyOrder } from '@omniquant/plugin-sdk';

import type { BacktestSettings } from '../../../../core/backtest/backtest-spec.ts';
import { dayBarStart } from '../../../../core/market/bar-interval.ts';
import { calendarOf } from '../../../../core/market/calendars.ts';
import { effectsAt, statuses } from '../../../support/backtest/place-at.ts';
import {
  dataOf,
  instrument,
  MINUTE,
  type Ohlc,
  rowsOf,
  runAll,
  specOf,
} from '../../../support/backtest/run-backtest.ts';

const calendar = calendarOf('US_EQUITY');
const US = { instruments: [instrument('X', { calendar: 'US_EQUITY' })], calendar: 'US_EQUITY' } as const;
/** The last minutes of a Tuesday's session, and the first of Wednesday's. */
const CLOSE = calendar.close('2024-01-02')!;
const OPEN = calendar.open('2024-01-03')!;
const rows = [
  ...rowsOf(
    [
      [100, 100, 100, 100],
      [101, 101, 101, 101],
    ],
    CLOSE - 2 * MINUTE,
  ),
  ...rowsOf(
    [
      [110, 112, 108, 111],
      [112, 113, 109, 110],
    ],
    OPEN,
  ),
];
const run = (
  orders: Readonly<Record<number, Partial<StrategyOrder>>>,
  changes: Partial<BacktestSettings> = {},
) => {
  const script = Object.entries(orders).map(([bar, order]) => [
    bar,
    [place({ symbol: 'X', side: 'BUY', quantity: '10', ...order })],
  ]);
  return runAll(
    specOf(effectsAt(Object.fromEntries(script) as never), { ...US, ...changes }),
    dataOf({ X: rows }),
  );
};

describe('minutes of a session', () => {
  it('expire an order for the day with its close', () => {
    const result = run({ 0: { type: 'LIMIT', limitPrice: '90', timeInForce: 'DAY' } });
    expect(result.orders).toMatchObject([{ status: 'EXPIRED', endedAt: CLOSE }]);
  });

  it('fill an order for the closing auction at the close, and for the opening auction at the open', () => {
    const result = run({ 0: { timeInForce: 'CLS' }, 1: { timeInForce: 'OPG' } });
    expect(result.fills).toMatchObject([
      { price: '101', at: CLOSE, liquidity: null },
      { price: '110', at: OPEN, liquidity: null },
    ]);
  });

  it('deny what needs an open market after the last of them, as live', () => {
    expect(statuses(run({ 1: { timeInForce: 'DAY' } }))).toEqual([
      expect.stringMatching(/^DENIED: the session of X is POST/),
    ]);
  });

  it('let it wait for the next session where hours are not looked at', () => {
    const result = run({ 1: { timeInForce: 'DAY' } }, { orderHours: 'ANY' });
    expect(result.fills).toMatchObject([{ price: '110', at: OPEN }]);
  });

  it('fill a limit that rested overnight at the open that is better', () => {
    const result = run({ 0: { side: 'SELL', type: 'LIMIT', limitPrice: '105', timeInForce: 'GTC' } });
    expect(result.fills).toMatchObject([{ price: '110', at: OPEN, side: 'SELL' }]);
  });

  it('trade nothing outside it', () => {
    const early = rowsOf([[90, 91, 89, 90]], OPEN - 60 * MINUTE);
    const spec = specOf(
      effectsAt({
        0: [
          place({
            symbol: 'X',
            side: 'BUY',
            quantity: '1',
            type: 'LIMIT',
            limitPrice: '95',
            timeInForce: 'GTC',
          }),
        ],
      }),
      US,
    );
    const result = runAll(spec, dataOf({ X: [...rows.slice(0, 2), ...early, ...rows.slice(2)] }));
    expect(result.orders).toMatchObject([{ status: 'ACCEPTED', filledQuantity: '0' }]);
  });

  it('expire what the gateway holds for the day', () => {
    const bracket = {
      timeInForce: 'GTC',
      takeProfit: { limitPrice: '200' },
      stopLoss: { stopPrice: '50' },
    } as const;
    const result = run({ 0: { ...bracket, timeInForce: 'DAY' } });
    // The legs are good until cancelled: they stay over the night.
    expect(result.orders.map(({ status }) => status)).toEqual(['FILLED', 'ACCEPTED', 'HELD']);
  });
});

describe('days', () => {
  const days = ['2024-01-02', '2024-01-03', '2024-01-04'];
  const bars: readonly Ohlc[] = [
    [100, 102, 99, 101],
    [103, 105, 100, 104],
    [106, 107, 105, 106],
  ];
  const daily = bars.map((bar, index) => ({ ...rowsOf([bar])[0]!, at: dayBarStart(days[index]!, calendar) }));
  const runDays = (order: Partial<StrategyOrder>) =>
    runAll(
      specOf(effectsAt({ 0: [place({ symbol: 'X', side: 'BUY', quantity: '10', ...order })] }), {
        ...{ ...US, interval: 'DAY_1', orderHours: 'ANY' },
      }),
      dataOf({ X: daily }, 'DAY_1'),
    );

  it("trade a signal of the close at the next session's open", () => {
    const result = runDays({});
    expect(result.fills).toMatchObject([{ price: '103', at: calendar.open('2024-01-03') }]);
    expect(result.equity.map(({ equity }) => equity)).toEqual(['100000', '100010', '100030']);
  });

  it('expire an order for the day after one bar', () => {
    const result = runDays({ type: 'LIMIT', limitPrice: '98', timeInForce: 'DAY' });
    expect(result.orders).toMatchObject([{ status: 'EXPIRED', endedAt: calendar.close('2024-01-03') }]);
  });

  it('have an equity point each, at the end of the trading day', () => {
    expect(runDays({}).equity.map(({ at }) => at)).toEqual(
      days.map((day) => calendar.endOfDay(calendar.open(day)!)),
    );
  });
});
