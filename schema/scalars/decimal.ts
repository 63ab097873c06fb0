import { formatDecimal, tryParseDecimal } from '@omniquant/plugin-sdk/decimal';
import { GraphQLScalarType, Kind } from 'graphql';

import { badInput } from '../errors/api-error.ts';

const CANONICAL = /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/;

function parse(value: unknown): string {
  const parsed = typeof value === 'string' ? tryParseDecimal(value) : undefined;
  if (parsed !== undefined) return formatDecimal(parsed);
  throw badInput(
    'A Decimal is a string of digits with an optional minus and point, e.g. "-12.5": at most 20 digits before ' +
      'the point and 18 after it, no exponent; a number literal is refused.',
  );
}

/** Canonical text on both sides; what is still a `Fixed` inside is written out here. */
export const Decimal = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description:
    'Exact decimal number as a string, e.g. "0.000000001"; a number literal is refused. At most 38 digits, 18 after the point; output is canonical (no exponent, no trailing zeros).',
  serialize(value) {
    if (typeof value === 'bigint') return formatDecimal(value);
    if (typeof value === 'string' && CANONICAL.test(value)) return value;
    throw new TypeError(`No canonical decimal: ${String(value)}`);
  },
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
});
