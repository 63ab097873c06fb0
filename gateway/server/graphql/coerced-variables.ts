import {
  type DocumentNode,
  getOperationAST,
  getVariableValues,
  type GraphQLError,
  GraphQLScalarType,
  GraphQLSchema,
  isSpecifiedScalarType,
  Kind,
  type NamedTypeNode,
  type TypeNode,
  visit,
} from 'graphql';

/*
 * graphql-jit coerces variables by code of its own, which leaves out the defaults of input fields: a
 * mutation without them was refused. So they are coerced by graphql-js, and compiled code takes them as
 * they are.
 */

type Variables = Readonly<Record<string, unknown>>;

const COERCED = new GraphQLScalarType({ name: 'CoercedVariable' });
const COERCED_NODE: NamedTypeNode = {
  kind: Kind.NAMED_TYPE,
  name: { kind: Kind.NAME, value: COERCED.name },
};

/** The same schema, in which documents for compiling may declare coerced variables. */
export function schemaForCompiling(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  return new GraphQLSchema({ ...config, types: [...config.types, COERCED], assumeValid: true });
}

function namedType(type: TypeNode): NamedTypeNode {
  return type.kind === Kind.NAMED_TYPE ? type : namedType(type.type);
}

/** The document with variables that are taken as they are; those of GraphQL's own types may be coerced twice. */
export function documentForCompiling(schema: GraphQLSchema, document: DocumentNode): DocumentNode {
  return visit(document, {
    VariableDefinition(node) {
      const type = schema.getType(namedType(node.type).name.value);
      if (type === undefined || isSpecifiedScalarType(type)) return undefined;
      return { ...node, type: COERCED_NODE, defaultValue: undefined };
    },
    SelectionSet: () => false,
  });
}

export type Coercion =
  | { readonly variables: Record<string, unknown>; readonly errors?: never }
  | { readonly errors: readonly GraphQLError[] };

export function coerceVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null,
  variables: Variables,
): Coercion {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(schema, definitions, variables, { maxErrors: 50 });
  return errors === undefined ? { variables: coerced } : { errors };
}
