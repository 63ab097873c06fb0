import type { BacktestOrder, BacktestResult } from '../../core/backtest/backtest-result.ts';
import type { BacktestSettings } from '../../core/backtest/backtest-spec.ts';
import type { PerformanceSummary } from '../../core/performance/summary.ts';

const DAY = 86_400_000;
const START = Date.UTC(2016, 0, 4, 21);

const SETTINGS: BacktestSettings = {
  ...{ strategy: 'sma-cross', config: { fast: 10, slow: 30 }, symbols: ['AAPL'], instruments: [] },
  ...{ interval: 'DAY_1', from: null, to: null, startingCash: '100000', baseCurrency: 'USD' },
  fees: { model: 'none' } as unknown as BacktestSettings['fees'],
  fills: { model: 'best-price' } as unknown as BacktestSettings['fills'],
  latency: { model: 'constant' } as unknown as BacktestSettings['latency'],
  ...{ seed: 0, benchmark: 'SPX', buyingPowerMultiplier: '2', calendar: 'US_EQUITY' },
  limits: {} as BacktestSettings['limits'],
  ...{ orderHours: 'ANY', riskFree: 0 },
};

const order = (position: number): BacktestOrder => ({
  ...{
    id: `o-${String(position)}`,
    ref: null,
    symbol: 'AAPL',
    side: 'BUY',
    type: 'MARKET',
    timeInForce: 'DAY',
  },
  ...{ role: 'ENTRY', parentId: null, quantity: '1', filledQuantity: '1' },
  ...{ averageFillPrice: '100.5', limitPrice: null, stopPrice: null, fees: '0.1', status: 'FILLED' },
  ...{ reason: null, at: START + position * DAY, endedAt: START + position * DAY },
});

/** A result as a run may have it, with so many orders and days. */
export function backtestResult(orders: number, days: number): BacktestResult {
  const equity = Array.from({ length: days }, (_, day) => ({
    at: START + day * DAY,
    equity: String(100_000 + (day % 7) * 100),
    cash: '50000',
    grossExposure: '50000',
  }));
  return {
    ...{
      settings: SETTINGS,
      status: 'COMPLETED',
      failure: null,
      startedAt: START,
      endedAt: START + days * DAY,
    },
    orders: Array.from({ length: orders }, (_, position) => order(position)),
    ...{ fills: [], equity, withheld: [], logs: [], droppedLogs: 0, metrics: {} },
    benchmark: equity.map(({ at }, day) => ({ at, value: String(2_000 + day) })),
    performance: { startEquity: '100000', endEquity: '100600', trades: orders } as PerformanceSummary,
    counts: {
      ...{
        bars: days,
        warmupBars: 0,
        orders,
        fills: orders,
        denied: 0,
        rejected: 0,
        events: orders * 3,
        steps: days,
      },
    },
    resultHash: '0123456789abcdef',
  };
}
