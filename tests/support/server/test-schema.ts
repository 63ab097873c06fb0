import {
  GraphQLEnumType,
  GraphQLError,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
} from 'graphql';

const nonNull = GraphQLNonNull;
const list = GraphQLList;

const Colour = new GraphQLEnumType({ name: 'Colour', values: { RED: { value: 1 }, BLUE: { value: 2 } } });
const Money = new GraphQLScalarType<string, string>({
  name: 'Money',
  serialize: (value) => {
    if (typeof value !== 'bigint') throw new TypeError('no money');
    return value.toString();
  },
  parseValue: (value) => {
    if (typeof value !== 'string') {
      throw new GraphQLError('Money is a string.', { extensions: { code: 'BAD_USER_INPUT' } });
    }
    return value;
  },
});
const Instant = new GraphQLScalarType<number, string>({
  name: 'Instant',
  serialize: (value) => new Date(value as number).toISOString(),
});
const Json = new GraphQLScalarType({ name: 'Json' });

const Filter = new GraphQLInputObjectType({
  name: 'Filter',
  fields: {
    colour: { type: Colour, defaultValue: 2 },
    price: { type: new nonNull(Money) },
    ids: { type: new list(new nonNull(GraphQLID)) },
  },
});

const fail = (): never => {
  throw new Error('it fails');
};
const reject = (): Promise<never> => Promise.reject(new Error('it rejects'));

const Node = new GraphQLInterfaceType({
  name: 'Node',
  fields: { id: { type: new nonNull(GraphQLID) } },
  resolveType: () => 'Item',
});

const Item: GraphQLObjectType = new GraphQLObjectType({
  name: 'Item',
  interfaces: [Node],
  fields: () => ({
    id: { type: new nonNull(GraphQLID) },
    name: { type: GraphQLString },
    colour: { type: Colour },
    instant: { type: Instant },
    price: { type: Money },
    tags: { type: new nonNull(new list(new nonNull(GraphQLString))) },
    parts: {
      type: new nonNull(new list(new nonNull(Item))),
      args: { first: { type: GraphQLInt, defaultValue: 2 } },
      resolve: async ({ depth }: { depth: number }, { first }: { first: number | null }) => {
        await Promise.resolve();
        return Array.from({ length: depth > 2 ? 0 : (first ?? 1) }, (_, index) =>
          makeItem(String(index), depth + 1),
        );
      },
    },
    failing: { type: GraphQLString, resolve: fail },
    rejecting: { type: GraphQLString, resolve: reject },
    required: { type: new nonNull(GraphQLString), resolve: () => Promise.resolve(null) },
    requiredFailing: { type: new nonNull(GraphQLString), resolve: reject },
    unserializable: { type: Money },
    wrongEnum: { type: Colour },
    noList: { type: new list(GraphQLString) },
    errorValue: { type: GraphQLString },
    errorTags: { type: new list(GraphQLString) },
  }),
});

const Fault = new GraphQLObjectType({
  name: 'Fault',
  fields: { code: { type: new nonNull(GraphQLString) } },
});

const union = (name: string, resolveType: (value: { code?: string }) => string | undefined) =>
  new GraphQLUnionType({ name, types: [Item, Fault], resolveType: resolveType as never });
const Found = union('Found', (value) => (value.code === undefined ? 'Item' : 'Fault'));
const Unknown = union('Unknown', () => undefined);
const Throwing = union('Throwing', fail);

function makeItem(id: string, depth = 0): object {
  return {
    id,
    depth,
    name: `item ${id}`,
    colour: 1,
    instant: 0,
    price: 12n,
    tags: ['a', 'b'],
    unserializable: 'none',
    wrongEnum: 9,
    noList: 5,
    errorValue: new Error('as a value'),
    errorTags: ['a', new Error('in a list')],
  };
}

/** Everything in which two executors might differ. */
export function createTestSchema(): GraphQLSchema {
  const json = (value: unknown): string => JSON.stringify(value);
  return new GraphQLSchema({
    types: [Item],
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        echo: {
          type: GraphQLString,
          args: { text: { type: new nonNull(GraphQLString) } },
          resolve: (_, { text }: { text: string }) => Promise.resolve(text),
        },
        item: {
          type: Item,
          args: { id: { type: new nonNull(GraphQLID) } },
          resolve: (_, { id }: { id: string }) => makeItem(id),
        },
        items: { type: new nonNull(new list(Item)), resolve: () => [makeItem('1'), null, makeItem('2')] },
        promised: {
          type: new list(Item),
          resolve: () => [Promise.resolve(makeItem('1')), Promise.resolve(null)],
        },
        found: {
          type: new nonNull(new list(new nonNull(Found))),
          resolve: () => [makeItem('1'), { code: 'GONE' }],
        },
        nodes: { type: new list(Node), resolve: () => [makeItem('1')] },
        unknownMember: { type: Unknown, resolve: () => ({ code: 'x' }) },
        throwingMember: { type: Throwing, resolve: () => Promise.resolve({ code: 'x' }) },
        requiredRoot: { type: new nonNull(GraphQLString), resolve: () => Promise.resolve(null) },
        coded: {
          type: GraphQLString,
          resolve: () =>
            Promise.reject(new GraphQLError('no', { extensions: { code: 'FORBIDDEN', field: 'x' } })),
        },
        search: {
          type: GraphQLString,
          args: { filter: { type: new nonNull(Filter) } },
          resolve: (_, args) => Promise.resolve(json(args)),
        },
        page: {
          type: GraphQLString,
          args: { first: { type: GraphQLInt, defaultValue: 50 } },
          resolve: (_, args) => json(args),
        },
        json: { type: GraphQLString, args: { value: { type: Json } }, resolve: (_, args) => json(args) },
      },
    }),
    mutation: new GraphQLObjectType({
      name: 'Mutation',
      fields: {
        step: {
          type: GraphQLString,
          args: { n: { type: new nonNull(GraphQLInt) } },
          resolve: async (_, { n }: { n: number }, context: { steps?: number[] }) => {
            const steps = (context.steps ??= []);
            await new Promise((resolve) => setTimeout(resolve, 3 - n));
            steps.push(n);
            return json(steps);
          },
        },
        failingStep: { type: GraphQLString, resolve: reject },
      },
    }),
  });
}
