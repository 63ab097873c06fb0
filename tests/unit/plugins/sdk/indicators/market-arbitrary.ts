import fc from 'fast-check';

import type { TestBar } from './series.ts';

/** Bars in cents: wild ones, and quiet ones with many equal prices, empty bars and no volume. */
const barArbitrary = (isQuiet: boolean): fc.Arbitrary<TestBar> => {
  const price = isQuiet ? fc.integer({ min: 10_000, max: 10_002 }) : fc.integer({ min: 1_000, max: 30_000 });
  const reach = fc.integer({ min: 0, max: isQuiet ? 1 : 900 });
  return fc
    .tuple(price, price, reach, reach, fc.integer({ min: 0, max: isQuiet ? 1 : 100_000 }))
    .map(([open, close, above, below, volume]) => ({
      open: open / 100,
      high: (Math.max(open, close) + above) / 100,
      low: (Math.min(open, close) - below) / 100,
      close: close / 100,
      volume,
    }));
};

/** Stretches of wild, quiet and motionless markets. */
export const marketArbitrary = (minLength: number, maxLength: number): fc.Arbitrary<TestBar[]> => {
  const stretch = fc.oneof(
    { weight: 3, arbitrary: fc.array(barArbitrary(false), { minLength: 1, maxLength: 30 }) },
    { weight: 2, arbitrary: fc.array(barArbitrary(true), { minLength: 1, maxLength: 30 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.oneof(barArbitrary(true), barArbitrary(false)), fc.integer({ min: 1, max: 30 }))
        .map(([bar, count]) =>
          Array.from({ length: count }, () => ({ ...bar, open: bar.close, high: bar.close, low: bar.close })),
        ),
    },
  );
  return fc
    .array(stretch, { minLength: Math.max(1, minLength), maxLength: Math.max(4, minLength) })
    .map((stretches) => stretches.flat().slice(0, maxLength));
};
