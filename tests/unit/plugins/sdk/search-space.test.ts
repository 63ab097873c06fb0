import { describe, expect, it } from '@jest/globals';
import {
  parametersAt,
  searchSpace,
  SearchSpaceError,
  sizeOf,
  T,
  type TSchema,
  valueAt,
} from '@omniquant/plugin-sdk';
import { rebalance } from '@omniquant/strategy-rebalance';
import { smaCross } from '@omniquant/strategy-sma-cross';
import { Ajv } from 'ajv';
import fc from 'fast-check';

const schema = T.Object({
  period: T.Integer({ minimum: 2, maximum: 200 }),
  even: T.Integer({ exclusiveMinimum: 2, exclusiveMaximum: 10, multipleOf: 2 }),
  rate: T.Number({ minimum: 1e-4, maximum: 1, 'x-scale': 'log' }),
  lots: T.Integer({ minimum: 1, maximum: 1000, 'x-scale': 'log' }),
  share: T.Number({ minimum: 0, maximum: 0.3, multipleOf: 0.1 }),
  method: T.Union([T.Literal('sma'), T.Literal('ema')]),
  short: T.Boolean(),
  quantity: T.String({ default: '1' }),
  seed: T.Integer({ minimum: 0, maximum: 9, default: 3, 'x-search': false }),
  fees: T.Object({ rate: T.Number({ minimum: 0, maximum: 1 }) }),
  note: T.Optional(T.String()),
});

describe('a search space', () => {
  const space = searchSpace(schema);

  it('has a dimension for each range and choice, and the defaults of the rest', () => {
    expect(space.fixed).toEqual({ quantity: '1', seed: 3 });
    expect(space.dimensions).toEqual([
      { kind: 'range', name: 'period', low: 2, high: 200, step: 1, scale: 'linear' },
      { kind: 'range', name: 'even', low: 4, high: 8, step: 2, scale: 'linear' },
      { kind: 'range', name: 'rate', low: 1e-4, high: 1, step: null, scale: 'log' },
      { kind: 'range', name: 'lots', low: 1, high: 1000, step: 1, scale: 'log' },
      { kind: 'range', name: 'share', low: 0, high: 0.3, step: 0.1, scale: 'linear' },
      { kind: 'choice', name: 'method', values: ['sma', 'ema'] },
      { kind: 'choice', name: 'short', values: [false, true] },
      { kind: 'range', name: 'fees.rate', low: 0, high: 1, step: null, scale: 'linear' },
    ]);
  });

  it('gives parameters that its schema takes, at any point', () => {
    const validate = new Ajv({ strict: false, multipleOfPrecision: 9 }).compile(schema);
    const point = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(point, (places) => {
        expect([validate(parametersAt(space, places)), validate.errors]).toEqual([true, null]);
      }),
    );
  });

  it('reaches both ends, and searches a log scale by orders of magnitude', () => {
    const first = space.dimensions.map((dimension) => valueAt(dimension, 0));
    const last = space.dimensions.map((dimension) => valueAt(dimension, 1));
    expect(first).toEqual([2, 4, 1e-4, 1, 0, 'sma', false, 0]);
    expect(last).toEqual([200, 8, 1, 1000, 0.3, 'ema', true, 1]);
    expect(valueAt(space.dimensions[2]!, 0.5)).toBe(0.01);
    const rate = space.dimensions[7]!;
    expect(parametersAt(searchSpace(T.Object({ fees: schema.properties.fees })), [0.25])).toEqual({
      fees: { rate: valueAt(rate, 0.25) },
    });
  });

  it('says how many points it has', () => {
    expect(sizeOf(space)).toBe(Infinity);
    const { even, method, share, short } = schema.properties;
    expect(sizeOf(searchSpace(T.Object({ even, method, share, short })))).toBe(3 * 2 * 4 * 2);
  });

  it('fixes what it is told to, and nothing that there is not', () => {
    const some = searchSpace(schema, { fixed: { period: 7, 'fees.rate': 0.1 } });
    expect(some.dimensions.map(({ name }) => name)).not.toContain('period');
    expect(parametersAt(some, [])).toMatchObject({ period: 7, fees: { rate: 0.1 } });
    expect(() => searchSpace(schema, { fixed: { perod: 7 } })).toThrow('perod is no parameter of the schema');
  });

  it.each<[TSchema, string, string]>([
    [T.String(), '', 'schema of an object'],
    [T.Object({ name: T.String({ default: 'a' }) }), '', 'nothing to search'],
    [T.Object({ a: T.Integer({ minimum: 1 }) }), 'a', 'has no range: give it a minimum and a maximum'],
    [T.Object({ b: T.Object({ c: T.String() }) }), 'b.c', 'neither a number in a range nor a choice'],
    [T.Object({ d: T.Number({ minimum: 2, maximum: 1 }) }), 'd', 'no value between'],
    [T.Object({ e: T.Number({ minimum: 0, maximum: 1, 'x-scale': 'log' }) }), 'e', 'above zero'],
    [T.Object({ f: T.Number({ minimum: 0, maximum: 1, 'x-scale': 'cube' }) }), 'f', 'linear or log'],
    [T.Object({ g: T.Number({ exclusiveMinimum: 0, maximum: 1 }) }), 'g', 'give it a minimum'],
    [
      T.Object({ h: T.Integer({ minimum: 1, 'x-search': false }) }),
      'h',
      'is not searched: give it a default',
    ],
  ])('refuses %j, naming the field', (bad, field, message) => {
    let error: unknown;
    try {
      searchSpace(bad);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(SearchSpaceError);
    expect(error).toMatchObject({ field, message: expect.stringContaining(message) });
  });

  it('is spanned by the configs of our own strategies', () => {
    const names = (config: TSchema) => searchSpace(config).dimensions.map(({ name }) => name);
    expect(names(smaCross.config)).toEqual(expect.arrayContaining(['fast', 'slow']));
    expect(names(rebalance.config)).toEqual(expect.arrayContaining(['everyBars', 'driftBand']));
  });
});
