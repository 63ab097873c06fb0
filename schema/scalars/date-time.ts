import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Epoch milliseconds inside, text outside. Digits beyond milliseconds are cut off. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description: 'UTC instant, ISO 8601 with milliseconds.',
  serialize(value) {
    const at = value instanceof Date ? value.getTime() : value;
    if (typeof at !== 'number' || !Number.isFinite(at)) throw new TypeError(`No instant: ${String(value)}`);
    return new Date(at).toISOString();
  },
  parseValue: parse,
  parseLiteral(node) {
    if (node.kind !== Kind.STRING) throw refusal();
    return parse(node.value);
  },
});

function parse(value: unknown): number {
  const text = typeof value === 'string' && INSTANT.test(value) ? value : null;
  const at = text === null ? Number.NaN : Date.parse(text);
  if (text === null || Number.isNaN(at) || !isRealDay(text)) throw refusal();
  return at;
}

/** Date.parse takes 30 February for 1 March. */
function isRealDay(text: string): boolean {
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

function refusal(): GraphQLError {
  return new GraphQLError('A DateTime is an instant in ISO 8601, e.g. "2026-01-31T14:30:00.000Z".', {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
