import { expect, it } from '@jest/globals';

import * as indicators from '../../../../../plugins/sdk/src/indicators.ts';
import { describeRecorded, sharedRows } from '../../../core/market/recorded-data.ts';
import { barOf, outputsOf } from './series.ts';

/** Figures that the tests of Stock.Indicators (github.com/DaveSkender/Stock.Indicators) expect of these quotes. */
describeRecorded('figures of Stock.Indicators (../shared)', () => {
  const quotes = (name: string) => sharedRows(`skender_quotes/${name}.csv`).map((row) => barOf(row.slice(1)));
  const bars = quotes('default');
  const closes = bars.map(({ close }) => close);
  const others = quotes('compare').map(({ close }) => close);

  it('Hull moving average of 20', () => {
    const outputs = outputsOf(indicators.hma(20), closes);
    expect(outputs.filter((output) => output !== null)).toHaveLength(480);
    expect(outputs[149]).toBeCloseTo(236.0835, 4);
    expect(outputs[501]).toBeCloseTo(235.6972, 4);
  });

  it('Kaufman’s adaptive moving average', () => {
    const outputs = outputsOf(indicators.kama(), closes);
    expect(outputs[10]).toBeCloseTo(213.7713, 4);
    expect(outputs[24]).toBeCloseTo(214.7423, 4);
    expect(outputs[149]).toBeCloseTo(235.551, 4);
    expect(outputs[249]).toBeCloseTo(256.0898, 4);
    expect(outputs[501]).toBeCloseTo(240.1138, 4);
  });

  it('smoothed (Wilder’s) moving average of 20', () => {
    const outputs = outputsOf(indicators.rma(20), closes);
    expect(outputs[18]).toBeNull();
    expect(outputs[19]).toBeCloseTo(214.525, 5);
    expect(outputs[20]).toBeCloseTo(214.55125, 5);
    expect(outputs[100]).toBeCloseTo(225.78071, 5);
    expect(outputs[501]).toBeCloseTo(255.67462, 5);
  });

  it('Keltner channel', () => {
    const outputs = outputsOf(indicators.keltnerChannel(), bars);
    expect(outputs[485]!.upper).toBeCloseTo(275.426, 4);
    expect(outputs[485]!.middle).toBeCloseTo(265.4599, 4);
    expect(outputs[485]!.lower).toBeCloseTo(255.4938, 4);
    expect(outputs[501]!.upper).toBeCloseTo(262.1873, 4);
    expect(outputs[501]!.lower).toBeCloseTo(236.5165, 4);
  });

  it('supertrend of 14 and 3, through a turn', () => {
    const outputs = outputsOf(indicators.supertrend({ period: 14, multiplier: 3 }), bars);
    expect(outputs[13]).toBeNull();
    const expected = [
      [14, 210.6157, 'up'],
      [151, 232.852, 'up'],
      [152, 237.6436, 'down'],
      [249, 253.8008, 'up'],
      [501, 250.7954, 'down'],
    ] as const;
    for (const [at, line, trend] of expected) {
      expect(outputs[at]!.line).toBeCloseTo(line, 4);
      expect(outputs[at]!.trend).toBe(trend);
    }
  });

  it('supertrend of bitcoin', () => {
    const outputs = outputsOf(indicators.supertrend(), quotes('bitcoin'));
    expect(outputs[1208]!.line).toBeCloseTo(16_242.2704, 4);
    expect(outputs[1208]!.trend).toBe('up');
  });

  it('slope of 20', () => {
    const outputs = outputsOf(indicators.linearRegression(20), closes);
    expect(outputs[249]!.slope).toBeCloseTo(0.312406, 6);
    expect(outputs[249]!.r2).toBeCloseTo(0.8056, 4);
    expect(outputs[482]!.slope).toBeCloseTo(-0.337015, 6);
    expect(outputs[482]!.r2).toBeCloseTo(0.173, 4);
    // Theirs is the line at place 0 of the whole series.
    expect(outputs[249]!.intercept - outputs[249]!.slope * 231).toBeCloseTo(180.4164, 4);
  });

  it('volume-weighted price of a day, and of the last 10 bars', () => {
    const session = outputsOf(indicators.vwap(), quotes('intraday').slice(0, 391));
    expect(session[0]).toBeCloseTo(367.48, 4);
    expect(session[1]).toBeCloseTo(367.4223, 4);
    expect(session[369]).toBeCloseTo(367.9494, 4);
    expect(session[390]).toBeCloseTo(368.1804, 4);
    const trades = bars.map(({ close, volume }) => ({ price: close, size: volume }));
    const rolling = outputsOf(indicators.rollingVwap(10), trades);
    expect(rolling[9]).toBeCloseTo(213.981942, 6);
    expect(rolling[249]).toBeCloseTo(257.053654, 6);
    expect(rolling[501]).toBeCloseTo(242.101548, 6);
  });

  it('correlation and beta of two series', () => {
    const pairs = closes.map((x, index) => ({ x, y: others[index]! }));
    const r = outputsOf(indicators.correlation(20), pairs);
    expect(r[18]).toBeNull();
    expect(r[19]).toBeCloseTo(0.6933, 4);
    expect(r[257]).toBeCloseTo(-0.1347, 4);
    expect(r[501]).toBeCloseTo(0.846, 4);
    expect(outputsOf(indicators.rollingBeta(20), pairs)[501]).toBeCloseTo(1.5123, 4);
  });
});
