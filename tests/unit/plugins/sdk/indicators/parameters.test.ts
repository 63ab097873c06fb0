import { describe, expect, it } from '@jest/globals';
import * as indicators from '@omniquant/plugin-sdk/indicators';

const wrongPeriods = [0, -1, 1.5, NaN, Infinity, 1_000_001, '14' as never, null as never];

const periods: readonly (readonly [string, (period: number) => unknown])[] = [
  ['sma', indicators.sma],
  ['ema', indicators.ema],
  ['rma', indicators.rma],
  ['dema', indicators.dema],
  ['tema', indicators.tema],
  ['wma', indicators.wma],
  ['hma', indicators.hma],
  ['kama', (period) => indicators.kama({ period })],
  ['variance', indicators.variance],
  ['standardDeviation', indicators.standardDeviation],
  ['zScore', indicators.zScore],
  ['rollingMin', indicators.rollingMin],
  ['rollingMax', indicators.rollingMax],
  ['rollingSum', indicators.rollingSum],
  ['median', indicators.median],
  ['rsi', indicators.rsi],
  ['bollingerBands', (period) => indicators.bollingerBands({ period })],
  ['atr', indicators.atr],
  ['adx', indicators.adx],
  ['stochastic', (period) => indicators.stochastic({ period })],
  ['williamsR', indicators.williamsR],
  ['donchianChannel', indicators.donchianChannel],
  ['keltnerChannel', (period) => indicators.keltnerChannel({ period })],
  ['cci', indicators.cci],
  ['momentum', indicators.momentum],
  ['rateOfChange', indicators.rateOfChange],
  ['mfi', indicators.mfi],
  ['rollingVwap', indicators.rollingVwap],
  ['aroon', indicators.aroon],
  ['supertrend', (period) => indicators.supertrend({ period })],
  ['linearRegression', indicators.linearRegression],
  ['covariance', indicators.covariance],
  ['correlation', indicators.correlation],
  ['hedgeRatio', indicators.hedgeRatio],
  ['rollingBeta', indicators.rollingBeta],
];

const refusal = (parameter: string): unknown =>
  expect.objectContaining({
    name: 'IndicatorError',
    code: 'INVALID_INDICATOR',
    parameter,
    message: expect.stringContaining(parameter),
  });

describe('a parameter that makes no sense is named', () => {
  it.each(periods)('%s', (_name, make) => {
    for (const wrong of wrongPeriods) expect(() => make(wrong)).toThrow(refusal('period'));
  });

  const others: readonly (readonly [string, string, () => unknown])[] = [
    ['kama', 'fast', () => indicators.kama({ fast: 30, slow: 30 })],
    ['kama', 'slow', () => indicators.kama({ slow: 2.5 })],
    ['macd', 'fast', () => indicators.macd({ fast: 26, slow: 12 })],
    ['macd', 'slow', () => indicators.macd({ slow: NaN })],
    ['macd', 'signal', () => indicators.macd({ signal: 0 })],
    ['variance', 'period', () => indicators.variance(1)],
    ['variance', 'estimator', () => indicators.variance(5, { estimator: 'mean' as never })],
    ['bollingerBands', 'deviations', () => indicators.bollingerBands({ deviations: 0 })],
    ['bollingerBands', 'deviations', () => indicators.bollingerBands({ deviations: NaN })],
    ['bollingerBands', 'deviations', () => indicators.bollingerBands({ deviations: '2' as never })],
    ['stochastic', 'smoothing', () => indicators.stochastic({ smoothing: 0 })],
    ['stochastic', 'signal', () => indicators.stochastic({ signal: 0.5 })],
    ['keltnerChannel', 'atrPeriod', () => indicators.keltnerChannel({ atrPeriod: 0 })],
    ['keltnerChannel', 'multiplier', () => indicators.keltnerChannel({ multiplier: -1 })],
    ['supertrend', 'multiplier', () => indicators.supertrend({ multiplier: Infinity })],
    ['parabolicSar', 'step', () => indicators.parabolicSar({ step: 0 })],
    ['parabolicSar', 'step', () => indicators.parabolicSar({ step: 0.3 })],
    ['parabolicSar', 'maximum', () => indicators.parabolicSar({ maximum: 1.5 })],
  ];
  it.each(others)('%s: %s', (_name, parameter, make) => {
    expect(make).toThrow(refusal(parameter));
  });
});

describe('an input that makes no sense is named', () => {
  const bar = { high: 2, low: 1, close: 1.5, volume: 10 };
  const inputs: readonly (readonly [string, string, () => unknown])[] = [
    ['a low above the high', 'high', () => indicators.atr().update({ ...bar, low: 3 })],
    ['a volume below zero', 'volume', () => indicators.mfi().update({ ...bar, volume: -1 })],
    ['a close that is missing', 'close', () => indicators.cci().update({ high: 2, low: 1 } as never)],
    ['a trade of less than nothing', 'size', () => indicators.vwap().update({ price: 1, size: -1 })],
    ['a market at zero', 'x', () => indicators.rollingBeta(5).update({ x: 0, y: 1 })],
    ['an asset below zero', 'y', () => indicators.rollingBeta(5).update({ x: 1, y: -37.63 })],
    ['a level that is no number', 'level', () => indicators.crossover().update({ value: 1, level: NaN })],
  ];
  it.each(inputs)('%s', (_title, parameter, update) => {
    expect(update).toThrow(refusal(parameter));
  });

  it('a snapshot for other parameters is refused with the name of what it was for', () => {
    const snapshot = indicators.sma(5).snapshot();
    expect(() => indicators.sma(6).restore(snapshot)).toThrow(/no snapshot of sma\(6\)/);
  });
});
