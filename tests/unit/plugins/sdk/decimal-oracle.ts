import fc from 'fast-check';

import type { RoundingMode } from '../../../../plugins/sdk/src/decimal.ts';

/* Decimals worked out by exact fractions and by hand, and the values that the module is held against them with. */

/** The oracle: a fraction, rounded by comparing the exact distances to both neighbours. */
interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const rational = (numerator: bigint, denominator: bigint): Rational =>
  denominator < 0n ? { numerator: -numerator, denominator: -denominator } : { numerator, denominator };

const floorOf = ({ numerator, denominator }: Rational): bigint => {
  let candidate = numerator / denominator;
  while (candidate * denominator > numerator) candidate -= 1n;
  return candidate;
};

export const roundOf = (value: Rational, mode: RoundingMode): bigint => {
  const below = floorOf(value);
  const toBelow = value.numerator - below * value.denominator;
  if (toBelow === 0n) return below;
  const above = below + 1n;
  const toAbove = above * value.denominator - value.numerator;
  const isNegative = value.numerator < 0n;
  if (mode === 'floor') return below;
  if (mode === 'ceil') return above;
  if (mode === 'down') return isNegative ? above : below;
  if (mode === 'up') return isNegative ? below : above;
  if (toBelow === toAbove) return below % 2n === 0n ? below : above;
  return toBelow < toAbove ? below : above;
};

/** Reads a canonical decimal without any code of the module under test. */
export const scaledByHand = (text: string): bigint => {
  const isNegative = text.startsWith('-');
  const [integer = '', fraction = ''] = text.replace('-', '').split('.');
  const magnitude = BigInt(integer) * 10n ** 18n + BigInt(fraction.padEnd(18, '0'));
  return isNegative ? -magnitude : magnitude;
};

export const LIMIT = 10n ** 38n - 1n;
export const SCALE = 10n ** 18n;

/** Values of every size, and many round ones, because ties and fast paths are where mistakes hide. */
export const fixed = fc.oneof(
  fc.bigInt({ min: -LIMIT, max: LIMIT }),
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }), fc.integer({ min: 0, max: 18 }))
    .map(([units, places]) => units * 10n ** BigInt(18 - places)),
  fc.constantFrom(0n, 1n, -1n, SCALE, -SCALE, SCALE / 2n, -SCALE / 2n, 3n * (SCALE / 2n), LIMIT, -LIMIT),
);
export const nonZero = fixed.filter((x) => x !== 0n);
export const positive = nonZero.map((x) => (x < 0n ? -x : x));
export const modes = fc.constantFrom<RoundingMode>('half-even', 'down', 'up', 'floor', 'ceil');
