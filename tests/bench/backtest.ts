import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { StrategyInstance } from '@omniquant/plugin-sdk/strategy-instance';

import { Backtest } from '../../core/backtest/backtest.ts';
import type { BacktestResult } from '../../core/backtest/backtest-result.ts';
import type { BacktestSettings, BacktestSpec } from '../../core/backtest/backtest-spec.ts';
import { type BacktestData, type BarColumns, columnsSource } from '../../core/backtest/bar-source.ts';
import { dayBarStart } from '../../core/market/bar-interval.ts';
import { calendarOf } from '../../core/market/calendars.ts';
import { smaCross } from '../../plugins/strategy-sma-cross/src/sma-cross.ts';
import { randomWalk } from '../support/backtest/random-walk.ts';
import { instrument, settingsWith } from '../support/backtest/run-backtest.ts';
import type { Bench, Figure } from './bench.ts';
import { median } from './median.ts';

const ROUNDS = 3;
const MINUTE = 60_000;
const START = Date.UTC(2020, 0, 1);
const REFERENCE = 'the same strategy over the same bars in a loop, without account, venue and statistics';
const CONFIG = { fast: 100, slow: 400, quantity: '10', allowShort: false };

const specOf = (changes: Partial<BacktestSettings>): BacktestSpec => ({
  strategy: smaCross,
  settings: settingsWith({ strategy: 'sma-cross', config: CONFIG, ...changes }),
});

const minutes = (columns: BarColumns): BacktestData => ({
  sources: [columnsSource({ symbol: 'X', interval: 'MINUTE_1' }, columns)],
});

function runWhole(spec: BacktestSpec, data: BacktestData): BacktestResult {
  const backtest = new Backtest(spec, data);
  while (!backtest.advance(100_000).done);
  return backtest.result();
}

/** What the strategy alone takes: no portfolio, so that its position never changes. */
function strategyAlone({ settings, strategy }: BacktestSpec, columns: BarColumns): number {
  const { config, interval, symbols } = settings;
  const { close, high, low, open, volume } = columns;
  const instance = new StrategyInstance({
    ...{ definition: strategy, config, run: { symbols, interval }, seed: '1', saved: null },
    instruments: [{ ...instrument('X'), shortable: true, fractionable: false }],
  });
  let effects = 0;
  instance.step({ kind: 'start', at: START });
  for (let index = 0; index < close.length; index += 1) {
    const at = columns.at[index]!;
    const bar = {
      ...{ symbol: 'X', interval, at, open: open[index]!, high: high[index]! },
      ...{ low: low[index]!, close: close[index]!, volume: volume[index]! },
    };
    effects += instance.step({ kind: 'bar', at: at + MINUTE, bar }).length;
  }
  return effects;
}

/** Things a second, the median of several rounds after one that warms up. */
function rate(count: number, pass: () => void): number {
  pass();
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    pass();
    rates.push((count / (performance.now() - started)) * 1_000);
  }
  return median(rates);
}

/** Starts of the daily bars of ten years. */
function tradingDays(count: number): readonly number[] {
  const calendar = calendarOf('US_EQUITY');
  const starts: number[] = [];
  for (let day = '2014-01-02'; starts.length < count; day = calendar.nextTradingDay(day)) {
    starts.push(dayBarStart(day, calendar));
  }
  return starts;
}

function manySymbols(
  symbols: number,
  days: number,
): { readonly spec: BacktestSpec; data: () => BacktestData } {
  const names = Array.from({ length: symbols }, (_, index) => `S${String(index)}`);
  const starts = tradingDays(days);
  const columns = names.map((name) => randomWalk(name, days, (index) => starts[index]!));
  const spec = specOf({
    ...{ symbols: names, interval: 'DAY_1', calendar: 'US_EQUITY', orderHours: 'ANY' },
    instruments: names.map((name) => instrument(name, { calendar: 'US_EQUITY' })),
    startingCash: '100000000',
  });
  const data = (): BacktestData => ({
    sources: names.map((symbol, index) => columnsSource({ symbol, interval: 'DAY_1' }, columns[index]!)),
  });
  return { spec, data };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const BLOCK = 10_000;

/** Heap that a run of streamed bars has left when half and all of them were played, MB. */
function streamedHeap(bars: number): number {
  const spec = specOf({ config: { ...CONFIG, fast: 450, slow: 500 }, to: START + bars * MINUTE });
  let block = 0;
  const source = {
    series: { symbol: 'X', interval: 'MINUTE_1' as const },
    next(): BarColumns | 'END' {
      const from = block * BLOCK;
      if (from >= bars) return 'END';
      block += 1;
      return randomWalk(block, BLOCK, (index) => START + (from + index) * MINUTE);
    },
  };
  const backtest = new Backtest(spec, { sources: [source] });
  const heap = (): number => {
    collectGarbage();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  backtest.advance(bars / 2);
  const half = heap();
  while (!backtest.advance(BLOCK).done);
  return heap() - half;
}

/** Moving averages that cross over one-minute bars, and over ten years of the daily bars of many symbols. */
export const backtest: Bench = {
  name: 'backtest',
  async *run({ quick }): AsyncIterable<Figure> {
    const count = quick ? 200_000 : 1_000_000;
    const columns = randomWalk('minutes', count, (index) => START + index * MINUTE);
    const spec = specOf({});
    const { counts } = runWhole(spec, minutes(columns));
    const alone = rate(count, () => strategyAlone(spec, columns));
    const whole = rate(count, () => runWhole(spec, minutes(columns)));
    yield { name: 'strategy-alone', value: alone, unit: 'bars/s', ratio: null, reference: null };
    const scope = `${REFERENCE}; ${String(counts.fills)} fills in ${String(count)} bars; target 1,000,000`;
    yield { name: 'sma-cross', value: whole, unit: 'bars/s', ratio: whole / alone, reference: scope };

    const [symbols, days] = quick ? [100, 1_260] : [500, 2_520];
    const { data, spec: many } = manySymbols(symbols, days);
    const started = performance.now();
    const result = runWhole(many, data());
    const seconds = (performance.now() - started) / 1_000;
    const size = `${String(symbols)} symbols x ${String(days)} days, ${String(result.counts.fills)} fills`;
    yield {
      name: 'daily-symbols',
      value: seconds,
      unit: 's',
      ratio: null,
      reference: `${size}; target 5 for 500 x 2520`,
    };

    const streamed = quick ? 400_000 : 4_000_000;
    const grown = streamedHeap(streamed);
    const about = `growth of the heap over the second half of ${String(streamed)} streamed bars, results included`;
    yield { name: 'streamed-heap', value: grown, unit: 'MB', ratio: null, reference: about };
  },
};
