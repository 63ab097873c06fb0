import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import {
  counted,
  formatDay,
  formatDuration,
  formatFixed,
  formatMoney,
  formatNumber,
  formatPercent,
  formatPrice,
  formatQuantity,
  formatSignedPercent,
  periodOf,
} from '../../../../gateway/reports/format.ts';

const money = (text: string, currency = 'USD'): string => formatMoney(parseDecimal(text), currency);

describe('figures as they are read', () => {
  it.each([
    [0.12345, '12.35%'],
    [-0.5, '\u221250.00%'],
    [12.5, '1,250.00%'],
    [0, '0.00%'],
    [-0, '0.00%'],
    [0.00001234, '0.0012%'],
    [1e-12, '1.0e\u221210%'],
  ])('writes the fraction %d as %s', (value, text) => {
    expect(formatPercent(value)).toBe(text);
  });

  it('signs a change, and what rounds to nothing not', () => {
    expect([formatSignedPercent(0.1), formatSignedPercent(-0.1), formatSignedPercent(0)]).toEqual([
      '+10.00%',
      '\u221210.00%',
      '0.00%',
    ]);
    expect(formatFixed(-0.04, 1)).toBe('0.0');
  });

  it('writes large numbers in groups, and the largest by their exponent', () => {
    expect([formatNumber(1234567.891, 2), formatNumber(1e20, 2)]).toEqual(['1,234,567.89', '1.000e+20']);
  });

  it.each([
    ['1234567.895', 'USD', '1,234,567.90'],
    ['-0.005', 'USD', '0.00'],
    ['-0.015', 'USD', '\u22120.02'],
    ['1234.5', 'JPY', '1,234'],
    ['0.12345678', 'BTC', '0.12345678'],
    ['25000.123456', 'USDT', '25,000.12'],
    ['0', 'BTC', '0'],
  ])('writes %s %s as %s', (amount, currency, text) => {
    expect(money(amount, currency)).toBe(text);
  });

  it('is half a cent away from the amount at most', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (amount) => {
        const shown = parseDecimal(formatMoney(amount, 'USD').replaceAll(',', '').replace('\u2212', '-'));
        const off = shown - amount;
        expect(off < 0n ? -off : off).toBeLessThanOrEqual(5n * 10n ** 15n);
      }),
    );
  });

  it('writes prices with two decimals at least and quantities with none that are zero', () => {
    const written = ['100', '0.00001234', '99.5'].map((text) => formatPrice(parseDecimal(text)));
    expect(written).toEqual(['100.00', '0.00001234', '99.50']);
    expect(formatQuantity(parseDecimal('1500.250'))).toBe('1,500.25');
  });

  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [3_599.9, '1 h'],
    [5_400, '1 h 30 min'],
    [86_400 * 3 + 3_600 * 4, '3 d 4 h'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('writes days, periods and counts', () => {
    expect(formatDay('2024-03-05')).toBe('5 Mar 2024');
    expect([periodOf(null, null), periodOf('2024-03-05', '2024-03-05')]).toEqual([
      'No trading day yet',
      '5 Mar 2024',
    ]);
    expect([counted(1, 'day'), counted(0, 'day'), counted(2_518, 'day')]).toEqual([
      '1 day',
      '0 days',
      '2,518 days',
    ]);
  });
});
