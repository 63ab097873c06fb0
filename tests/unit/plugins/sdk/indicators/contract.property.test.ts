import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import * as indicators from '../../../../../plugins/sdk/src/indicators.ts';
import { CASES } from './cases.ts';
import { marketArbitrary } from './market-arbitrary.ts';
import { numbersOf, outputsOf, type TestBar } from './series.ts';

const periods = fc.integer({ min: 2, max: 12 });
const fromJson = (value: unknown): never => JSON.parse(JSON.stringify(value)) as never;

/** Within 1e-9, relative above 1; nulls are equal exactly. */
const expectClose = (actual: readonly (number | null)[], expected: readonly (number | null)[]): void => {
  expect(actual).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) {
    const output = actual[index] ?? null;
    if (value === null || output === null) expect(output).toBe(value);
    else if (Math.abs(output - value) > 1e-9 * Math.max(1, Math.abs(value))) expect(output).toBe(value);
  }
};

it('every indicator of the package is in the table', () => {
  const { IndicatorError: _error, typicalPrice: _price, ...factories } = indicators;
  expect(CASES.map(({ name }) => name).sort()).toEqual(Object.keys(factories).sort());
});

describe.each(CASES.map((each) => [each.name, each] as const))('%s', (_name, { make, define }) => {
  it('agrees with its definition at every input, and is ready when it says', () => {
    fc.assert(
      fc.property(marketArbitrary(1, 45), periods, (bars, n) => {
        const indicator = make(n);
        for (const [index, bar] of bars.entries()) {
          const output = indicator.update(bar);
          expect(indicator.value).toBe(output);
          expect(indicator.isReady).toBe(index + 1 >= indicator.warmup);
          if (!indicator.isReady) expect(output).toBeNull();
          const expected = define(bars.slice(0, index + 1), n);
          expectClose(
            numbersOf(output),
            typeof expected === 'object' && expected !== null ? expected : [expected],
          );
        }
      }),
      { numRuns: 20 },
    );
  });

  it('goes on from a snapshot, at any point, as if nothing had been', () => {
    fc.assert(
      fc.property(marketArbitrary(1, 90), periods, fc.nat({ max: 90 }), (bars, n, cut) => {
        const [before, after] = [bars.slice(0, cut), bars.slice(cut)];
        const whole = make(n);
        outputsOf(whole, before);
        const snapshot = fromJson(whole.snapshot());
        const resumed = make(n);
        // What it was fed before may not matter.
        outputsOf(resumed, after);
        resumed.restore(snapshot);
        expect(resumed.snapshot()).toEqual(snapshot);
        expect(resumed.value).toStrictEqual(whole.value);
        expect(resumed.isReady).toBe(whole.isReady);
        expect(outputsOf(resumed, after)).toStrictEqual(outputsOf(whole, after));
      }),
      { numRuns: 20 },
    );
  });

  it('is as new after a reset', () => {
    fc.assert(
      fc.property(marketArbitrary(1, 60), periods, (bars, n) => {
        const used = make(n);
        const outputs = outputsOf(used, bars);
        used.reset();
        expect(used.value).toBeNull();
        expect(used.isReady).toBe(false);
        expect(used.snapshot()).toEqual(make(n).snapshot());
        expect(outputsOf(used, bars)).toStrictEqual(outputs);
      }),
      { numRuns: 15 },
    );
  });

  it('refuses what is not finite, and is none the worse for it', () => {
    const bars = fc.sample(marketArbitrary(60, 60), { numRuns: 1, seed: 7 })[0]!;
    const [before, after] = [bars.slice(0, 40), bars.slice(40)];
    const indicator = make(5);
    const undisturbed = make(5);
    outputsOf(indicator, before);
    outputsOf(undisturbed, before);
    for (const bad of [NaN, Infinity, -Infinity, 1e61, '1' as never, undefined as never]) {
      const bar: TestBar = { open: bad, high: bad, low: bad, close: bad, volume: bad };
      expect(() => indicator.update(bar)).toThrow(indicators.IndicatorError);
    }
    expect(indicator.snapshot()).toEqual(undisturbed.snapshot());
    expect(indicator.value).toStrictEqual(undisturbed.value);
    expect(outputsOf(indicator, after)).toStrictEqual(outputsOf(undisturbed, after));
  });

  it('refuses a snapshot that is not its own, and is then as new', () => {
    const bars = fc.sample(marketArbitrary(60, 60), { numRuns: 1, seed: 7 })[0]!;
    const indicator = make(5);
    const fresh = indicator.snapshot();
    outputsOf(indicator, bars);
    const { state, indicator: name } = fromJson(indicator.snapshot()) as {
      state: number[];
      indicator: string;
    };
    const strangers = [
      null,
      7,
      'sma(5)',
      [],
      {},
      { indicator: name },
      { indicator: `${name}!`, state },
      { indicator: name, state: state.slice(1) },
      { indicator: name, state: [...state, 0] },
      { indicator: name, state: state.map(() => null) },
      { indicator: name, state: [1e9, ...state.slice(1)] },
    ];
    for (const stranger of strangers) {
      outputsOf(indicator, bars);
      expect(() => indicator.restore(stranger)).toThrow(
        expect.objectContaining({ code: 'INVALID_INDICATOR', parameter: 'snapshot' }),
      );
      expect(indicator.snapshot()).toEqual(fresh);
      expect(indicator.value).toBeNull();
    }
  });
});
