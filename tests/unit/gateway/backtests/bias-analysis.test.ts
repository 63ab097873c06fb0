import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import {
  defineStrategy,
  place,
  type StrategyDefinition,
  type StrategyEffect,
  T,
} from '@omniquant/plugin-sdk';
import { ema } from '@omniquant/plugin-sdk/indicators';
import { breakout } from '@omniquant/strategy-breakout';
import { meanReversion } from '@omniquant/strategy-mean-reversion';
import { smaCross } from '@omniquant/strategy-sma-cross';

import { backtestExtensionsOf } from '../../../../gateway/backtests/backtest-extensions.ts';
import { findLookAhead, findWarmUp } from '../../../../gateway/backtests/bias-analysis.ts';
import { recordedMarketData } from '../../../../gateway/backtests/market-data/recorded-market-data.ts';

/** Buys where the next close is higher than this one, as far as `peek` knows it, and sells where it is lower. */
const peeking = (
  id: string,
  remember: (at: number, close: number) => void,
  peek: (at: number) => number | null,
) =>
  defineStrategy({
    id,
    description: 'Knows tomorrow, from its second run on',
    config: T.Object({}),
    create() {
      let last: { readonly at: number; readonly close: number } | null = null;
      return {
        *onBar({ at, close, symbol }): Generator<StrategyEffect> {
          if (last !== null) remember(last.at, close);
          last = { at, close };
          const next = peek(at);
          if (next === null) return;
          const side = next > close ? ('BUY' as const) : ('SELL' as const);
          yield place({ ref: `at-${String(at)}`, symbol, side, quantity: '1' });
        },
      };
    },
  });

const askedOf = (strategy: StrategyDefinition, request: object = {}) => ({
  request: { strategy: strategy.id, symbols: ['AAPL'], interval: 'DAY_1', to: '2014-12-31', ...request },
  surroundings: { extensions: backtestExtensionsOf([strategy]), data: recordedMarketData() },
  signal: new AbortController().signal,
});

describe('look-ahead', () => {
  it.each([
    [smaCross, { fast: 5, slow: 12, quantity: '10' }],
    [breakout, { entryPeriod: 10, exitPeriod: 5 }],
    [meanReversion, {}],
  ])('is not found in strategies of ours', async (strategy, config) => {
    const report = await findLookAhead(askedOf(strategy, { config }), 4);
    expect(report.orders).toBeGreaterThan(4);
    expect(report.checks).toHaveLength(5);
    expect(report).toMatchObject({ hasBias: false, checks: report.checks.map(() => ({ difference: null })) });
  });

  it('is found in one that remembers an earlier run, with the first order that shows it', async () => {
    const known = new Map<number, number>();
    const strategy = peeking(
      'remembers',
      (at, close) => void known.set(at, close),
      (at) => known.get(at) ?? null,
    );
    const report = await findLookAhead(askedOf(strategy), 3);
    expect(report.hasBias).toBe(true);
    // The whole run came first and knew nothing; the second one knows what follows its very first bar.
    expect(report.checks.at(-1)?.difference).toMatchObject({
      at: Date.parse('2013-05-14T00:00:00Z'),
      expected: null,
      found: { side: 'SELL', symbol: 'AAPL', type: 'MARKET' },
    });
  });

  it('is found in one that reads ahead in a file that its runs write', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'peeking-'));
    const file = join(folder, 'closes.json');
    const read = (): Record<string, number> =>
      JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
    writeFileSync(file, '{}');
    const strategy = peeking(
      'reads',
      (at, close) => {
        writeFileSync(file, JSON.stringify({ ...read(), [String(at)]: close }));
      },
      (at) => read()[String(at)] ?? null,
    );
    const report = await findLookAhead(askedOf(strategy, { to: '2013-07-31' }), 2);
    expect(report).toMatchObject({ hasBias: true, orders: 0 });
    rmSync(folder, { recursive: true });
  });

  it('fails where a run fails, and ends with the signal', async () => {
    const throwing = defineStrategy({
      ...{ id: 'throws', description: 'Throws', config: T.Object({}) },
      create: () => ({
        onBar() {
          throw new Error('a bug of its author');
        },
      }),
    });
    await expect(findLookAhead(askedOf(throwing), 2)).rejects.toThrow('a bug of its author');
    const stopped = { ...askedOf(smaCross), signal: AbortSignal.abort(new Error('stopped')) };
    await expect(findLookAhead(stopped, 2)).rejects.toThrow('stopped');
  });
});

/** Crosses of an exponential average, which never forgets where it began. */
const emaCross = defineStrategy({
  id: 'ema-cross',
  description: 'Trades where the close crosses its exponential average',
  config: T.Object({ warmup: T.Integer({ default: 5 }) }),
  inputs: ({ warmup }) => ({ warmup }),
  create() {
    const average = ema(40);
    let isStarted = false;
    let wasAbove: boolean | null = null;
    return {
      onStart: () => void (isStarted = true),
      *onBar({ at, close, symbol }): Generator<StrategyEffect> {
        const value = average.update(close);
        const isAbove = value === null ? null : close > value;
        const hasCrossed = isStarted && wasAbove !== null && isAbove !== null && isAbove !== wasAbove;
        wasAbove = isAbove;
        if (hasCrossed) {
          yield place({ ref: String(at), symbol, side: isAbove ? 'BUY' : 'SELL', quantity: '1' });
        }
      },
    };
  },
});

describe('warm-up sensitivity', () => {
  it('is not found in averages over a window', async () => {
    const asked = askedOf(smaCross, { config: { fast: 5, slow: 12, quantity: '10' } });
    const report = await findWarmUp(asked, [12, 24, 48]);
    expect(report).toMatchObject({ own: 12, hasBias: false, tooLong: [] });
    // The cross of the bar before the start is known from one bar more on.
    expect(report.checks.at(-1)).toMatchObject({ bars: 48, extra: 0, missing: 0, difference: null });
  });

  it('is found in an average that remembers for ever, with the length from which on it is stable', async () => {
    const report = await findWarmUp(askedOf(emaCross), [5, 20, 120, 160, 200]);
    expect(report).toMatchObject({ own: 5, hasBias: true, stableFrom: 160 });
    expect(report.checks.map(({ bars, difference }) => [bars, difference === null])).toEqual([
      ...[
        [5, false],
        [20, false],
        [120, false],
      ],
      ...[
        [160, true],
        [200, true],
      ],
    ]);
    const isLongEnough = await findWarmUp(askedOf(emaCross, { config: { warmup: 160 } }), [180, 200]);
    expect(isLongEnough.hasBias).toBe(false);
  });

  it('leaves out what there are too few bars for', async () => {
    const report = await findWarmUp(askedOf(emaCross), [120, 160, 1_000_000]);
    expect(report.tooLong).toEqual([1_000_000]);
    await expect(findWarmUp(askedOf(emaCross), [900_000, 1_000_000])).rejects.toMatchObject({
      code: 'NOT_ENOUGH_BARS',
    });
  });
});
