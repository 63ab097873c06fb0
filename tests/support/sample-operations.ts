import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

export type RootName = 'Query' | 'Mutation' | 'Subscription';

/** A root field with a document that calls it with all its required arguments and all its ids as variables. */
export interface SampleOperation {
  readonly root: RootName;
  readonly name: string;
  readonly args: readonly GraphQLArgument[];
  readonly source: string;
  /** Values that fit the types. Fields named in `values` get those, at any depth. */
  variables(values: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

const SCALARS: Readonly<Record<string, unknown>> = {
  ID: 'an-id',
  String: 'text',
  Boolean: false,
  Int: 1,
  Float: 1,
  Decimal: '1',
  DateTime: '2024-01-02T15:00:00.000Z',
  JSONObject: {},
};

function valueOf(name: string, type: GraphQLInputType, values: Readonly<Record<string, unknown>>): unknown {
  if (isNonNullType(type)) return valueOf(name, type.ofType, values);
  if (isListType(type)) return [valueOf(name, type.ofType, values)];
  if (Object.hasOwn(values, name)) return values[name];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return SCALARS[type.name];
  const fields = Object.values(type.getFields()).filter(
    (field) => isRequiredInputField(field) || Object.hasOwn(values, field.name),
  );
  return Object.fromEntries(fields.map((field) => [field.name, valueOf(field.name, field.type, values)]));
}

function sample(root: RootName, field: GraphQLField<unknown, unknown>): SampleOperation {
  const args = field.args.filter((arg) => isRequiredArgument(arg) || getNamedType(arg.type).name === 'ID');
  const declared = args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = args.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
  const list = (text: string): string => (text === '' ? '' : `(${text})`);
  return {
    root,
    name: field.name,
    args: field.args,
    source: `${root.toLowerCase()}${list(declared)} { ${field.name}${list(passed)}${selection} }`,
    variables: (values) =>
      Object.fromEntries(args.map(({ name, type }) => [name, valueOf(name, type, values)])),
  };
}

/** One operation for each root field of the schema. */
export function sampleOperations(schema: GraphQLSchema): readonly SampleOperation[] {
  return (['Query', 'Mutation', 'Subscription'] as const).flatMap((root) => {
    const type = schema.getType(root);
    return type !== undefined && 'getFields' in type
      ? Object.values(type.getFields()).map((field) => sample(root, field as GraphQLField<unknown, unknown>))
      : [];
  });
}

/** Paths of arguments of type ID, such as "id" or "input.accountId"; optional ones included. */
export function idArguments(args: readonly GraphQLArgument[]): readonly string[] {
  const within = (name: string, type: GraphQLInputType): readonly string[] => {
    const named = getNamedType(type);
    if (isInputObjectType(named)) {
      return Object.values(named.getFields()).flatMap((field) =>
        within(field.name, field.type).map((path) => `${name}.${path}`),
      );
    }
    return named.name === 'ID' ? [name] : [];
  };
  return args.flatMap(({ name, type }) => within(name, type));
}
