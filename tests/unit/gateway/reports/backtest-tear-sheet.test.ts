import { describe, expect, it } from '@jest/globals';

import type { BacktestResult } from '../../../../core/backtest/backtest-result.ts';
import { type BarColumns, columnsOf } from '../../../../core/backtest/bar-source.ts';
import { tearSheetOfBacktest } from '../../../../gateway/reports/backtest-tear-sheet.ts';
import { MOST_BARS } from '../../../../gateway/reports/downsample.ts';
import { priceHistoryOf } from '../../../../gateway/reports/price-history.ts';
import { renderTearSheet } from '../../../../gateway/reports/render-tear-sheet.ts';
import { placeAfterFirst } from '../../../support/backtest/place-at.ts';
import { type Ohlc, rowsOf, runBars, START } from '../../../support/backtest/run-backtest.ts';

const BARS: readonly Ohlc[] = [
  [100, 101, 99, 100],
  [100, 104, 98, 102],
  [102, 110, 101, 109],
  [109, 109, 104, 105],
];
const NO_BOUNDS = { from: null, to: null };

const bought = (): BacktestResult =>
  runBars(BARS, placeAfterFirst({ side: 'BUY', type: 'MARKET', quantity: '10' }));

async function* blocksOf(...blocks: readonly BarColumns[]): AsyncGenerator<BarColumns> {
  yield* blocks;
}

describe('the tear sheet of a backtest', () => {
  it('has its report, fills, settings and hash', async () => {
    const result = bought();
    const prices = await priceHistoryOf('X', blocksOf(columnsOf(rowsOf(BARS))), NO_BOUNDS);
    const input = tearSheetOfBacktest(result, [prices]);
    expect(input.performance.summary).toEqual(result.performance);
    expect(input.performance.withheld).toEqual(result.withheld);
    expect(input).toMatchObject({
      ...{ subject: 'BACKTEST', title: 'scripted', subtitle: 'X · 1-minute bars', currency: 'USD' },
      ...{ benchmark: null, resultHash: result.resultHash, notices: [] },
    });
    expect(input.fills).toHaveLength(1);
    expect(input.parameters.map(({ title }) => title)).toEqual([
      'Run',
      'Fees',
      'Fills',
      'Latency',
      'Risk limits',
      'What was done',
    ]);
    const page = renderTearSheet(input);
    expect(page.includes(result.resultHash)).toBe(true);
    expect(page.includes('"side":"BUY"')).toBe(true);
  });

  it('says that a run failed and what was refused', () => {
    const result: BacktestResult = {
      ...bought(),
      ...{
        status: 'FAILED',
        failure: { code: 'STRATEGY_ERROR', message: 'boom', at: START },
        droppedLogs: 2,
      },
      counts: { ...bought().counts, orders: 5, denied: 1, rejected: 2 },
    };
    expect(
      tearSheetOfBacktest(result, []).notices.map(({ severity, text }) => `${severity} ${text}`),
    ).toEqual([
      'WARNING The run failed on 2 Jan 2024, 15:00 UTC, and this is what it had done: STRATEGY_ERROR: boom',
      'INFO Of 5 orders, risk rules denied 1 and the venue rejected 2.',
      'INFO 2 messages of the strategy were not kept.',
    ]);
  });

  it('says that a run goes on', () => {
    const { notices } = tearSheetOfBacktest({ ...bought(), status: 'RUNNING' }, []);
    expect(notices.map(({ text }) => text)).toEqual([
      'The run has not come to its end: this is how far it went, up to 2 Jan 2024, 15:04 UTC.',
    ]);
  });

  it('names a few symbols and counts the others', () => {
    const result = bought();
    const symbols = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
    const { subtitle } = tearSheetOfBacktest({ ...result, settings: { ...result.settings, symbols } }, []);
    expect(subtitle).toBe('A, B, C, D, E and 2 more · 1-minute bars');
  });
});

describe('priceHistoryOf', () => {
  it('takes the bars of a span out of blocks', async () => {
    const [first, second, third, fourth] = rowsOf(BARS).map((row) => columnsOf([row]));
    const span = { from: START + 60_000, to: START + 120_000 };
    const { bars } = await priceHistoryOf('X', blocksOf(first!, second!, third!, fourth!), span);
    expect([...bars]).toEqual([
      { at: START + 60_000, open: 100, high: 104, low: 98, close: 102 },
      { at: START + 120_000, open: 102, high: 110, low: 101, close: 109 },
    ]);
  });

  it('keeps no more than is drawn, and the page draws all of that', async () => {
    const many = Array.from({ length: 3 * MOST_BARS + 1 }, (_, at): Ohlc => [at + 1, at + 3, at + 1, at + 2]);
    const history = await priceHistoryOf('X', blocksOf(columnsOf(rowsOf(many))), NO_BOUNDS);
    const kept = [...history.bars];
    expect(kept.length).toBeLessThanOrEqual(MOST_BARS + 1);
    expect(kept.length).toBeGreaterThan(MOST_BARS / 2);
    expect([kept[0]!.open, kept.at(-1)!.high]).toEqual([1, 3 * MOST_BARS + 3]);
    const page = renderTearSheet(tearSheetOfBacktest(bought(), [history]));
    const [, lows] = /"range":\{"low":\[([^\]]*)\]/.exec(page)!;
    expect(lows!.split(',')).toHaveLength(kept.length);
  });
});
