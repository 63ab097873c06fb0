import { describe, expect, it } from '@jest/globals';
import { atTick, wholeLots } from '@omniquant/plugin-sdk';
import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

describe('sizes in whole lots', () => {
  it.each([
    [12.9, '1', '12'],
    [-12.9, '1', '-12'],
    [0.1 + 0.2, '0.1', '0.3'],
    [0.999999, '1', '0'],
    [1e15, '0.001', '1000000000000000'],
    [123_456_789.12, '0.01', '123456789.12'],
    [7, '5', '5'],
  ])('%d in lots of %s is %s', (units, lotSize, expected) => {
    expect(formatDecimal(wholeLots(units, { lotSize }))).toBe(expected);
  });

  it('rounds exact quantities as well', () => {
    expect(formatDecimal(wholeLots(parseDecimal('0.123456'), { lotSize: '0.001' }))).toBe('0.123');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e20])('refuses %d', (units) => {
    expect(() => wholeLots(units, { lotSize: '1' })).toThrow('is no size or price');
  });

  it('is never more than what was asked for, nor a lot less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 1, max: 1e4 }), (units, lot) => {
        const rounded = Number(formatDecimal(wholeLots(units / 1e3, { lotSize: String(lot / 1e3) })));
        expect(rounded).toBeLessThanOrEqual(units / 1e3);
        expect(units / 1e3 - rounded).toBeLessThan(lot / 1e3 + 1e-6);
      }),
    );
  });
});

describe('prices at a tick', () => {
  it.each([
    [100.001, '0.01', 'floor', '100'],
    [100.001, '0.01', 'ceil', '100.01'],
    [1.1 * 3, '0.1', 'ceil', '3.3'],
    [99.875, '0.25', 'half-even', '100'],
  ] as const)('%d at %s by %s is %s', (price, tickSize, mode, expected) => {
    expect(atTick(price, { tickSize }, mode)).toBe(expected);
  });
});
