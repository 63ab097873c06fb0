import { describe, expect, it } from '@jest/globals';
import { place, setTimer, type StrategyHooks } from '@omniquant/plugin-sdk';

import { Backtest } from '../../../../../core/backtest/backtest.ts';
import { tickBlocks } from '../../../../../core/backtest/tick-source.ts';
import {
  dataOf,
  MINUTE,
  type Ohlc,
  rowsOf,
  runAll,
  START,
} from '../../../../support/backtest/run-backtest.ts';
import { buy, fillsOf, runTicks, tickSpec } from '../../../../support/backtest/run-ticks.ts';
import {
  levelColumns,
  type LevelRow,
  type TickRows,
  tickSources,
} from '../../../../support/backtest/tick-rows.ts';

const writes =
  (heard: string[], more: StrategyHooks = {}) =>
  (): StrategyHooks => ({
    onStart: () => void heard.push('start'),
    onBar: ({ close, symbol }) => void heard.push(`bar ${symbol} ${String(close)}`),
    onQuote: ({ ask, at, bid, last, symbol }) =>
      void heard.push(`${String(at - START)} ${symbol} ${String(bid)}/${String(ask)} ${String(last)}`),
    onTrade: ({ at, price, size }) =>
      void heard.push(`${String(at - START)} trade ${String(size)}@${String(price)}`),
    onTimer: ({ name }) => void heard.push(`timer ${name}`),
    onStop: () => void heard.push('stop'),
    ...more,
  });
const hearing = (rows: TickRows, more?: StrategyHooks): string[] => {
  const heard: string[] = [];
  runAll(tickSpec(writes(heard, more)), { sources: [], ticks: tickSources(rows) });
  return heard;
};

describe('what a strategy hears of ticks', () => {
  it('is quotes and trades in the order of time, a trade before the quote of its instant', () => {
    const heard = hearing({
      quotes: [
        [0, 100, 1, 100.01, 1],
        [10, 100, 1, NaN, 0],
      ],
      trades: [
        [5, 100.01, 3, 1],
        [10, 100, 2, -1],
      ],
    });
    expect(heard).toEqual([
      'start',
      '0 X 100/100.01 null',
      '5 trade 3@100.01',
      '10 trade 2@100',
      '10 X 100/null 100',
      'stop',
    ]);
  });

  it('is bars that end at an instant before the ticks of it, and timers before both', () => {
    const heard: string[] = [];
    const flat: Ohlc = [99, 99, 99, 99];
    const spec = tickSpec(
      writes(heard, {
        *onStart() {
          yield setTimer('first', START + MINUTE - 1);
        },
      }),
    );
    const quotes = tickSources({ quotes: [[MINUTE, 100, 1, 101, 1]] });
    runAll(spec, { sources: dataOf({ X: rowsOf([flat, flat]) }).sources, ticks: quotes });
    expect(heard).toEqual(['timer first', 'bar X 99', '60000 X 100/101 null', 'bar X 99', 'stop']);
  });

  it('is the top of a book where there are no quotes, once for a message and only when it is another', () => {
    const heard = hearing({
      levels: [
        [0, 'SNAPSHOT'],
        [0, 1, 100, 5],
        [0, -1, 100.02, 5],
        [10, 1, 99, 7],
        [20, 1, 100.01, 1],
        [20, -1, 100.02, 0],
        [20, -1, 100.03, 1],
      ],
    });
    expect(heard).toEqual(['start', '0 X 100/100.02 null', '20 X 100.01/100.03 null', 'stop']);
  });

  it('is the top after each of several messages of one instant', () => {
    const heard = hearing({
      levels: [
        [0, 'SNAPSHOT', 1],
        [0, 1, 100, 5, 1],
        [0, 1, 100.01, 5, 2],
        [0, 1, 100.01, 0, 3],
        [0, -1, 101, 5, 3],
      ],
    });
    expect(heard).toEqual(['start', '0 X 100/null null', '0 X 100.01/null null', '0 X 100/101 null', 'stop']);
  });

  it('is the top and the executions of single orders', () => {
    const heard = hearing({
      orders: [
        [0, 'ADD', 1, 1, 100, 5],
        [5, 'ADD', 2, -1, 101, 5],
        [10, 'EXECUTE', 2, 2],
        [20, 'EXECUTE', 2, 3],
      ],
    });
    expect(heard).toEqual([
      'start',
      ...['0 X 100/null null', '5 X 100/101 null'],
      '10 trade 2@101',
      ...['20 trade 3@101', '20 X 100/null 101', 'stop'],
    ]);
  });

  it('is its fills at once, before the tick that they came with, and its answers are there at once', () => {
    const heard: string[] = [];
    let orders = 0;
    const spec = tickSpec(
      writes(heard, {
        *onQuote({ at }) {
          heard.push(`quote ${String(at - START)}`);
          if (at === START) yield buy(1);
        },
        *onFill({ price }) {
          heard.push(`fill @${price}`);
          if ((orders += 1) < 3) yield place({ symbol: 'X', side: 'BUY', quantity: '2' });
        },
      }),
    );
    const quotes = tickSources({
      quotes: [
        [0, 100, 9, 100.01, 2],
        [50, 100, 9, 100.02, 8],
      ],
    });
    const { fills } = runAll(spec, { sources: [], ticks: quotes });
    // Of 2 lots one is left for the second order; the rest and the third wait for the next quote.
    expect(heard).toEqual([
      'start',
      ...['quote 0', 'fill @100.01', 'fill @100.01'],
      ...['fill @100.02', 'fill @100.02', 'quote 50', 'stop'],
    ]);
    expect(fills.map(({ at }) => at - START)).toEqual([0, 0, 50, 50]);
  });

  it('is nothing before `from`, and nothing behind `to`; books are as what was before has left them', () => {
    const heard: string[] = [];
    const levels: LevelRow[] = [
      [0, 'SNAPSHOT'],
      [0, 1, 100, 5],
      [0, -1, 101, 5],
      [10, 1, 100.5, 5],
      [20, -1, 100.8, 5],
      [30, 1, 100.6, 5],
    ];
    const spec = tickSpec(writes(heard), { from: START + 10, to: START + 20 });
    runAll(spec, { sources: [], ticks: tickSources({ levels }) });
    expect(heard).toEqual(['start', '10 X 100.5/101 null', '20 X 100.5/100.8 null', 'stop']);
  });
});

describe('times within a millisecond', () => {
  it('keep what happened in order across series, and orders behind what was before them', () => {
    const latency = { model: 'CONSTANT', ms: 1 } as const;
    const heard: string[] = [];
    const spec = tickSpec(
      writes(heard, {
        *onTrade({ size }) {
          heard.push(`trade ${String(size)}`);
          if (size === 1) yield buy(1);
        },
      }),
      { latency },
    );
    const rows: TickRows = {
      quotes: [
        [0, 100, 5, 100.01, 5],
        [1.2, 100, 5, 100.02, 5],
        [2.5, 100, 5, 100.03, 5],
      ],
      trades: [
        [0.7, 100, 1, -1],
        [1.4, 100, 2, -1],
      ],
    };
    const { fills } = runAll(spec, { sources: [], ticks: tickSources(rows) });
    expect(heard).toEqual([
      ...['start', '0 X 100/100.01 null', 'trade 1', '1 X 100/100.02 100', 'trade 2', '2 X 100/100.03 100'],
      'stop',
    ]);
    // Sent at 0.7, there at 1.7.
    expect(fills).toMatchObject([{ price: '100.02', at: START + 1 }]);
  });
});

describe('a run on ticks', () => {
  it('waits for blocks, and sees whether a message goes on in the next before it looks', () => {
    const series = { symbol: 'X', kind: 'L2' } as const;
    const blocks = tickBlocks(series);
    const heard: string[] = [];
    const backtest = new Backtest(tickSpec(writes(heard)), { sources: [], ticks: [blocks] });
    expect(backtest.advance(10).waitsFor).toEqual(series);
    blocks.push(
      levelColumns([
        [0, 'SNAPSHOT'],
        [0, 1, 100, 5],
      ]),
    );
    expect(backtest.advance(10)).toMatchObject({ done: false, waitsFor: series });
    expect(heard).toEqual(['start']);
    blocks.push(levelColumns([[0, -1, 101, 5]]));
    blocks.end();
    expect(backtest.advance(10)).toMatchObject({ done: true, progress: 1 });
    expect(heard).toEqual(['start', '0 X 100/101 null', 'stop']);
    expect(backtest.result().counts).toMatchObject({ bars: 0, ticks: 3 });
  });

  it('values what it holds between bid and ask', () => {
    const quotes = [
      [0, 100, 5, 100.02, 5],
      [50, 110, 5, 110.5, 5],
    ] as const;
    const result = runTicks({ quotes }, { 10: [buy(2)] });
    expect(fillsOf(result)).toEqual(['BUY 2 @ 100.02 +10']);
    // 100000 - 200.04 + 2 x 110.25
    expect(result.equity.at(-1)).toMatchObject({ equity: '100020.46', grossExposure: '220.5' });
  });

  it('trades ticks within the session of the calendar alone, and opens with its first trade', () => {
    const open = Date.UTC(2024, 0, 2, 14, 30) - START;
    const close = Date.UTC(2024, 0, 2, 21) - START;
    const instruments = [
      { ...tickSpec(() => ({})).settings.instruments[0]!, calendar: 'US_EQUITY' as const },
    ];
    const heard: string[] = [];
    const spec = tickSpec(
      writes(heard, {
        *onTrade({ at, price }) {
          if (at !== START + open - 5_000) return;
          yield buy(1, { timeInForce: 'OPG', ref: 'open' });
          yield buy(1, { timeInForce: 'GTC', type: 'LIMIT', limitPrice: String(price), ref: 'rests' });
          yield buy(1, { timeInForce: 'CLS', ref: 'close' });
        },
      }),
      { instruments, calendar: 'US_EQUITY' },
    );
    const rows: TickRows = {
      quotes: [
        [open - 9_000, 99, 9, 99.5, 9],
        [open + 10, 100.5, 9, 100.6, 9],
        [close - 10, 98, 9, 98.5, 9],
        [close + 10, 97, 9, 97.5, 9],
        [close + 99, 97, 9, 97.5, 9],
      ],
      trades: [
        [open - 5_000, 98.2, 9, -1],
        [open + 20, 100.4, 9, 1],
        [close - 5, 98.3, 9, 1],
        [close + 50, 97, 9, -1],
      ],
    };
    const result = runAll(spec, { sources: [], ticks: tickSources(rows) });
    expect(result.fills.map(({ at, price, quantity }) => [at - START - open, quantity, price])).toEqual([
      [20, '1', '100.4'],
      [close - open, '1', '98.3'],
    ]);
  });
});
