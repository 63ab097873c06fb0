import { describe, expect, it } from '@jest/globals';
import type { Bar } from '@omniquant/plugin-sdk';
import { cancelAll, defineStrategy, place, type StrategyDefinition, T } from '@omniquant/plugin-sdk';
import { replay } from '@omniquant/plugin-sdk/testing';
import { smaCross } from '@omniquant/strategy-sma-cross';
import { INSTRUMENTS } from '@omniquant/venue/recorded-markets';

import { performanceOfBacktest } from '../../../../core/backtest/backtest-performance.ts';
import type { BacktestSpec } from '../../../../core/backtest/backtest-spec.ts';
import { type BacktestData, type BarColumns, columnsSource } from '../../../../core/backtest/bar-source.ts';
import { configFor } from '../../../../plugins/sdk/src/testing/strategy-config.ts';
import { randomWalk } from '../../../support/backtest/random-walk.ts';
import { recordedDays } from '../../../support/backtest/recorded.ts';
import { instrument, MINUTE, runAll, settingsWith, START } from '../../../support/backtest/run-backtest.ts';
import { STRATEGIES } from '../../plugins/strategies/strategies.ts';

const RECORDED = ['AAPL', 'SPX'];
/** What spreads an order over the minutes of a day has nothing to do with daily bars. */
const DAILY = STRATEGIES.filter(({ name }) => name !== 'execution, vwap');

describe.each(DAILY)('$name over the recorded days', (one) => {
  const symbols = RECORDED.slice(0, one.symbols.length);
  const run = { symbols, interval: 'DAY_1' } as const;
  const spec: BacktestSpec = {
    strategy: one.definition,
    settings: settingsWith({
      ...{ ...run, strategy: one.definition.id, instruments: INSTRUMENTS, startingCash: '1000000' },
      ...{ from: Date.UTC(2014, 0, 1), to: Date.UTC(2015, 0, 1) },
      ...{ calendar: 'US_EQUITY', orderHours: 'ANY', benchmark: 'SPX' },
      config: configFor(one.definition, one.config, run) as BacktestSpec['settings']['config'],
      fees: { model: 'PER_UNIT', perUnit: '0.005', minimum: '1', maximumRate: '0.01' },
    }),
    ...(one.optimizers !== undefined && { optimizers: one.optimizers }),
  };

  it('trades to the end, with figures that agree with each other', () => {
    const result = runAll(spec, recordedDays(RECORDED));
    expect(result.failure).toBeNull();
    expect(result).toMatchObject({ status: 'COMPLETED' });
    expect(result.counts.fills).toBeGreaterThan(0);
    // The trading days of 2014.
    expect(result.equity).toHaveLength(252);
    const { summary, trades } = performanceOfBacktest(result);
    expect(summary).toEqual(result.performance);
    const paid = result.fills.reduce((sum, { fee }) => sum + Number(fee), 0);
    expect(Number(summary.totalFees)).toBeCloseTo(paid, 6);
    const open = trades.open.length;
    if (open === 0) {
      const earned = trades.closed.reduce((sum, { netPnl }) => sum + Number(netPnl) / 1e18, 0);
      expect(Number(summary.netProfit)).toBeCloseTo(earned, 4);
    }
    expect(runAll(spec, recordedDays(RECORDED), 100).resultHash).toBe(result.resultHash);
  });
});

describe('a buy and hold', () => {
  it('has the benchmark of its own returns', () => {
    let bought = false;
    const holds = defineStrategy({
      ...{ id: 'hold', description: 'buys once', config: T.Object({}) },
      create: () => ({
        *onBar() {
          if (!bought) yield place({ symbol: 'SPX', side: 'BUY', quantity: '500' });
          bought = true;
        },
      }),
    });
    const settings = settingsWith({
      ...{
        strategy: 'hold',
        symbols: ['SPX'],
        interval: 'DAY_1',
        instruments: INSTRUMENTS,
        benchmark: 'SPX',
      },
      ...{ calendar: 'US_EQUITY', orderHours: 'ANY', from: Date.UTC(2014, 0, 1), to: Date.UTC(2015, 0, 1) },
      ...{ startingCash: '1000000', buyingPowerMultiplier: '2' },
    });
    const { performance } = runAll({ strategy: holds, settings }, recordedDays(['SPX']));
    // All but the first two days it moves as the index does: about 92 % of the money is in it.
    expect(performance.beta).toBeGreaterThan(0.85);
    expect(performance.beta).toBeLessThan(1);
    expect(performance.totalReturn).toBeGreaterThan(0.08);
  });
});

/**
 * Orders of the kinds that the testing kit's replay fills by the same rules. One side at a time, as the gateway denies
 * what would trade with the account's own orders, and the replay does not.
 */
const ladder = defineStrategy({
  ...{ id: 'ladder', description: 'rests orders around the price', config: T.Object({}) },
  create(_, ctx) {
    let bars = 0;
    return {
      *onBar({ close, symbol }) {
        bars += 1;
        if (bars === 200 || ctx.random() < 0.15) yield cancelAll(symbol);
        const type = (['MARKET', 'LIMIT', 'STOP', 'MARKET_IF_TOUCHED'] as const)[
          Math.floor(ctx.random() * 4)
        ]!;
        const level = String(Math.round(close * 100 + (ctx.random() - 0.5) * 60) / 100);
        if (bars === 200) return;
        yield place({
          ...{ ref: String(bars), symbol, type, timeInForce: 'GTC', quantity: '5' },
          side: bars < 200 ? 'BUY' : 'SELL',
          ...(type === 'LIMIT' && { limitPrice: level }),
          ...((type === 'STOP' || type === 'MARKET_IF_TOUCHED') && { stopPrice: level }),
        });
      },
    };
  },
});

const barsOf = (columns: BarColumns): Bar[] =>
  Array.from(columns.at, (at, index) => ({
    ...{
      symbol: 'X',
      interval: 'MINUTE_1' as const,
      at,
      open: columns.open[index]!,
      high: columns.high[index]!,
    },
    ...{ low: columns.low[index]!, close: columns.close[index]!, volume: columns.volume[index]! },
  }));

describe('the replay of the testing kit', () => {
  const columns = randomWalk('replay', 400, (index) => START + index * MINUTE);
  const data = (): BacktestData => ({
    sources: [columnsSource({ symbol: 'X', interval: 'MINUTE_1' }, columns)],
  });

  it.each<readonly [StrategyDefinition, Readonly<Record<string, unknown>>]>([
    [smaCross, { fast: 3, slow: 8, quantity: '10', allowShort: false }],
    [ladder, {}],
  ])('fills the orders of the same strategy alike', async (strategy, config) => {
    const run = { symbols: ['X'], interval: 'MINUTE_1' } as const;
    const settings = settingsWith({
      ...{
        ...run,
        strategy: strategy.id,
        config: configFor(strategy, config, run) as BacktestSpec['settings']['config'],
        seed: 7,
        startingCash: '1000000',
      },
      // Nothing is filled by a mere touch there.
      fills: {
        model: 'PROBABILISTIC',
        path: 'ADAPTIVE',
        touchProbability: 0,
        slippageProbability: 0,
        ticks: 1,
      },
      buyingPowerMultiplier: '1000',
    });
    const ours = runAll({ strategy, settings }, data());
    const theirs = await replay(strategy, barsOf(columns), {
      ...{ ...run, config, seed: '7', startingCash: '1000000', leverage: null },
      instruments: [{ ...instrument('X') }],
    });
    const mine = ours.orders.map(({ averageFillPrice, filledQuantity, ref }) => [
      ref,
      filledQuantity,
      averageFillPrice,
    ]);
    expect(mine).toEqual(
      theirs.orders.map(({ averagePrice, filledQuantity, ref }) => [ref, filledQuantity, averagePrice]),
    );
    expect(mine.filter(([, , price]) => price !== null).length).toBeGreaterThan(20);
    expect(ours.equity.at(-1)?.equity).toBe(theirs.statistics.finalEquity);
  });
});
