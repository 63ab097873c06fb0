import { describe, expect, it } from '@jest/globals';
import { getOperationAST, type GraphQLSchema, Kind, parse, validate } from 'graphql';

import { buildSchema } from '../../../schema/build-schema.ts';
import { createCostOf } from '../../../schema/limits/cost.ts';
import { VALIDATION_RULES } from '../../../schema/limits/validation-rules.ts';

const schema: GraphQLSchema = buildSchema();
const problems = (source: string): readonly string[] =>
  validate(schema, parse(source), [...VALIDATION_RULES]).map(({ message }) => message);

const costOf = createCostOf(schema);
function cost(source: string, variables = {}): number {
  const document = parse(source);
  const fragments = Object.fromEntries(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [],
    ),
  );
  return costOf(getOperationAST(document)!, fragments, variables);
}

const chain = (depth: number): string =>
  depth === 1 ? 'id' : depth === 2 ? 'parent { id }' : `parent { ${chain(depth - 1)} }`;

describe('depth', () => {
  it('is at most 8, through fragments too', () => {
    expect(problems(`{ order(id: "1") { ${chain(7)} } }`)).toEqual([]);
    expect(problems(`{ order(id: "1") { ${chain(8)} } }`)).toEqual(['Fields stand 9 deep: at most 8.']);
    const spread = `{ order(id: "1") { parent { parent { ...A } } } }
      fragment A on Order { parent { parent { ...B } } } fragment B on Order { parent { parent { parent { id } } } }`;
    expect(problems(spread)).toEqual(['Fields stand 9 deep: at most 8.']);
    expect(problems(`{ order(id: "1") { ... on Order { ... { ${chain(7)} } } } }`)).toEqual([]);
  });

  it('does not follow fragments in circles', () => {
    expect(problems(`{ order(id: "1") { ...A } } fragment A on Order { parent { ...A } }`)).toEqual([]);
  });

  it('lets tools look at the schema', () => {
    expect(
      problems(
        `{ __schema { types { ofType { ofType { ofType { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } } }`,
      ),
    ).toEqual([]);
  });
});

describe('counts', () => {
  const aliases = (count: number): string =>
    `{ ${Array.from({ length: count }, (_, index) => `a${String(index)}: __typename`).join(' ')} }`;

  it('are 15 aliases and 8 directives', () => {
    expect(problems(aliases(15))).toEqual([]);
    expect(problems(aliases(16))).toEqual(['There are 16 aliases: at most 15.']);
    expect(problems(`{ __typename ${'@skip(if: false) '.repeat(9)} }`)).toEqual([
      'There are 9 directives: at most 8.',
    ]);
  });

  it('are one field of a mutation', () => {
    expect(problems('mutation { a: signOut }')).toEqual([]);
    for (const source of [
      'mutation { a: signOut b: signOut }',
      'mutation { signOut signOut }',
      'mutation { ...A ... { signOut } } fragment A on Mutation { signOut }',
      'mutation { ...A } fragment A on Mutation { signOut ...B } fragment B on Mutation { b: signOut }',
    ]) {
      expect(problems(source)).toEqual(['A mutation has one field: send several operations.']);
    }
  });
});

describe('cost', () => {
  it('counts the objects that may come', () => {
    expect(cost('{ health { status version } }')).toBe(1);
    expect(cost('{ accounts { id positions { symbol } } }')).toBe(110);
    expect(cost('{ orders(accountId: "a", first: 20) { nodes { id } } }')).toBe(21);
    expect(cost('{ orders(accountId: "a") { nodes { id fills(first: 5) { nodes { id } } } } }')).toBe(351);
  });

  it('goes by the variables of the request, each time anew', () => {
    const source =
      'query($n: Int! = 7) { orders(accountId: "a", first: $n) { nodes { id } pageInfo { hasNextPage } } }';
    expect(cost(source, { n: 500 })).toBe(502);
    expect(cost(source, { n: 1 })).toBe(3);
    const document = parse(source);
    const operation = getOperationAST(document)!;
    expect(costOf(operation, {}, { n: 100 })).toBe(102);
    expect(costOf(operation, {}, { n: 3 })).toBe(5);
  });

  it('sees through fragments, and is quick with those made to be slow', () => {
    const doubled = Array.from(
      { length: 60 },
      (_, index) =>
        `fragment F${String(index)} on Query { ...F${String(index + 1)} ...F${String(index + 1)} }`,
    );
    const source = `query($n: Int!) { ...F0 } ${doubled.join(' ')}
      fragment F60 on Query { orders(accountId: "a", first: $n) { ...C } }
      fragment C on OrderConnection { nodes { id } }`;
    expect(cost(source, { n: 4 })).toBe(5 * 2 ** 60);
  });

  it('counts all members of a union', () => {
    expect(
      cost(`mutation($input: PlaceOrderInput!) { placeOrder(input: $input) {
      ... on OrderPlaced { order { id } } ... on OrderDenied { order { id } } } }`),
    ).toBe(3);
  });
});
