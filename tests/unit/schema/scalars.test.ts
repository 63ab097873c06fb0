import { describe, expect, it } from '@jest/globals';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';
import { buildSchema, graphqlSync, parseValue, valueFromAST } from 'graphql';

import { Decimal } from '../../../schema/scalars/decimal.ts';
import { JSONObject } from '../../../schema/scalars/json-object.ts';

const code = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { extensions?: { code?: unknown } }).extensions?.code;
  }
};

describe('Decimal', () => {
  it.each([
    ['1.50', '1.5'],
    ['-0', '0'],
    ['0.000000000000000001', '0.000000000000000001'],
    ['99999999999999999999.999999999999999999', '99999999999999999999.999999999999999999'],
  ])('reads %s as %s', (given, canonical) => {
    expect(Decimal.parseValue(given)).toBe(canonical);
    expect(Decimal.parseLiteral(parseValue(JSON.stringify(given)))).toBe(canonical);
  });

  it.each([
    1,
    1.5,
    0,
    null,
    true,
    {},
    ['1'],
    10n,
    '',
    ' 1',
    '1e3',
    '+1',
    '.5',
    '1.',
    '01',
    'NaN',
    'Infinity',
    '0x10',
    '1,5',
    '١',
    '100000000000000000000',
    '0.0000000000000000001',
  ])('refuses %p as bad input', (given) => {
    expect(code(() => Decimal.parseValue(given))).toBe('BAD_USER_INPUT');
  });

  it.each(['1', '1.5', 'true', 'null', 'X', '{ a: 1 }', '["1"]'])('refuses the literal %s', (literal) => {
    expect(code(() => Decimal.parseLiteral(parseValue(literal)))).toBe('BAD_USER_INPUT');
  });

  it('writes canonically, and what it wrote it reads as the same', () => {
    const all = fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n });
    fc.assert(
      fc.property(all, (value) => {
        const text = Decimal.serialize(value);
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
        expect(Decimal.serialize(text)).toBe(text);
        expect(Decimal.parseValue(text)).toBe(text);
        expect(text).toBe(formatDecimal(value));
      }),
    );
  });

  it.each([1, 1.5, '1.50', '1e3', null, {}])('never writes %p', (value) => {
    expect(() => Decimal.serialize(value)).toThrow(TypeError);
  });
});

describe('JSONObject', () => {
  it('takes objects of any JSON, as literals with variables in them', () => {
    const value = { a: [1, 'x', null, { b: true }] };
    expect(JSONObject.parseValue(value)).toEqual(value);
    const literal = parseValue('{ a: [1, "x", null, { b: $b }] }');
    expect(JSON.parse(JSON.stringify(valueFromAST(literal, JSONObject, { b: true })))).toEqual(value);
    expect(JSONObject.serialize(value)).toBe(value);
  });

  it.each([null, 1, 'x', true, [], [{}]])('refuses %p', (value) => {
    expect(code(() => JSONObject.parseValue(value))).toBe('BAD_USER_INPUT');
    expect(() => JSONObject.serialize(value)).toThrow(TypeError);
  });

  it('refuses what is too deep, without falling over it', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
    expect(JSONObject.parseValue(nested(16))).toBeDefined();
    expect(code(() => JSONObject.parseValue(nested(17)))).toBe('BAD_USER_INPUT');
    expect(code(() => JSONObject.parseValue(nested(3_000)))).toBe('BAD_USER_INPUT');
  });

  it('does not touch prototypes', () => {
    const parsed = JSONObject.parseValue(JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(Object.keys(parsed)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

it('keeps its code through the coercion of variables', () => {
  const schema = buildSchema('scalar Decimal type Query { f(x: Decimal): Boolean }');
  Object.assign(schema.getType('Decimal')!, { parseValue: Decimal.parseValue });
  const { errors } = graphqlSync({
    schema,
    source: 'query($x: Decimal) { f(x: $x) }',
    variableValues: { x: 1 },
  });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
});
