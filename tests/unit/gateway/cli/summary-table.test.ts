import { describe, expect, it } from '@jest/globals';
import type { Extension } from '@omniquant/plugin-sdk';
import smaCross from '@omniquant/strategy-sma-cross';

import type { BacktestResult } from '../../../../core/backtest/backtest-result.ts';
import { backtestExtensionsOf } from '../../../../gateway/backtests/backtest-extensions.ts';
import { recordedMarketData } from '../../../../gateway/backtests/market-data/recorded-market-data.ts';
import { prepareBacktest } from '../../../../gateway/backtests/prepare-backtest.ts';
import { runBacktest } from '../../../../gateway/backtests/run-backtest.ts';
import { summaryTable } from '../../../../gateway/cli/backtest/summary-table.ts';

const { signal } = new AbortController();
const extensions = backtestExtensionsOf(smaCross.extensions as readonly Extension[]);

async function resultOf(change: object): Promise<BacktestResult> {
  const request = { strategy: 'sma-cross', symbols: ['AAPL'], interval: 'DAY_1', ...change };
  const prepared = await prepareBacktest(request, { extensions, data: recordedMarketData() }, signal);
  return runBacktest(prepared, { signal });
}

describe('the table of a backtest', () => {
  it('tells what was refused, why and how often, and what the strategy warned of', async () => {
    const table = summaryTable(await resultOf({ config: { quantity: '1000' } }), 1_234);
    expect(table).toMatch(/Orders +\d+, \d+ fills, \d+ refused\n/);
    expect(table).toMatch(/\d+ x denied: .*concentration/i);
    expect(table).toMatch(/WARN entry refused: waits for the next crossing \{"symbol":"AAPL"/);
    expect(table).toMatch(/Bars +1,260, 30 of the warm-up, in 1 s\n/);
    expect(table.split('\n').filter((line) => line.includes('WARN'))).toHaveLength(10);
    expect(table).toMatch(/ {2}and \d+ others\n$/);
  });

  it('has figures of the benchmark only where there is one', async () => {
    const config = { quantity: '100' };
    expect(summaryTable(await resultOf({ config }), 0)).not.toContain('Beta');
    const table = summaryTable(await resultOf({ config, benchmark: 'SPX' }), 0);
    expect(table).toMatch(/^sma-cross on AAPL, DAY_1, 2013-06-25 to 2018-05-11 against SPX\n/);
    expect(table).toMatch(/Beta +-?\d\.\d\d\n/);
  });

  it('marks what too few days say nothing about, and what is undefined', async () => {
    const table = summaryTable(await resultOf({ from: '2018-05-01' }), 0);
    expect(table).toMatch(/Sharpe ratio +– \(too few days or trades\)\n/);
    expect(table).toMatch(/Mean win +–\n/);
    expect(table).toMatch(/Equity at the end +100,002\.04 USD\n/);
    expect(table).toMatch(/Largest drawdown +0\.00 %\n +Longest drawdown +1 day\n/);
    expect(table).toMatch(/Orders +1, 1 fill\n/);
  });
});
