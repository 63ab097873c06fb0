import { describe, expect, it } from '@jest/globals';
import { cancel, defineStrategy, place, setTimer, T } from '@omniquant/plugin-sdk';

import type { BacktestSpec } from '../../../../../core/backtest/backtest-spec.ts';
import { createLatency } from '../../../../../core/backtest/latency.ts';
import { type LatencySettings, parseLatency } from '../../../../../core/backtest/latency-schema.ts';
import { statuses } from '../../../../support/backtest/place-at.ts';
import {
  dataOf,
  MINUTE,
  type Ohlc,
  rowsOf,
  runAll,
  settingsWith,
  START,
} from '../../../../support/backtest/run-backtest.ts';
import { buy, fillsOf, limit, runTicks } from '../../../../support/backtest/run-ticks.ts';
import { tickSources } from '../../../../support/backtest/tick-rows.ts';

const rows = [
  { at: START, order: 10, response: 20 },
  { at: START + 100, order: 30, response: 40 },
];
const recorded = (interpolation: 'LINEAR' | 'PREVIOUS'): LatencySettings => ({
  model: 'RECORDED',
  interpolation,
  rows,
});
const QUOTES = [
  [0, 100, 50, 100.02, 50],
  [500, 100, 50, 100.02, 50],
] as const;

describe('a recorded latency', () => {
  it.each([
    // Sent at 50, half way between the rows; the venue had their orders at 10 and 130.
    ['LINEAR', { before: 10, between: 20, behind: 30 }, { before: 20, between: 30, behind: 40 }],
    ['PREVIOUS', { before: 10, between: 10, behind: 30 }, { before: 20, between: 20, behind: 40 }],
  ] as const)(
    'is %s between its rows, and that of the next row before and behind them',
    (way, order, response) => {
      const latency = createLatency(recorded(way));
      expect(latency.toVenue('submit', START - 9)).toBe(order.before);
      expect(latency.toVenue('cancel', START + 50)).toBe(order.between);
      expect(latency.toVenue('replace', START + 900)).toBe(order.behind);
      expect(latency.fromVenue(START)).toBe(response.before);
      expect(latency.fromVenue(START + 70)).toBe(response.between);
      expect(latency.fromVenue(START + 131)).toBe(response.behind);
    },
  );

  it('is when an order meets the market', () => {
    expect(fillsOf(runTicks({ quotes: QUOTES }, { 50: [buy(1)] }, { latency: recorded('LINEAR') }))).toEqual([
      'BUY 1 @ 100.02 +70',
    ]);
  });

  it('may be finer than a millisecond', () => {
    const fine = [{ at: START, order: 0.25, response: 0.5 }];
    const latency = { model: 'RECORDED', interpolation: 'LINEAR', rows: fine } as const;
    const quotes = [
      ...QUOTES.slice(0, 1),
      [10.1, 100, 50, 100.03, 50],
      [10.2, 100, 50, 100.04, 50],
      QUOTES[1],
    ] as const;
    const result = runTicks({ quotes }, { 10: [buy(1)] }, { latency });
    expect(fillsOf(result)).toEqual(['BUY 1 @ 100.04 +10']);
  });

  it('needs rows in order', () => {
    const parse = (input: unknown) => () => parseLatency({ model: 'RECORDED', ...(input as object) });
    expect(parse({ rows: [] })).toThrow('latency.rows has to have a row');
    expect(parse({ rows: [rows[1], rows[0]] })).toThrow('latency.rows has to be in ascending order of `at`');
    expect(parse({ rows: [{ ...rows[0], response: -1 }] })).toThrow(
      'latency.rows.0.response has to be at least 0',
    );
    expect(parse({ rows, interpolation: 'CUBIC' })).toThrow(
      'interpolation has to be one of LINEAR, PREVIOUS',
    );
    expect(parse({ rows })()).toEqual(recorded('LINEAR'));
  });
});

/** Buys, at 50 unless told, and cancels at `cancelAt`; writes down when it hears what. */
const hears = (
  heard: string[],
  latency: LatencySettings,
  cancelAt: number | null,
  price?: string,
  buyAt = 50,
): BacktestSpec => ({
  settings: settingsWith({ latency }),
  strategy: defineStrategy({
    ...{ id: 'scripted', description: 'hears when', config: T.Object({}) },
    inputs: () => ({ quotes: true }),
    create: (_, ctx) => ({
      *onStart() {
        yield setTimer('buy', START + buyAt);
        if (cancelAt !== null) yield setTimer('cancel', START + cancelAt);
      },
      *onTimer({ name }) {
        const order = { ref: 'a', symbol: 'X', side: 'BUY', quantity: '1' } as const;
        if (name === 'cancel') yield cancel('a');
        else yield place(price === undefined ? order : { ...order, ...limit(price) });
      },
      onOrderEvent: ({ status }) => void heard.push(`${status} +${String(ctx.now() - START)}`),
    }),
  }),
});

describe('an answer of the venue', () => {
  const run = (latency: LatencySettings, cancelAt: number | null, price?: string) => {
    const heard: string[] = [];
    const result = runAll(hears(heard, latency, cancelAt, price), {
      sources: [],
      ticks: tickSources({ quotes: QUOTES }),
    });
    return { heard, result };
  };

  it('is heard when it is there, and happened when it was given', () => {
    const { heard, result } = run(recorded('LINEAR'), null);
    expect(heard).toEqual(['SUBMITTED +50', 'WORKING +100', 'FILLED +100']);
    expect(result.fills).toMatchObject([{ at: START + 70 }]);
  });

  it('comes too late for a cancel that was sent before it was heard', () => {
    const latency = { model: 'PER_COMMAND', submit: 10, replace: 0, cancel: 5, response: 40 } as const;
    const { heard, result } = run(latency, 80);
    // Filled at 60, heard at 100; the cancel is at the venue at 85, and its refusal back at 125.
    expect(heard.filter((line) => line.startsWith('FILLED'))).toEqual(['FILLED +100']);
    expect(statuses(result)).toEqual(['FILLED']);
  });

  it('tells of a cancel that was done when it is there', () => {
    const { heard } = run({ model: 'CONSTANT', ms: 10, response: 25 }, 200, '99');
    expect(heard).toEqual(['SUBMITTED +50', 'WORKING +85', 'CANCELED +235']);
  });

  it('takes its time in runs on bars, too', () => {
    const heard: string[] = [];
    const bar: Ohlc = [100, 100, 100, 100];
    const spec = hears(
      heard,
      { model: 'CONSTANT', ms: 1_000, response: 90_000 },
      null,
      undefined,
      MINUTE + 50,
    );
    runAll(spec, dataOf({ X: rowsOf([bar, bar, bar, bar]) }));
    // Filled at 61,050.
    expect(heard.filter((line) => line.startsWith('FILLED'))).toEqual(['FILLED +151050']);
  });
});
