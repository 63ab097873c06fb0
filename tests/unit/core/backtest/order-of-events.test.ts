import { describe, expect, it } from '@jest/globals';
import { clearTimer, place, setTimer, type StrategyHooks } from '@omniquant/plugin-sdk';

import { Backtest } from '../../../../core/backtest/backtest.ts';
import { barBlocks, columnsOf } from '../../../../core/backtest/bar-source.ts';
import {
  dataOf,
  instrument,
  MINUTE,
  type Ohlc,
  rowsOf,
  runAll,
  runBars,
  settingsWith,
  specOf,
  START,
} from '../../../support/backtest/run-backtest.ts';
import { scripted } from '../../../support/scripted-strategy.ts';

const flat = (price: number, count: number): Ohlc[] =>
  Array.from({ length: count }, (): Ohlc => [price, price, price, price]);
const seconds = (at: number): number => (at - START) / 1_000;

describe('what a strategy hears', () => {
  it('is the venue first, then the bar; what its orders come to follows', () => {
    const { definition, heard } = scripted({
      bars: { 0: [place({ ref: 'a', symbol: 'X', side: 'BUY', quantity: '1' })] },
    });
    runAll({ strategy: definition, settings: settingsWith() }, dataOf({ X: rowsOf(flat(100, 2)) }));
    expect(heard).toEqual([
      'start',
      'bar X 100',
      'SUBMITTED a',
      'WORKING a',
      ...['fill a', 'fill a 1@100', 'FILLED a'],
      'bar X 100',
      'stop',
    ]);
  });

  it('is a denial at once, with the numbers in its log', () => {
    const { definition, heard } = scripted({
      bars: { 0: [place({ ref: 'a', symbol: 'X', side: 'BUY', quantity: '5000' })] },
    });
    const settings = settingsWith();
    const { counts, logs, orders } = runAll(
      { strategy: definition, settings },
      dataOf({ X: rowsOf(flat(100, 2)) }),
    );
    expect(heard).toEqual(['start', 'bar X 100', 'DENIED a', 'bar X 100', 'stop']);
    expect(orders).toMatchObject([{ status: 'DENIED', reason: expect.stringContaining('buying power') }]);
    expect(logs).toMatchObject([{ level: 'WARN', data: { code: 'INSUFFICIENT_BUYING_POWER' } }]);
    expect(counts.denied).toBe(1);
  });

  it('is bars of all symbols that end together with all prices known, in the order of the symbols', () => {
    const seen: string[] = [];
    const hooks = (): StrategyHooks => ({
      *onBar({ symbol, close }, { portfolio }) {
        seen.push(`${symbol} ${String(close)} ${String(portfolio.equity)}`);
        if (seen.length === 1) yield place({ symbol: 'B', side: 'BUY', quantity: '10' });
      },
    });
    runAll(
      specOf(hooks, { symbols: ['A', 'B'] }),
      dataOf({
        B: rowsOf([
          [20, 20, 20, 20],
          [20, 25, 20, 25],
        ]),
        A: rowsOf(flat(10, 2)),
      }),
    );
    // B was bought at 20: when A's second bar is given, B's close of 25 is known.
    expect(seen).toEqual(['A 10 100000', 'B 20 100000', 'A 10 100050', 'B 25 100050']);
  });

  it('is each interval at its own end', () => {
    const seen: string[] = [];
    const spec = {
      settings: settingsWith(),
      strategy: {
        ...specOf(() => ({
          onBar: ({ interval, at }) => void seen.push(`${interval} ${String(seconds(at))}`),
        })).strategy,
        inputs: () => ({ intervals: ['MINUTE_5' as const] }),
      },
    };
    const minutes = dataOf({ X: rowsOf(flat(100, 6)) });
    const five = dataOf({ X: rowsOf(flat(100, 1), START, 5 * MINUTE) }, 'MINUTE_5');
    runAll(spec, { sources: [...minutes.sources, ...five.sources] });
    expect(seen).toEqual([
      ...[0, 60, 120, 180, 240].map((at) => `MINUTE_1 ${String(at)}`),
      'MINUTE_5 0',
      'MINUTE_1 300',
    ]);
  });

  it('is timers between the bars, after those that end with them', () => {
    const seen: string[] = [];
    let bars = 0;
    const result = runBars(flat(100, 3), () => ({
      *onBar() {
        bars += 1;
        seen.push(`bar ${String(bars)}`);
        if (bars > 1) return;
        yield setTimer('late', START + 2 * MINUTE);
        yield setTimer('soon', START + MINUTE + 1_000);
        yield setTimer('never', START + MINUTE + 2_000);
        yield clearTimer('never');
      },
      *onTimer({ name }) {
        seen.push(name);
        if (name === 'soon') yield place({ symbol: 'X', side: 'BUY', quantity: '1' });
      },
    }));
    expect(seen).toEqual(['bar 1', 'soon', 'bar 2', 'late', 'bar 3']);
    // The timer is in the middle of the second bar, and so is the order.
    expect(seconds(result.fills[0]!.at)).toBe(61);
  });
});

describe('the warm-up', () => {
  const counting = (log: string[]) => ({
    ...specOf(() => ({
      onStart: () => void log.push('start'),
      onBar: ({ close }, { portfolio }) =>
        void log.push(`${String(close)}${portfolio.isAhead ? ' ahead' : ''}`),
    })).strategy,
    inputs: () => ({ warmup: 2 }),
  });
  const rows = rowsOf([1, 2, 3, 4, 5].map((price): Ohlc => [price, price, price, price]));

  it('is the first bars without a beginning', () => {
    const log: string[] = [];
    const result = runAll({ settings: settingsWith(), strategy: counting(log) }, dataOf({ X: rows }));
    expect(log).toEqual(['1 ahead', '2 ahead', 'start', '3', '4', '5']);
    expect(result).toMatchObject({ counts: { bars: 5, warmupBars: 2 }, startedAt: START + 2 * MINUTE });
  });

  it('is the last bars before the beginning', () => {
    const log: string[] = [];
    const settings = settingsWith({ from: START + 3 * MINUTE, to: START + 4 * MINUTE });
    runAll({ settings, strategy: counting(log) }, dataOf({ X: rows }));
    expect(log).toEqual(['2 ahead', '3 ahead', 'start', '4']);
  });

  it('says when there are too few', () => {
    const settings = settingsWith();
    const backtest = new Backtest({ settings, strategy: counting([]) }, dataOf({ X: rows.slice(0, 1) }));
    expect(() => backtest.advance(10)).toThrow(/there are 1 MINUTE_1 bars of X, and the warm-up takes 2/);
  });
});

describe('a run', () => {
  it('ends as FAILED with the code of what the strategy throws', () => {
    let bars = 0;
    const result = runBars(flat(100, 3), () => ({
      onBar() {
        bars += 1;
        if (bars === 2) throw new Error('no more');
      },
    }));
    expect(result).toMatchObject({
      status: 'FAILED',
      failure: {
        code: 'STRATEGY_THREW',
        message: expect.stringContaining('no more'),
        at: START + 2 * MINUTE,
      },
      counts: { bars: 2 },
    });
  });

  it('ends as FAILED when the strategy answers itself without end', () => {
    let orders = 0;
    const order = () => place({ ref: String((orders += 1)), symbol: 'X', side: 'BUY', quantity: '99999999' });
    const result = runBars(flat(100, 2), () => ({
      *onBar() {
        yield order();
      },
      *onOrderEvent() {
        yield order();
      },
    }));
    expect(result).toMatchObject({ status: 'FAILED', failure: { code: 'STRATEGY_LOOPS' } });
  });

  it('waits for blocks that are not there yet, and goes on with the same result', () => {
    const hooks = (): StrategyHooks => {
      let bars = 0;
      return {
        *onBar() {
          bars += 1;
          if (bars % 3 === 1) {
            yield place({ symbol: 'X', side: bars % 2 === 0 ? 'SELL' : 'BUY', quantity: '1' });
          }
        },
      };
    };
    const rows = rowsOf(flat(100, 10));
    const series = { symbol: 'X', interval: 'MINUTE_1' } as const;
    const blocks = barBlocks(series);
    const backtest = new Backtest(specOf(hooks), { sources: [blocks] });
    expect(backtest.advance(100)).toEqual({ done: false, progress: 0, at: null, waitsFor: series });
    for (let index = 0; index < 10; index += 4) {
      blocks.push(columnsOf(rows.slice(index, index + 4)));
      expect(backtest.advance(100).waitsFor).toEqual(series);
    }
    blocks.end();
    expect(backtest.advance(100)).toMatchObject({ done: true, progress: 1 });
    expect(backtest.result().resultHash).toBe(runAll(specOf(hooks), dataOf({ X: rows })).resultHash);
  });

  it('tells its progress', () => {
    const backtest = new Backtest(
      specOf(() => ({})),
      dataOf({ X: rowsOf(flat(100, 11)) }),
    );
    expect(backtest.advance(5)).toMatchObject({ done: false, progress: 0.5 });
    expect(backtest.advance(5)).toMatchObject({ done: false, progress: 1 });
    expect(backtest.advance(5)).toMatchObject({ done: true, progress: 1, at: START + 11 * MINUTE });
  });

  it('halts by the rules that trade live', () => {
    const settings = settingsWith();
    let bars = 0;
    const spec = specOf(
      () => ({
        *onBar() {
          bars += 1;
          if (bars === 1) yield place({ symbol: 'X', side: 'BUY', quantity: '1000' });
          if (bars === 3) yield place({ ref: 'more', symbol: 'X', side: 'BUY', quantity: '1' });
        },
      }),
      { limits: { ...settings.limits, maxDailyLoss: '5000' } },
    );
    const { orders } = runAll(spec, dataOf({ X: rowsOf([...flat(100, 2), ...flat(94, 2)]) }));
    expect(orders).toMatchObject([{ status: 'FILLED' }, { status: 'DENIED', ref: 'more' }]);
  });

  it('converts what is not in the base currency', () => {
    let bars = 0;
    const spec = specOf(
      () => ({
        *onBar() {
          bars += 1;
          if (bars === 1) yield place({ symbol: 'X', side: 'BUY', quantity: '10' });
        },
      }),
      { instruments: [instrument('X', { currency: 'EUR' }), instrument('EUR/USD', { assetClass: 'FX' })] },
    );
    const result = runAll(
      spec,
      dataOf({ X: rowsOf([...flat(100, 2), ...flat(110, 1)]), 'EUR/USD': rowsOf(flat(1.1, 3)) }),
    );
    // 10 bought at 100 EUR and worth 110: 100 EUR are 110 USD.
    expect(result.equity.at(-1)?.equity).toBe('100110');
    expect(result.fills).toMatchObject([{ rate: '1.1' }]);
  });
});
