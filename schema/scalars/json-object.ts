import { GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';

import { badInput } from '../errors/api-error.ts';

const MAX_DEPTH = 16;

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeper(inner, depth - 1));
}

function parse(value: unknown): JsonObject {
  if (!isObject(value)) throw badInput('A JSONObject is an object, e.g. {"key": "value"}.');
  if (isDeeper(value, MAX_DEPTH)) throw badInput(`A JSONObject is at most ${String(MAX_DEPTH)} levels deep.`);
  return value;
}

export const JSONObject = new GraphQLScalarType<JsonObject, JsonObject>({
  name: 'JSONObject',
  description: 'JSON object, with values of any JSON type.',
  serialize(value) {
    if (isObject(value)) return value;
    throw new TypeError(`No JSON object: ${typeof value}`);
  },
  parseValue: parse,
  parseLiteral: (node, variables) =>
    parse(node.kind === Kind.OBJECT ? valueFromASTUntyped(node, variables) : null),
});
