import { describe, expect, it } from '@jest/globals';

import { Backtest } from '../../../../core/backtest/backtest.ts';
import type { BacktestError } from '../../../../core/backtest/backtest-error.ts';
import type { BacktestSettings } from '../../../../core/backtest/backtest-spec.ts';
import type { BarRow } from '../../../../core/backtest/bar-source.ts';
import { parseFees } from '../../../../core/backtest/fees-schema.ts';
import { parseFills } from '../../../../core/backtest/fills-schema.ts';
import { parseLatency } from '../../../../core/backtest/latency-schema.ts';
import {
  dataOf,
  instrument,
  rowsOf,
  runAll,
  settingsWith,
  specOf,
  START,
} from '../../../support/backtest/run-backtest.ts';

const refusal = (work: () => unknown): Partial<BacktestError> => {
  try {
    work();
  } catch (error) {
    return error as BacktestError;
  }
  return {};
};

describe('fees, fills and latency', () => {
  it('are nothing when nothing is given, and have their defaults filled in', () => {
    expect([parseFees(undefined), parseFills(null), parseLatency(undefined)]).toEqual([
      { model: 'NONE' },
      { model: 'BEST_PRICE', path: 'ADAPTIVE' },
      { model: 'CONSTANT', ms: 0 },
    ]);
    expect(parseFees({ model: 'PERCENTAGE', rate: '0.001' })).toEqual({
      model: 'PERCENTAGE',
      rate: '0.001',
      minimum: '0',
    });
    expect(parseFills({ model: 'VOLUME_SHARE' })).toMatchObject({
      share: '0.1',
      priceImpact: 0,
      path: 'ADAPTIVE',
    });
    expect(parseLatency(25)).toEqual({ model: 'CONSTANT', ms: 25 });
  });

  it.each<[() => unknown, string, RegExp]>([
    [() => parseFees({ model: 'PERCENTAGE', rate: 0.001 }), 'fees.rate', /in quotes/],
    [() => parseFees({ model: 'PERCENTAGE', rate: '-1' }), 'fees.rate', /from 0/],
    [() => parseFees({ model: 'PERCENTAGE', rate: '1', x: 1 }), 'fees', /x/],
    [() => parseFees({ model: 'percent' }), 'fees.model', /one of NONE, PER_ORDER/],
    [() => parseFees('cheap'), 'fees', /./],
    [
      () => parseFees({ model: 'TIERED', tiers: [{ from: '5', maker: '0', taker: '0' }] }),
      'fees.tiers',
      /from "0"/,
    ],
    [
      () =>
        parseFees({
          model: 'TIERED',
          tiers: ['0', '10', '9'].map((from) => ({ from, maker: '0', taker: '0' })),
        }),
      'fees.tiers',
      /ascending/,
    ],
    [() => parseFills({ model: 'SLIPPAGE', ticks: 1.5 }), 'fills.ticks', /whole number/],
    [() => parseFills({ model: 'BEST_PRICE', path: 'HLOC' }), 'fills.path', /ADAPTIVE/],
    [
      () => parseFills({ model: 'PROBABILISTIC', touchProbability: 2 }),
      'fills.touchProbability',
      /at most 1/,
    ],
    [() => parseLatency(-1), 'latency', /at least 0/],
    [() => parseLatency({ model: 'PER_COMMAND', submit: 1, replace: 1 }), 'latency.cancel', /whole number/],
  ])('%s is refused at %s', (work, field, message) => {
    expect(refusal(work)).toMatchObject({
      code: 'BAD_USER_INPUT',
      field,
      message: expect.stringMatching(message),
    });
  });
});

describe('a spec', () => {
  const rows = rowsOf([[1, 1, 1, 1]]);
  it.each<[Partial<BacktestSettings>, string]>([
    [{ symbols: [] }, 'symbols'],
    [{ symbols: ['X', 'X'] }, 'symbols'],
    [{ symbols: ['Y'], instruments: [instrument('X')] }, 'symbols'],
    [{ strategy: 'other' }, 'strategy'],
    [{ startingCash: '0' }, 'startingCash'],
    [{ seed: 0.5 }, 'seed'],
    [{ from: START, to: START }, 'to'],
    [{ riskFree: -1 }, 'riskFree'],
    [{ instruments: [instrument('X', { tickSize: '0' })] }, 'instruments.0.tickSize'],
    [{ limits: { ...settingsWith().limits, maxLeverage: 'much' } }, 'limits.maxLeverage'],
  ])('with %j is refused at %s', (changes, field) => {
    const refused = refusal(
      () =>
        new Backtest(
          specOf(() => ({}), changes),
          dataOf({ X: rows }),
        ),
    );
    expect(refused).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });

  it('without bars of a series is refused', () => {
    const refused = refusal(
      () =>
        new Backtest(
          specOf(() => ({})),
          dataOf({ Y: rows }),
        ),
    );
    expect(refused).toMatchObject({ code: 'NOT_ENOUGH_BARS', message: 'there are no MINUTE_1 bars of X' });
    expect(
      refusal(() =>
        runAll(
          specOf(() => ({}), { from: START + 1e9 }),
          dataOf({ X: rows }),
        ),
      ),
    ).toMatchObject({
      code: 'NOT_ENOUGH_BARS',
      field: 'from',
    });
  });
});

describe('bars', () => {
  const good: BarRow = { at: START, open: 2, high: 3, low: 1, close: 2, volume: 5 };
  it.each<[string, readonly Partial<BarRow>[]]>([
    ['out of order', [{}, { at: START }]],
    ['overlapping', [{}, { at: START + 1_000 }]],
    ['below zero', [{ low: 0 }]],
    ['no number', [{ close: NaN }]],
    ['beyond their range', [{ close: 4 }]],
    ['of a volume below zero', [{ volume: -1 }]],
    ['of no whole time', [{ at: START + 0.5 }]],
  ])('that are %s are refused, with symbol and time', (_, changes) => {
    const rows = changes.map((change) => ({ ...good, ...change }));
    expect(
      refusal(() =>
        runAll(
          specOf(() => ({})),
          dataOf({ X: rows }),
        ),
      ),
    ).toMatchObject({
      code: 'BAD_BARS',
      message: expect.stringMatching(/the MINUTE_1 bar of X at \d/),
    });
  });
});

describe('a snapshot', () => {
  it('of other settings, or of something else, is refused', () => {
    const data = () => dataOf({ X: rowsOf([[1, 1, 1, 1]]) });
    const hooks = () => ({ snapshot: () => 0, restore: () => undefined });
    const backtest = new Backtest(specOf(hooks), data());
    backtest.advance(1);
    const restore = (snapshot: unknown) => () =>
      Backtest.restore(specOf(hooks, { seed: 2 }), data(), snapshot as never);
    expect(refusal(restore(backtest.save()))).toMatchObject({ code: 'SNAPSHOT_MISMATCH' });
    expect(refusal(restore({}))).toMatchObject({ code: 'SNAPSHOT_MISMATCH' });
  });

  it('of a strategy that remembers nothing is not made', () => {
    const backtest = new Backtest(
      specOf(() => ({})),
      dataOf({ X: rowsOf([[1, 1, 1, 1]]) }),
    );
    backtest.advance(1);
    expect(refusal(() => backtest.save())).toMatchObject({ code: 'NOT_SAVABLE' });
  });
});
