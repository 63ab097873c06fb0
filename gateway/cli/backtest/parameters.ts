import type { Json, StrategyDefinition } from '@omniquant/plugin-sdk';

import { UsageError } from '../usage-error.ts';

type Schema = StrategyDefinition['config'];

interface PropertySchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly const?: unknown;
  readonly anyOf?: readonly PropertySchema[];
  readonly enum?: readonly unknown[];
}

/** A parameter of a strategy, for people. */
export interface Parameter {
  readonly name: string;
  /** What it may be, such as "integer 1..500". */
  readonly allowed: string;
  readonly description: string;
  readonly usual: string | undefined;
}

const propertiesOf = (schema: Schema): Readonly<Record<string, PropertySchema>> =>
  (schema['properties'] ?? {}) as Readonly<Record<string, PropertySchema>>;

/** The parameters of a strategy by its schema. */
export const parametersOf = (schema: Schema): readonly Parameter[] =>
  Object.entries(propertiesOf(schema)).map(([name, property]) => ({
    name,
    allowed: allowedBy(property),
    description: property.description ?? '',
    usual: property.default === undefined ? undefined : textOf(property.default),
  }));

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function allowedBy({
  anyOf,
  const: only,
  enum: some,
  maximum,
  minimum,
  type = 'json',
}: PropertySchema): string {
  if (only !== undefined) return textOf(only);
  if (some !== undefined) return some.map(textOf).join('|');
  if (anyOf !== undefined) return anyOf.map(allowedBy).join('|');
  const word = type === 'array' || type === 'object' ? 'json' : type;
  if (minimum === undefined && maximum === undefined) return word;
  return `${word} ${String(minimum ?? '')}..${String(maximum ?? '')}`;
}

/**
 * Values of `--set name=value`, with the types that the schema has; what is none of its type stays a text, for whoever
 * checks parameters to say so. Throws UsageError for what is no assignment.
 */
export function parameterValues(
  assignments: readonly string[],
  schema: Schema | null,
): Readonly<Record<string, Json>> {
  const properties = schema === null ? {} : propertiesOf(schema);
  const values: Record<string, Json> = {};
  for (const assignment of assignments) {
    const [, name, text = ''] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
    if (name === undefined) {
      throw new UsageError(`--set ${assignment} is no parameter: write --set name=value`);
    }
    if (Object.hasOwn(values, name)) throw new UsageError(`--set ${name} is there twice: leave one out`);
    values[name] = valueOf(text, Object.hasOwn(properties, name) ? properties[name] : undefined);
  }
  return values;
}

function valueOf(text: string, property: PropertySchema | undefined): Json {
  const value = parsed(text);
  if (property === undefined) return value ?? text;
  return value !== undefined && typesOf(property).has(typeOf(value)) ? value : text;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** JSON types that a property may have; a text that looks like a number stays one where texts are wanted. */
function typesOf({ anyOf, const: only, enum: some, type }: PropertySchema): ReadonlySet<string> {
  if (type === 'string') return new Set();
  if (type !== undefined) return new Set([type === 'integer' ? 'number' : type]);
  const values = [...(some ?? []), ...(only === undefined ? [] : [only])];
  return new Set([
    ...(anyOf ?? []).flatMap((one) => [...typesOf(one)]),
    ...values.map((one) => typeOf(one as Json)),
  ]);
}

const typeOf = (value: Json): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
