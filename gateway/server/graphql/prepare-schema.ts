import {
  GraphQLError,
  type GraphQLSchema,
  isAbstractType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';

const prepared = new WeakSet<GraphQLSchema>();

/**
 * Makes up for two things that the executor and the validator leave to types; changes the schema, once.
 *
 * Compiled code calls `resolveType` where nothing catches: a throw there would leave the request without
 * an answer and end the process as an unhandled rejection. A type that cannot be told becomes an error of
 * its field, as with graphql-js.
 *
 * The validator reports what a scalar says of a literal without the place of the literal: it is added.
 */
export function prepareSchema(schema: GraphQLSchema, onFault: (error: unknown) => void): void {
  if (prepared.has(schema)) return;
  prepared.add(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type) && type.resolveType) {
      type.resolveType = guarded(type.resolveType.bind(type), onFault);
    } else if (isScalarType(type) && !isSpecifiedScalarType(type)) {
      const parse = type.parseLiteral.bind(type);
      type.parseLiteral = (node, variables) => {
        try {
          return parse(node, variables);
        } catch (error) {
          if (!(error instanceof GraphQLError) || error.nodes !== undefined) throw error;
          throw new GraphQLError(error.message, { nodes: node, extensions: error.extensions });
        }
      };
    }
  }
}

function guarded<A extends unknown[], R>(
  resolve: (...args: A) => R,
  onFault: (error: unknown) => void,
): (...args: A) => R | undefined {
  return (...args) => {
    try {
      return resolve(...args);
    } catch (error) {
      onFault(error);
      return undefined;
    }
  };
}
