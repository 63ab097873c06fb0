import {
  type DocumentNode,
  getNamedType,
  type GraphQLSchema,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

const MAY_HOLD_VARIABLE: ReadonlySet<string> = new Set([Kind.ARGUMENT, Kind.VARIABLE_DEFINITION]);

/** Text that may stand in generated code. */
const PLAIN_TEXT = /^[A-Za-z0-9 .:,+_-]*$/;

/**
 * Whether a document may be given to graphql-jit (0.8.9). Its compiler writes the literals of a document
 * into the source text of a function; a string literal made for it was seen to run as code in this process
 * (`"__MAGIC_DATE__...`). So a document is compiled only when every literal in it is a number, a boolean,
 * an enum value or plain text, of a type of GraphQL's own, and no name is a reserved one. Two of its
 * deviations from the specification are kept out as well. Every other document is interpreted by
 * graphql-js: introspection and what is written by hand. Clients pass their values as variables, and most
 * of their documents have no literals worth mentioning.
 */
export function isCompilable(schema: GraphQLSchema, document: DocumentNode): boolean {
  return hasOnlyPlainLiterals(document, new TypeInfo(schema));
}

function hasOnlyPlainLiterals(document: DocumentNode, types: TypeInfo): boolean {
  let safe = true;
  const refuse = (): void => {
    safe = false;
  };
  const checkLiteral = (): void => {
    const type = getNamedType(types.getInputType());
    if (!type || (isScalarType(type) && !isSpecifiedScalarType(type))) refuse();
  };
  visit(
    document,
    visitWithTypeInfo(types, {
      // A field that stands in two places, one of them under @skip or @include, was seen to be shown with the
      // selections of both.
      Directive: refuse,
      Name(node, _key, parent) {
        if (!node.value.startsWith('__')) return;
        const isTypename =
          node.value === '__typename' &&
          parent !== undefined &&
          'kind' in parent &&
          parent.kind === Kind.FIELD;
        if (!isTypename) refuse();
      },
      StringValue(node) {
        if (!PLAIN_TEXT.test(node.value) || node.value.includes('__')) refuse();
        checkLiteral();
      },
      EnumValue(node) {
        if (node.value.includes('__')) refuse();
        checkLiteral();
      },
      Variable(_node, _key, parent) {
        // Inside a literal a variable that is left out must leave the field to its default: the compiler
        // was seen to make it null.
        if (
          parent !== undefined &&
          (Array.isArray(parent) || !('kind' in parent) || !MAY_HOLD_VARIABLE.has(parent.kind))
        ) {
          refuse();
        }
      },
      IntValue: checkLiteral,
      FloatValue: checkLiteral,
      BooleanValue: checkLiteral,
      ObjectValue: checkLiteral,
    }),
  );
  return safe;
}
