import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  execute,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  validate,
} from 'graphql';

import { isCompilable } from '../../../../gateway/server/graphql/compilable.ts';
import { createCompiledExecutor } from '../../../../gateway/server/graphql/compiled-executor.ts';
import { prepareSchema } from '../../../../gateway/server/graphql/prepare-schema.ts';
import { documents } from '../../../support/server/generated-documents.ts';
import { createTestSchema } from '../../../support/server/test-schema.ts';

type Variables = Record<string, unknown>;

interface Shown {
  readonly data?: unknown;
  readonly errors?: readonly string[];
}

const schema = createTestSchema();
const faults: unknown[] = [];
prepareSchema(schema, (error) => faults.push(error));

/** Said by the executors themselves of values that resolvers must not give; clients see INTERNAL. */
const FAULT = /^(Expected Iterable|Abstract type|Runtime Object type).*/;

/** As JSON, errors in an order of their own: which of several fields fails first is nobody's promise. */
function shown(result: ExecutionResult): Shown {
  const { errors: found, ...rest } = JSON.parse(JSON.stringify(result)) as {
    data?: unknown;
    errors?: { message: string }[];
  };
  const errors = found
    ?.map((error) =>
      JSON.stringify({ ...error, message: error.message.replace(FAULT, 'a fault of a resolver') }),
    )
    .sort();
  return { ...rest, ...(errors === undefined ? {} : { errors }) };
}

/**
 * Messages and paths of the errors whose field is still in the data. Of several that make one parent null
 * the specification leaves open which are told; and a field that is asked for twice has two locations.
 */
function certain({ data, errors = [] }: Shown): Set<string> {
  const isGone = (path: readonly (string | number)[]): boolean => {
    let value = data;
    for (const key of path) {
      if (value === null) return true;
      value = (value as Record<string | number, unknown>)[key];
    }
    return false;
  };
  const parsed = errors.map((error) => JSON.parse(error) as { message: string; path: (string | number)[] });
  return new Set(
    parsed.filter(({ path }) => !isGone(path)).map(({ message, path }) => `${path.join('.')}: ${message}`),
  );
}

/** By graphql-js, and by our executor the third time, when the document is compiled. */
async function both(
  text: string,
  variables: Variables = {},
  operationName: string | null = null,
  of: GraphQLSchema = schema,
): Promise<[Shown, Shown]> {
  const document = parse(text);
  const errors = validate(of, document, specifiedRules);
  if (errors.length > 0) throw new Error(`the test's document is not valid: ${errors[0]?.message ?? ''}`);
  const stock = await execute({
    schema: of,
    document,
    variableValues: variables,
    operationName,
    contextValue: {},
  });
  const executor = createCompiledExecutor(of);
  const run = () => executor({ document, key: text, operationName, variables, context: {} });
  await run();
  await run();
  return [shown(stock), shown(await run())];
}

describe('compiled operations', () => {
  it.each([
    ['fields, aliases and arguments', '{ a: echo(text: "x") b: echo(text: "y") item(id: "1") { id name } }'],
    ['lists in lists', '{ items { id tags parts { id parts { id } } } }'],
    [
      'fragments',
      'fragment F on Item { id ...G } fragment G on Item { name } { item(id: "1") { ...F ... on Item { tags } } }',
    ],
    [
      'unions and interfaces',
      '{ found { __typename ... on Item { id name } ... on Fault { code } } nodes { __typename id } }',
    ],
    ['enums and custom scalars', '{ item(id: "1") { colour instant price } }'],
    ['a resolver that throws', '{ item(id: "1") { id failing } }'],
    ['a resolver that rejects', '{ item(id: "1") { id rejecting } }'],
    ['null where none may be', '{ item(id: "1") { id required } }'],
    ['null where none may be, in a list', '{ items { id required } }'],
    ['null where none may be, at the root', '{ requiredRoot }'],
    ['a synchronous throw where null may not be', '{ item(id: "1") { requiredFailing } }'],
    ['an error with a code', '{ coded }'],
    ['a value that its type cannot show', '{ item(id: "1") { unserializable wrongEnum } }'],
    ['a list that is none', '{ item(id: "1") { noList } }'],
    ['an error instead of a value', '{ item(id: "1") { errorValue errorTags } }'],
    ['a type that cannot be told', '{ unknownMember { __typename } }'],
    ['a type that throws when told', '{ throwingMember { __typename } }'],
    ['promises in lists', '{ promised { id } }'],
    [
      'mutations, one after the other',
      'mutation { a: step(n: 1) b: step(n: 2) c: failingStep d: step(n: 3) }',
    ],
    ['defaults of arguments', '{ page }'],
    [
      'introspection',
      '{ __schema { queryType { name } } __type(name: "Item") { fields { name type { name kind } } } }',
    ],
    ['an alias that is a prototype', '{ __proto__: echo(text: "x") constructor: echo(text: "y") }'],
  ])('%s', async (_what, text) => {
    const [stock, compiled] = await both(text);
    expect(compiled).toEqual(stock);
  });

  it.each<[string, string, Variables]>([
    [
      'input objects',
      'query($f: Filter!) { search(filter: $f) }',
      { f: { colour: 'RED', price: '1.50', ids: ['a', 'b'] } },
    ],
    ['defaults of input fields', 'query($f: Filter!) { search(filter: $f) }', { f: { price: '2' } }],
    [
      'a single value for a list',
      'query($f: Filter!) { search(filter: $f) }',
      { f: { price: '2', ids: 'a' } },
    ],
    [
      'variables in literals',
      'query($c: Colour, $p: Money!) { search(filter: { colour: $c, price: $p }) }',
      { p: '3' },
    ],
    ['defaults of variables', 'query($n: Int = 7) { page(first: $n) }', {}],
    ['null for a default', 'query($n: Int = 7) { page(first: $n) }', { n: null }],
    ['a variable left out', 'query($n: Int) { page(first: $n) }', {}],
    [
      '@skip and @include',
      'query($y: Boolean!, $n: Boolean!) { a: page @skip(if: $y) b: page @skip(if: $n) c: page @include(if: $y) ... @include(if: $n) { d: page } }',
      { y: true, n: false },
    ],
    ['null for a required argument', 'query($t: String = "x") { echo(text: $t) }', { t: null }],
  ])('%s by variables', async (_what, text, variables) => {
    const [stock, compiled] = await both(text, variables);
    expect(compiled).toEqual(stock);
  });

  it.each<[string, Variables]>([
    ['a wrong custom scalar', { f: { price: 5 } }],
    ['an unknown enum value', { f: { price: '1', colour: 'MAUVE' } }],
    ['an unknown field', { f: { price: '1', size: 1 } }],
    ['a missing field', { f: {} }],
    ['nothing at all', {}],
    ['null', { f: null }],
  ])('refuse %s before anything is executed', async (_what, variables) => {
    const [stock, compiled] = await both('query($f: Filter!) { search(filter: $f) }', variables);
    expect(stock).not.toHaveProperty('data');
    expect(compiled).not.toHaveProperty('data');
    expect(compiled).toHaveProperty('errors');
  });

  it('of a document with several take the one that is named, and none otherwise', async () => {
    const text = 'query A { page } query B { echo(text: "b") }';
    for (const name of ['A', 'B', 'C', null]) {
      const [stock, compiled] = await both(text, {}, name);
      expect(compiled).toEqual(stock);
    }
  });

  it('do the same as graphql-js, whatever the document', async () => {
    await fc.assert(
      fc.asyncProperty(documents(schema), async ({ text, variables }) => {
        expect(isCompilable(schema, parse(text))).toBe(true);
        const [stock, compiled] = await both(text, variables);
        expect(compiled.data).toEqual(stock.data);
        expect(certain(compiled)).toEqual(certain(stock));
        expect(compiled.errors === undefined).toBe(stock.errors === undefined);
      }),
      { numRuns: 150 },
    );
  });
});

describe('literals made to run as code', () => {
  const globals = globalThis as { intruded?: boolean };
  afterEach(() => {
    delete globals.intruded;
  });

  const CODE = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74dglobalThis.intruded=true';
  it.each([
    ['in an argument', `{ echo(text: "${CODE}") }`],
    [
      'with escapes',
      `{ echo(text: "\\u005f_MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74dglobalThis.intruded=true") }`,
    ],
    ['in a block string', `{ echo(text: """${CODE}""") }`],
    ['in an input object', `{ search(filter: { price: "1", ids: ["${CODE}"] }) }`],
    ['in a custom scalar', `{ json(value: { a: { b: "${CODE}" } }) }`],
    ['as a default of a variable', `query($t: String! = "${CODE}") { echo(text: $t) }`],
    ['as NaN', '{ echo(text: "__MAGIC_NAN__57f286b9_4c20_487f_b409_79804ddcb4f8") }'],
  ])('stay literals %s', async (_where, text) => {
    const [stock, ours] = await both(text);
    expect(ours).toEqual(stock);
    expect(globals.intruded).toBeUndefined();
  });
});

describe('faults of types', () => {
  it('are told, and do not end the process', async () => {
    faults.length = 0;
    await both('{ throwingMember { __typename } }');
    expect(faults.length).toBeGreaterThan(0);
    expect(faults[0]).not.toBeInstanceOf(GraphQLError);
  });
});
