import fc from 'fast-check';
import {
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isObjectType,
} from 'graphql';

export interface GeneratedDocument {
  readonly text: string;
  readonly variables: Record<string, unknown>;
}

/** Argument texts that fit, by field; fields with other required arguments are left out. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  echo: ['(text: "a")', '(text: $text)'],
  item: ['(id: "1")', '(id: 7)', '(id: $id)'],
  page: ['', '(first: 3)', '(first: null)', '(first: $n)'],
  parts: ['', '(first: 1)', '(first: $n)'],
  search: ['(filter: $filter)'],
  json: ['', '(value: $json)'],
};

const VARIABLES = '$text: String! = "t", $id: ID! = "i", $n: Int, $filter: Filter!, $json: Json';

const ALIAS_CHOICES = 3;

/** Valid queries over the test schema, fit for compiling, of any shape, with any of their variables left out. */
export function documents(schema: GraphQLSchema): fc.Arbitrary<GeneratedDocument> {
  const query = schema.getQueryType();
  if (!query) throw new Error('the schema has no queries');
  const text = selections(schema, query, 3).map(
    (body) => `query(${VARIABLES}) { __typename ${body} ${useEverything()} }`,
  );
  const variables = fc.record(
    {
      text: fc.string(),
      id: fc.oneof(fc.string(), fc.integer({ min: 0, max: 9 })),
      n: fc.option(fc.integer({ min: 0, max: 3 })),
      json: fc.jsonValue(),
      filter: fc.record(
        { price: fc.constant('3'), colour: fc.constantFrom('RED', null) },
        { requiredKeys: ['price'] },
      ),
    },
    { requiredKeys: ['filter'] },
  );
  return fc.record({ text, variables });
}

/** Every variable has to be used somewhere. */
function useEverything(): string {
  return 'u0: echo(text: $text) u1: item(id: $id) { id } u2: page(first: $n) u3: search(filter: $filter) u4: json(value: $json)';
}

function selections(schema: GraphQLSchema, type: GraphQLObjectType, depth: number): fc.Arbitrary<string> {
  const fields = Object.values(type.getFields()).filter(
    (field) => depth > 0 || isLeafType(getNamedType(field.type)),
  );
  const one = fc
    .record({
      field: fc.constantFrom(...fields),
      alias: fc.nat(ALIAS_CHOICES),
      argument: fc.nat(9),
      inFragment: fc.boolean(),
    })
    .chain(({ field, alias, argument, inFragment }) => {
      const choices = ARGUMENTS[field.name] ?? [''];
      const choice = argument % choices.length;
      // The same alias must mean the same field with the same arguments wherever it stands.
      const name = `${field.name}_${String(choice)}_${String(alias)}: ${field.name}${choices[choice] ?? ''}`;
      return inner(schema, getNamedType(field.type), depth - 1).map((body) => {
        const selected = `${name} ${body}`;
        return inFragment ? `... on ${type.name} { ${selected} }` : selected;
      });
    });
  return fc.array(one, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '));
}

function inner(
  schema: GraphQLSchema,
  type: ReturnType<typeof getNamedType>,
  depth: number,
): fc.Arbitrary<string> {
  if (isObjectType(type)) return selections(schema, type, depth).map((body) => `{ ${body} }`);
  if (!isAbstractType(type)) return fc.constant('');
  const members = schema
    .getPossibleTypes(type)
    .map((member) => selections(schema, member, depth).map((body) => `... on ${member.name} { ${body} }`));
  return fc.tuple(...members).map((bodies) => `{ __typename ${bodies.join(' ')} }`);
}
