import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  abs,
  DecimalError,
  decimalPlaces,
  divide,
  formatDecimal,
  fromInteger,
  isMultipleOf,
  isRepresentable,
  max,
  min,
  mulDiv,
  multiply,
  ONE,
  parseDecimal,
  type RoundingMode,
  roundToStep,
  sign,
  toNumber,
  tryParseDecimal,
  ZERO,
} from '../../../../plugins/sdk/src/decimal.ts';
import {
  fixed,
  LIMIT,
  modes,
  nonZero,
  positive,
  rational,
  roundOf,
  SCALE,
  scaledByHand,
} from './decimal-oracle.ts';

describe('parseDecimal', () => {
  it.each([
    ['0', 0n],
    ['-0', 0n],
    ['-0.00', 0n],
    ['1', SCALE],
    ['1.50', 1_500_000_000_000_000_000n],
    ['-167.65', -167_650_000_000_000_000_000n],
    ['0.000000000000000001', 1n],
    ['99999999999999999999.999999999999999999', LIMIT],
    ['-99999999999999999999.999999999999999999', -LIMIT],
  ])('reads %j', (text, expected) => {
    expect(parseDecimal(text)).toBe(expected);
  });

  it.each([
    '',
    '-',
    '.',
    '-.',
    '1.',
    '.5',
    '-.5',
    '1.2.3',
    '1..2',
    '1e3',
    '1E3',
    '0x10',
    ' 1',
    '1 ',
    '+1',
    '--1',
    '1-',
    '01',
    '00',
    '-01.5',
    '1,000',
    '1_000',
    'NaN',
    'Infinity',
    '-Infinity',
    '１',
    '٣',
    '1n',
    '100000000000000000000',
    '0.0000000000000000001',
    '1.0000000000000000000',
  ])('refuses %j', (text) => {
    expect(tryParseDecimal(text)).toBeUndefined();
    expect(() => parseDecimal(text)).toThrow(DecimalError);
  });

  it('refuses what an untyped caller may hand over', () => {
    for (const value of [1, 1n, null, undefined, {}, ['1']]) {
      expect(tryParseDecimal(value as string)).toBeUndefined();
      expect(() => parseDecimal(value as string)).toThrow(DecimalError);
    }
  });

  it('says what it was given and what to give instead, in bounded length', () => {
    expect(() => parseDecimal('1e3')).toThrow(/"1e3" is not a decimal: give a string of digits/);
    const error = (() => {
      try {
        return parseDecimal('9'.repeat(1_000_000));
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(DecimalError);
    expect(error).toMatchObject({ code: 'INVALID_DECIMAL' });
    expect((error as DecimalError).message.length).toBeLessThan(300);
  });

  it('agrees with a reading by hand on every text of the grammar', () => {
    const text = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.stringMatching(/^(0|[1-9][0-9]{0,19})$/),
        fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,18}$/)),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (input) => {
        expect(parseDecimal(input)).toBe(scaledByHand(input));
      }),
      { numRuns: 2_000 },
    );
  });

  it('accepts exactly the grammar', () => {
    const grammar = /^-?(0|[1-9][0-9]{0,19})(\.[0-9]{1,18})?$/;
    const characters = fc.constantFrom('0', '1', '9', '.', '-', '+', 'e', ' ');
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 8 }), (text) => {
        expect(tryParseDecimal(text) !== undefined).toBe(grammar.test(text));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('formatDecimal', () => {
  it.each([
    [0n, '0'],
    [1n, '0.000000000000000001'],
    [-1n, '-0.000000000000000001'],
    [SCALE, '1'],
    [-SCALE / 2n, '-0.5'],
    [100n * SCALE, '100'],
    [10_000_000_000n, '0.00000001'],
    [-10_000_000_000n, '-0.00000001'],
    [LIMIT, '99999999999999999999.999999999999999999'],
    [BigInt(Number.MAX_SAFE_INTEGER) * 10n ** 10n, '90071992.54740991'],
    [(BigInt(Number.MAX_SAFE_INTEGER) + 1n) * 10n ** 10n, '90071992.54740992'],
  ])('writes %s', (x, expected) => {
    expect(formatDecimal(x)).toBe(expected);
  });

  it('writes the canonical text, which reads back as the same value', () => {
    fc.assert(
      fc.property(fixed, (x) => {
        const text = formatDecimal(x);
        expect(text).toMatch(/^(0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)\.[0-9]*[1-9])$/);
        expect(scaledByHand(text)).toBe(x);
        expect(parseDecimal(text)).toBe(x);
      }),
      { numRuns: 5_000 },
    );
  });

  it('writes values that are too large to be read, and isRepresentable tells them apart', () => {
    expect(formatDecimal(LIMIT + 1n)).toBe('100000000000000000000');
    expect(isRepresentable(LIMIT)).toBe(true);
    expect(isRepresentable(-LIMIT)).toBe(true);
    expect(isRepresentable(LIMIT + 1n)).toBe(false);
    expect(isRepresentable(-LIMIT - 1n)).toBe(false);
  });
});

describe('conversions', () => {
  it('turns integers into decimals and refuses what is none', () => {
    expect(fromInteger(-3)).toBe(-3n * SCALE);
    expect(fromInteger(12345678901234567890n)).toBe(12345678901234567890n * SCALE);
    for (const n of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => fromInteger(n)).toThrow(DecimalError);
    }
    expect(ONE).toBe(SCALE);
    expect(ZERO).toBe(0n);
  });

  it('gives the float nearest to the decimal', () => {
    fc.assert(
      fc.property(fixed, (x) => {
        expect(toNumber(x)).toBe(Number(formatDecimal(x)));
      }),
      { numRuns: 5_000 },
    );
  });

  it('counts the digits after the point of the canonical text', () => {
    fc.assert(
      fc.property(fixed, (x) => {
        expect(decimalPlaces(x)).toBe(formatDecimal(x).split('.')[1]?.length ?? 0);
      }),
    );
  });
});

describe('arithmetic', () => {
  it('multiplies with one half-even rounding', () => {
    fc.assert(
      fc.property(fixed, fixed, (a, b) => {
        expect(multiply(a, b)).toBe(roundOf(rational(a * b, SCALE), 'half-even'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('divides with one half-even rounding', () => {
    fc.assert(
      fc.property(fixed, nonZero, (a, b) => {
        expect(divide(a, b)).toBe(roundOf(rational(a * SCALE, b), 'half-even'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps the intermediate of mulDiv exact', () => {
    fc.assert(
      fc.property(fixed, fixed, nonZero, (a, b, c) => {
        expect(mulDiv(a, b, c)).toBe(roundOf(rational(a * b, c), 'half-even'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('rounds ties to the even neighbour on both sides of zero', () => {
    const half = SCALE / 2n;
    expect([1n, 3n, -1n, -3n, 5n, -5n].map((x) => multiply(x, half))).toEqual([0n, 2n, 0n, -2n, 2n, -2n]);
    expect([1n, 3n, -1n, -3n].map((x) => mulDiv(x, 1n, -2n))).toEqual([0n, -2n, 0n, 2n]);
  });

  it('refuses to divide by zero', () => {
    expect(() => divide(ONE, ZERO)).toThrow(DecimalError);
    expect(() => mulDiv(ONE, ONE, ZERO)).toThrow(DecimalError);
  });

  it('orders values', () => {
    fc.assert(
      fc.property(fixed, fixed, (a, b) => {
        expect([min(a, b), max(a, b)]).toEqual(a < b ? [a, b] : [b, a]);
        expect(abs(a)).toBe(a < 0n ? -a : a);
        expect(sign(a)).toBe(a > 0n ? 1 : a < 0n ? -1 : 0);
      }),
    );
  });
});

describe('steps', () => {
  it('rounds to the neighbouring multiple in every mode', () => {
    fc.assert(
      fc.property(fixed, positive, modes, (x, step, mode) => {
        expect(roundToStep(x, step, mode)).toBe(roundOf(rational(x, step), mode) * step);
      }),
      { numRuns: 5_000 },
    );
  });

  it('rounds ticks as a trader expects', () => {
    const round = (x: string, mode: RoundingMode): string =>
      formatDecimal(roundToStep(parseDecimal(x), parseDecimal('0.05'), mode));
    expect(round('10.025', 'half-even')).toBe('10');
    expect(round('10.075', 'half-even')).toBe('10.1');
    expect(round('-10.01', 'down')).toBe('-10');
    expect(round('-10.01', 'up')).toBe('-10.05');
    expect(round('-10.01', 'floor')).toBe('-10.05');
    expect(round('-10.01', 'ceil')).toBe('-10');
  });

  it('tells multiples of a step', () => {
    expect(isMultipleOf(parseDecimal('10.05'), parseDecimal('0.05'))).toBe(true);
    expect(isMultipleOf(parseDecimal('-10.05'), parseDecimal('0.05'))).toBe(true);
    expect(isMultipleOf(parseDecimal('10.06'), parseDecimal('0.05'))).toBe(false);
    expect(isMultipleOf(ZERO, parseDecimal('0.05'))).toBe(true);
  });

  it('refuses a step that is not positive', () => {
    for (const step of [ZERO, -ONE]) {
      expect(() => isMultipleOf(ONE, step)).toThrow(DecimalError);
      expect(() => roundToStep(ONE, step, 'down')).toThrow(/step .* is not positive/);
    }
  });
});
