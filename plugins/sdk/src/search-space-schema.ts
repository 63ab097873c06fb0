import type { Dimension } from './search-space-dimension.ts';
import type { Json } from './strategy-effects.ts';

/**
 * Why a schema spans no space; `field` is the path of the parameter, empty for the whole. Its message says what to give
 * the parameter instead.
 * @example
 * ```ts
 * try {
 *   searchSpace(T.Object({ period: T.Integer() }));
 * } catch (error) {
 *   if (error instanceof SearchSpaceError) console.error(error.field, error.message); // 'period', 'period has no range…'
 * }
 * ```
 */
export class SearchSpaceError extends Error {
  readonly code = 'SEARCH_SPACE';
  readonly field: string;

  constructor(field: string, message: string) {
    super(field === '' ? message : `${field} ${message}`);
    this.name = 'SearchSpaceError';
    this.field = field;
  }
}

/** What was read of a schema. */
export interface Fields {
  readonly dimensions: Dimension[];
  readonly fixed: Record<string, Json>;
  /** Of all parameters. */
  readonly paths: Set<string>;
}

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the schema of an object, and those in it. Throws {@link SearchSpaceError}. */
export function fieldsOf(schema: unknown, fixed: Readonly<Record<string, Json>>): Fields {
  const fields: Fields = { dimensions: [], fixed: {}, paths: new Set() };
  if (!isSchema(schema) || schema['type'] !== 'object' || !isSchema(schema['properties'])) {
    throw new SearchSpaceError('', 'a search space is the schema of an object with properties');
  }
  readObject(schema, '', fixed, fields);
  return fields;
}

function readObject(schema: Schema, base: string, fixed: Readonly<Record<string, Json>>, into: Fields): void {
  for (const [name, property] of Object.entries((schema['properties'] ?? {}) as Schema)) {
    const path = base === '' ? name : `${base}.${name}`;
    into.paths.add(path);
    const required = schema['required'];
    const isRequired = Array.isArray(required) && required.includes(name);
    readField(isSchema(property) ? property : {}, path, isRequired, fixed, into);
  }
}

function readField(
  schema: Schema,
  path: string,
  isRequired: boolean,
  fixed: Readonly<Record<string, Json>>,
  into: Fields,
): void {
  if (Object.hasOwn(fixed, path)) {
    into.fixed[path] = fixed[path] ?? null;
    return;
  }
  if (schema['x-search'] === false) {
    keepDefault(schema, path, isRequired, 'is not searched', into);
    return;
  }
  if (schema['type'] === 'object' && isSchema(schema['properties'])) {
    readObject(schema, path, fixed, into);
    return;
  }
  const dimension = choiceOf(schema, path) ?? rangeOf(schema, path);
  if (dimension === null) keepDefault(schema, path, isRequired, missingOf(schema), into);
  else if (dimension.kind === 'choice' && dimension.values.length === 1) {
    into.fixed[path] = dimension.values[0] ?? null;
  } else into.dimensions.push(dimension);
}

const missingOf = (schema: Schema): string =>
  schema['type'] === 'number' || schema['type'] === 'integer'
    ? 'has no range'
    : 'is neither a number in a range nor a choice';

function keepDefault(schema: Schema, path: string, isRequired: boolean, why: string, into: Fields): void {
  if (schema['default'] !== undefined) into.fixed[path] = schema['default'] as Json;
  else if (isRequired) {
    const range = why === 'has no range' ? 'a minimum and a maximum, or ' : '';
    throw new SearchSpaceError(path, `${why}: give it ${range}a default, or fix it at a value`);
  }
}

function choiceOf(schema: Schema, path: string): Dimension | null {
  const { const: literal, enum: listed, type } = schema;
  if (literal !== undefined) return { kind: 'choice', name: path, values: [literal as Json] };
  if (Array.isArray(listed)) return { kind: 'choice', name: path, values: listed as Json[] };
  if (type === 'boolean') return { kind: 'choice', name: path, values: [false, true] };
  const union = schema['anyOf'] ?? schema['oneOf'];
  if (!Array.isArray(union)) return null;
  const values = union.map((member) => choiceOf(isSchema(member) ? member : {}, path));
  if (values.some((member) => member === null)) return null;
  return {
    kind: 'choice',
    name: path,
    values: values.flatMap((member) => (member?.kind === 'choice' ? member.values : [])),
  };
}

const numberIn = (schema: Schema, name: string): number | undefined => {
  const value = schema[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

function rangeOf(schema: Schema, path: string): Dimension | null {
  const isWhole = schema['type'] === 'integer';
  if (!isWhole && schema['type'] !== 'number') return null;
  const step = numberIn(schema, 'multipleOf') ?? (isWhole ? 1 : null);
  const least = boundOf(schema, 'minimum', 'exclusiveMinimum', step, path);
  const most = boundOf(schema, 'maximum', 'exclusiveMaximum', step, path);
  if (least === null || most === null) return null;
  // The first multiple in the range; + 0 makes 0 of -0.
  const low = step === null ? least : Math.ceil(least / step - 1e-9) * step + 0;
  if (low > most) throw new SearchSpaceError(path, 'has no value between its minimum and its maximum');
  const scale = schema['x-scale'] ?? 'linear';
  if (scale !== 'linear' && scale !== 'log') {
    throw new SearchSpaceError(path, `has the x-scale ${JSON.stringify(scale)}: it is linear or log`);
  }
  if (scale === 'log' && low <= 0) {
    throw new SearchSpaceError(path, 'is on a log scale: its minimum has to be above zero');
  }
  return { kind: 'range', name: path, low, high: most, step, scale };
}

function boundOf(
  schema: Schema,
  inclusive: 'minimum' | 'maximum',
  exclusive: 'exclusiveMinimum' | 'exclusiveMaximum',
  step: number | null,
  path: string,
): number | null {
  const bound = numberIn(schema, inclusive);
  const beyond = numberIn(schema, exclusive);
  if (beyond === undefined) return bound ?? null;
  if (step === null) {
    throw new SearchSpaceError(path, `has an ${exclusive} and no steps: give it a ${inclusive}`);
  }
  const isLow = inclusive === 'minimum';
  const inside = isLow ? (Math.floor(beyond / step) + 1) * step : (Math.ceil(beyond / step) - 1) * step;
  if (bound === undefined) return inside;
  return isLow ? Math.max(bound, inside) : Math.min(bound, inside);
}
