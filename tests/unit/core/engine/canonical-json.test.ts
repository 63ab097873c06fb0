import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';

import { canonicalJson } from '../../../../core/engine/canonical-json.ts';

describe('canonicalJson', () => {
  it('writes what the reference implementation of RFC 8785 writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
    );
  });

  it('gives one text for an object, in whatever order its members were set', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.string(), fc.integer()), { selector: ([key]) => key });
    fc.assert(
      fc.property(entries, fc.infiniteStream(fc.nat()), (list, order) => {
        const shuffled = list.map((entry) => [order.next().value as number, entry] as const);
        shuffled.sort(([a], [b]) => a - b);
        const other = Object.fromEntries(shuffled.map(([, entry]) => entry));
        expect(canonicalJson(other)).toBe(canonicalJson(Object.fromEntries(list)));
      }),
    );
  });

  it('tells objects apart whose number, first and last names are the same', () => {
    expect(canonicalJson({ b: 1, x: 2, a: 3 })).toBe('{"a":3,"b":1,"x":2}');
    expect(canonicalJson({ b: 1, y: 2, a: 3 })).toBe('{"a":3,"b":1,"y":2}');
  });

  it('leaves out what is undefined and keeps lone surrogates', () => {
    expect(canonicalJson({ b: undefined, a: '\ud800' })).toBe('{"a":"\\ud800"}');
    expect(JSON.parse(canonicalJson({ a: '\ud800\u0000' }))).toEqual({ a: '\ud800\u0000' });
  });
});
