import {
  type Dimension,
  type Json,
  type SearchSpace,
  searchSpace,
  SearchSpaceError,
  type StrategyDefinition,
  type TSchema,
} from '@omniquant/plugin-sdk';

import { badSetting } from '../backtests/bad-setting.ts';
import { checkConfig } from '../plugins/config-check.ts';
import { nearestHint } from '../services/nearest-text.ts';
import { searchedDimension } from './searched-dimension.ts';
import type { SearchedValues } from './sweep-request.ts';

type Given = { readonly [key: string]: Json | undefined };

/**
 * The parameters of a strategy that are searched, and the values of the others.
 * @param config Those that are given; they are not searched.
 * @param space What is searched, by path; null for all that the schema gives a range or a choice.
 * @throws BacktestError BAD_USER_INPUT whose `field` is a path in a SweepRequest.
 */
export function sweepSpace(
  strategy: Pick<StrategyDefinition, 'id' | 'config'>,
  config: Given,
  space: { readonly [path: string]: SearchedValues } | null,
): SearchSpace {
  const schema = strategy.config;
  if (space === null) return schemaSpace(schema, config);
  const known = leavesOf(schema);
  const dimensions: Dimension[] = [];
  const fixed: Record<string, Json> = {};
  for (const [path, values] of Object.entries(space)) {
    const leaf = known.get(path);
    if (leaf === undefined) {
      const hint = nearestHint(path, [...known.keys()]);
      const all = hint === '' ? `: it has ${[...known.keys()].join(', ') || 'none'}` : hint;
      throw badSetting(`space.${path}`, `is no parameter of ${strategy.id}${all}`);
    }
    if (valueAtPath(config, path) !== undefined) {
      throw badSetting(`space.${path}`, 'is searched and has a value in config: leave one of the two out');
    }
    const dimension = searchedDimension(path, leaf, values);
    if (dimension.kind === 'choice' && dimension.values.length === 1) {
      fixed[path] = dimension.values[0] ?? null;
    } else dimensions.push(dimension);
  }
  if (dimensions.length === 0) {
    throw badSetting('space', 'has one value only for each parameter: there is nothing to search');
  }
  return { dimensions, fixed: { ...fixed, ...othersOf(schema, config, space) } };
}

/** What the schema itself says. */
function schemaSpace(schema: TSchema, config: Given): SearchSpace {
  const known = leavesOf(schema);
  const given = [...known.keys()].flatMap((path) => {
    const value = valueAtPath(config, path);
    return value === undefined ? [] : [[path, value] as const];
  });
  requireKnown(schema, config);
  try {
    return searchSpace(schema, { fixed: Object.fromEntries(given) });
  } catch (error) {
    if (!(error instanceof SearchSpaceError)) throw error;
    throw badSetting('space', `cannot be read from the strategy's parameters: ${error.message}`);
  }
}

/** Throws for parameters in `config` that are wrong. What is missing may be searched. */
function requireKnown(schema: TSchema, config: Given): void {
  const { problems } = checkConfig(schema, config);
  const problem = problems.find(({ path }) => valueAtPath(config, path) !== undefined);
  if (problem !== undefined) throw badSetting(`backtest.config.${problem.path}`, problem.message);
}

/** All parameters that are not searched, with their defaults. */
function othersOf(
  schema: TSchema,
  config: Given,
  space: { readonly [path: string]: SearchedValues },
): Readonly<Record<string, Json>> {
  const { problems, value } = checkConfig(schema, config);
  const problem = problems.find(({ path }) => !Object.hasOwn(space, path));
  if (problem !== undefined) throw badSetting(`backtest.config.${problem.path}`, problem.message);
  const others = [...leavesOf(schema).keys()].flatMap((path) => {
    const found = Object.hasOwn(space, path) ? undefined : valueAtPath(value as Given, path);
    return found === undefined ? [] : [[path, found] as const];
  });
  return Object.fromEntries(others);
}

/** Parameters by path; those of objects in it are parameters of their own. */
function leavesOf(schema: TSchema, base = ''): ReadonlyMap<string, TSchema> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, TSchema>>;
  return new Map(
    Object.entries(properties).flatMap(([name, property]) => {
      const path = base === '' ? name : `${base}.${name}`;
      const isObject = property['type'] === 'object' && property['properties'] !== undefined;
      return isObject ? [...leavesOf(property, path)] : [[path, property] as const];
    }),
  );
}

function valueAtPath(value: Given, path: string): Json | undefined {
  let found: Json | undefined = value;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
    found = (found as Given)[name];
  }
  return found;
}
