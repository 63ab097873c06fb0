import { describe, expect, it } from '@jest/globals';

import type { Channel, Indicator, Pair, Stochastic } from '../../../../../plugins/sdk/src/indicators.ts';
import * as indicators from '../../../../../plugins/sdk/src/indicators.ts';
import { barOf, numbersOf, outputsOf, reference, type TestBar } from './series.ts';

const bars = reference.bars.map(barOf);

const fed = <Input, Output>(
  indicator: Indicator<Input, Output>,
  toInput: (bar: TestBar) => Input,
): (Output | null)[] => outputsOf(indicator, bars.map(toInput));

const close = (bar: TestBar): number => bar.close;
const whole = (bar: TestBar): TestBar => bar;
const highAndClose = (bar: TestBar): Pair => ({ x: bar.high, y: bar.close });

/** What was asked of TA-Lib or pandas, by the names in reference.json; fields in the order that they have there. */
const ASKED: Readonly<Record<string, () => readonly unknown[]>> = {
  sma: () => fed(indicators.sma(10), close),
  ema: () => fed(indicators.ema(10), close),
  wma: () => fed(indicators.wma(10), close),
  rma: () => fed(indicators.rma(10), close),
  dema: () => fed(indicators.dema(10), close),
  tema: () => fed(indicators.tema(10), close),
  hma: () => fed(indicators.hma(16), close),
  kama: () => fed(indicators.kama(), close),
  variance: () => fed(indicators.variance(10), close),
  varianceSample: () => fed(indicators.variance(10, { estimator: 'sample' }), close),
  standardDeviation: () => fed(indicators.standardDeviation(10), close),
  zScore: () => fed(indicators.zScore(10), close),
  rollingMin: () => fed(indicators.rollingMin(10), close),
  rollingMax: () => fed(indicators.rollingMax(10), close),
  rollingSum: () => fed(indicators.rollingSum(10), close),
  median: () => fed(indicators.median(10), close),
  rsi: () => fed(indicators.rsi(), close),
  macd: () => fed(indicators.macd(), close),
  bollingerBands: () => fed(indicators.bollingerBands(), close),
  atr: () => fed(indicators.atr(), whole),
  trueRange: () => fed(indicators.trueRange(), whole),
  adx: () => fed(indicators.adx(), whole),
  stochastic: () =>
    fed(indicators.stochastic(), whole).map((output: Stochastic | null) => output && [output.k, output.d]),
  donchianChannel: () =>
    fed(indicators.donchianChannel(), whole).map(
      (output: Channel | null) => output && [output.upper, output.lower],
    ),
  keltnerChannel: () => fed(indicators.keltnerChannel(), whole),
  cci: () => fed(indicators.cci(), whole),
  williamsR: () => fed(indicators.williamsR(), whole),
  rateOfChange: () => fed(indicators.rateOfChange(), close),
  momentum: () => fed(indicators.momentum(), close),
  obv: () => fed(indicators.obv(), whole),
  mfi: () => fed(indicators.mfi(), whole),
  vwap: () => fed(indicators.vwap(), whole),
  rollingVwap: () => fed(indicators.rollingVwap(10), whole),
  aroon: () => fed(indicators.aroon(), whole),
  parabolicSar: () => fed(indicators.parabolicSar(), whole).map((output) => output && output.sar),
  supertrend: () => fed(indicators.supertrend(), whole),
  linearRegression: () => fed(indicators.linearRegression(20), close),
  correlation: () => fed(indicators.correlation(20), highAndClose),
  covariance: () => fed(indicators.covariance(20, { estimator: 'sample' }), highAndClose),
  hedgeRatio: () => fed(indicators.hedgeRatio(20), highAndClose),
  rollingBeta: () => fed(indicators.rollingBeta(20), highAndClose),
};

describe('figures of TA-Lib 0.8.2 and pandas 3.1.1', () => {
  it('there is one for every question', () => {
    expect(Object.keys(ASKED)).toEqual(Object.keys(reference.values));
  });

  it.each(Object.entries(reference.values))('%s', (name, expected) => {
    const outputs = ASKED[name]!();
    const [firstIndex] = expected[0]!;
    expect(outputs[firstIndex - 1] ?? null).toBeNull();
    for (const [index, value] of expected) {
      const actual = numbersOf(outputs[index]);
      const wanted = [value].flat();
      expect(actual).toHaveLength(wanted.length);
      for (const [field, number] of wanted.entries()) expect(actual[field]).toBeCloseTo(number, 9);
    }
  });
});
