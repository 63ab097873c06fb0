import type { TSchema } from '@sinclair/typebox';

import { type Dimension, pointsOf, valueAt } from './search-space-dimension.ts';
import { type Fields, fieldsOf, SearchSpaceError } from './search-space-schema.ts';
import type { Json } from './strategy-effects.ts';

/**
 * What parameters there are to be searched, and what the others are.
 * @see {@link searchSpace}
 */
export interface SearchSpace {
  /** In the order of the schema. */
  readonly dimensions: readonly Dimension[];
  /** What is not searched: the value of each, by path, e.g. "fees.rate". */
  readonly fixed: Readonly<Record<string, Json>>;
}

/**
 * What is known of a space besides its schema.
 * @example
 * ```ts
 * const schema = T.Object({ period: T.Integer({ minimum: 2, maximum: 200 }), quantity: T.String() });
 * const options: SearchSpaceOptions = { fixed: { quantity: '10' } };
 * sizeOf(searchSpace(schema, options)); // 199
 * ```
 */
export interface SearchSpaceOptions {
  /** Parameters that are not searched, by path, with their values: `{ quantity: '10' }`. */
  readonly fixed?: Readonly<Record<string, Json>>;
}

/**
 * Reads a JSON Schema of an object as a search space.
 *
 * - `T.Integer` and `T.Number` with `minimum` and `maximum` (or the exclusive ones) are ranges, with `multipleOf`
 *   in its steps; `'x-scale': 'log'` searches by orders of magnitude.
 * - `T.Boolean`, `T.Enum` and unions of literals are choices.
 * - Objects in it are searched with their parameters: "fees.rate".
 * - A literal is fixed; so is what has `'x-search': false`, and what has a default and no range or choice, such as a
 *   text. What has neither can only be searched when `options.fixed` says what it is.
 *
 * @throws {@link SearchSpaceError}, naming the field: for one that has neither, a range without a value, a fixed parameter
 * that the schema lacks, and a schema with nothing to search.
 * @example
 * ```ts
 * const space = searchSpace(T.Object({
 *   period: T.Integer({ minimum: 2, maximum: 200 }),
 *   rate: T.Number({ minimum: 1e-4, maximum: 1, 'x-scale': 'log' }),
 *   method: T.Union([T.Literal('sma'), T.Literal('ema')]),
 *   quantity: T.String({ default: '1' }),
 * }));
 * parametersAt(space, [0, 0.5, 0.9]); // { period: 2, rate: 0.01, method: 'ema', quantity: '1' }
 * ```
 */
export function searchSpace(schema: TSchema, { fixed = {} }: SearchSpaceOptions = {}): SearchSpace {
  const fields: Fields = fieldsOf(schema, fixed);
  const stranger = Object.keys(fixed).find((path) => !fields.paths.has(path));
  if (stranger !== undefined) throw new SearchSpaceError(stranger, 'is no parameter of the schema');
  if (fields.dimensions.length === 0) {
    throw new SearchSpaceError('', 'there is nothing to search: give a parameter a range or a choice');
  }
  return Object.freeze({ dimensions: Object.freeze(fields.dimensions), fixed: Object.freeze(fields.fixed) });
}

/**
 * How many points the space has; Infinity with a range that has no steps.
 * @example
 * ```ts
 * sizeOf(searchSpace(T.Object({ fast: T.Integer({ minimum: 1, maximum: 10 }), short: T.Boolean() }))); // 20
 * ```
 */
export function sizeOf({ dimensions }: SearchSpace): number {
  return dimensions.reduce((size, dimension) => size * pointsOf(dimension), 1);
}

/**
 * The parameters at a point of the unit cube, fixed ones included: what a tuner that only knows numbers from 0 to 1
 * gives out.
 * @param point A place from 0 to 1 for each dimension, in their order; 0 for those that are missing.
 * @example
 * ```ts
 * const space = searchSpace(T.Object({ period: T.Integer({ minimum: 1, maximum: 4 }), quantity: T.Literal('1') }));
 * parametersAt(space, [0.99]); // { period: 4, quantity: '1' }
 * ```
 */
export function parametersAt(space: SearchSpace, point: readonly number[]): Readonly<Record<string, Json>> {
  const values = space.dimensions.map(
    (dimension, index) => [dimension.name, valueAt(dimension, point[index] ?? 0)] as const,
  );
  return parametersOf([...values, ...Object.entries(space.fixed)]);
}

/**
 * Parameters by their paths, as the schema has them: "fees.rate" is `{ fees: { rate } }`. For tuners that vary single
 * values, such as those of an earlier candidate.
 * @example
 * ```ts
 * parametersOf([['period', 20], ['fees.rate', 0.001]]); // { period: 20, fees: { rate: 0.001 } }
 * ```
 */
export function parametersOf(values: Iterable<readonly [path: string, value: Json]>): Record<string, Json> {
  const tree = new Map<string, Json>();
  const nested = new Map<string, [string, Json][]>();
  for (const [path, value] of values) {
    const dot = path.indexOf('.');
    if (dot < 0) tree.set(path, value);
    else {
      const inner = [path.slice(dot + 1), value] as [string, Json];
      nested.set(path.slice(0, dot), [...(nested.get(path.slice(0, dot)) ?? []), inner]);
    }
  }
  for (const [name, inner] of nested) tree.set(name, parametersOf(inner));
  return Object.fromEntries(tree);
}
