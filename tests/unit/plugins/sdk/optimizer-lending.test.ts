import { describe, expect, it } from '@jest/globals';
import {
  defineOptimizer,
  type Optimizer,
  proportionalWeights,
  T,
  type WeightsAsset,
} from '@omniquant/plugin-sdk';
import { lentOptimizer } from '@omniquant/plugin-sdk/testing';
import fc from 'fast-check';

const lent = (parts: Partial<Optimizer>) =>
  lentOptimizer(
    defineOptimizer({
      ...{ id: 'test', description: 'Test', config: T.Object({}) },
      create: () => ({ bars: 2, weights: () => null, ...parts }),
    }),
  );

const A: WeightsAsset = { symbol: 'A', closes: [1, 2, 3] };
const B: WeightsAsset = { symbol: 'B', closes: [3, 2, 1] };

describe('an optimizer that is lent', () => {
  it('gets exactly the closes that it needs, with what was left out filled in', async () => {
    const seen: unknown[] = [];
    const optimizer = await lent({
      weights({ assets }) {
        seen.push(...assets);
        (assets[0]!.closes as number[]).reverse();
        return null;
      },
    });
    expect(optimizer.weights({ assets: [A, { ...B, current: 0.2, max: 0.5 }] })).toBeNull();
    expect(seen).toMatchObject([
      { symbol: 'A', current: null, min: 0, max: 1 },
      { symbol: 'B', closes: [2, 1], current: 0.2, min: 0, max: 0.5 },
    ]);
    expect(A.closes).toEqual([1, 2, 3]);
    expect(optimizer.weights({ assets: [{ symbol: 'A', closes: [1] }] })).toBeNull();
    expect(seen).toHaveLength(2);
  });

  it.each<[readonly WeightsAsset[], string]>([
    [[], 'there are no assets'],
    [[A, A], 'A is there twice'],
    [[A, { ...B, closes: [1, 2] }], 'B has 2 closes, not 3'],
    [[{ ...A, closes: [1, 0, 3] }], 'no price above zero'],
    [[{ ...A, min: 0.5, max: 0.4 }], 'the bounds of A'],
    [[{ ...A, max: 1.5 }], 'the bounds of A'],
    [[{ ...A, current: NaN }], 'current weight of A'],
  ])('is not asked %j', async (assets, message) => {
    const optimizer = await lent({});
    expect(() => optimizer.weights({ assets })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    [{ A: 0.7, B: 0.4 }, 'sum to 1.1'],
    [{ A: 0.5 }, 'no weight for B'],
    [{ A: 0.5, B: NaN }, 'is NaN'],
    [{ A: 0.5, B: 0.1, C: 0.1 }, 'weighs C'],
    [{ A: -0.1, B: 0.1 }, 'not from 0 to 1'],
    [undefined, 'neither weights nor null'],
  ])('may not answer %j', async (answer, message) => {
    const optimizer = await lent({ weights: () => answer as never });
    expect(() => optimizer.weights({ assets: [A, B] })).toThrow(
      expect.objectContaining({ code: 'BAD_WEIGHTS', message: expect.stringContaining(message) }),
    );
  });
});

describe('proportional weights', () => {
  const asset = fc.record({ share: fc.nat(1000), a: fc.nat(100), b: fc.nat(100) });

  it('are within their bounds, invest all that can be, and are in proportion between the bounds', () => {
    fc.assert(
      fc.property(fc.array(asset, { minLength: 1, maxLength: 8 }), (given) => {
        const assets = given.map(({ a, b }, index) => ({
          symbol: String(index),
          min: Math.min(a, b) / 100 / given.length,
          max: Math.max(a, b) / 100,
        }));
        const shares = given.map(({ share }) => share);
        const weights = Object.values(proportionalWeights(assets, shares));
        const sum = weights.reduce((total, weight) => total + weight, 0);
        const most = assets.reduce((total, { max, min }, at) => total + (shares[at]! > 0 ? max : min), 0);
        expect(sum).toBeCloseTo(Math.min(1, most), 9);
        const factors = weights.flatMap((weight, at) => {
          const { max, min } = assets[at]!;
          expect(weight >= min && weight <= max).toBe(true);
          return weight > min + 1e-9 && weight < max - 1e-9 ? [weight / shares[at]!] : [];
        });
        for (const factor of factors) expect(factor / factors[0]!).toBeCloseTo(1, 6);
      }),
    );
  });
});
