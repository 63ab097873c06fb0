import {
  coerceInputValue,
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  Kind,
  parse,
  typeFromAST,
  type TypeNode,
  type VariableDefinitionNode,
} from 'graphql';

import { findInputPath, formatInputPath } from './input-path.ts';

const MAX_ERRORS = 20;
const MISSING_FIELD = /^Field "(\w+)" of required type/;

type Variables = Readonly<Record<string, unknown>>;

/**
 * What is wrong with the variables of an operation: BAD_USER_INPUT, with the path of each wrong value in
 * the arguments (`extensions.field`). Without the value itself, which may be a secret. Empty when they
 * are right.
 */
export function variableErrors(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null,
  variables: Variables,
  hideSuggestions: boolean,
): GraphQLError[] {
  const operation = getOperationAST(document, operationName);
  const errors: GraphQLError[] = [];
  for (const definition of operation?.variableDefinitions ?? []) {
    const type = inputTypeOf(schema, definition.type);
    if (type === null) continue;
    const name = definition.variable.name.value;
    const base = findInputPath(
      document,
      (node) => node.kind === Kind.VARIABLE && node.name.value === name,
    ) ?? [name];
    checkVariable(definition, type, variables, hideSuggestions, (path, message, cause) => {
      if (errors.length < MAX_ERRORS) errors.push(badInput([...base, ...path], message, definition, cause));
    });
  }
  return errors;
}

type Report = (path: readonly (string | number)[], message: string, cause?: GraphQLError) => void;

function checkVariable(
  definition: VariableDefinitionNode,
  type: GraphQLInputType,
  variables: Variables,
  hideSuggestions: boolean,
  report: Report,
): void {
  const name = definition.variable.name.value;
  const given = Object.hasOwn(variables, name);
  if (!given) {
    if (isNonNullType(type) && definition.defaultValue === undefined) {
      report([], `a value of type ${type.toString()} is required`);
    }
    return;
  }
  const value = variables[name];
  if (value === null || value === undefined) {
    if (isNonNullType(type)) report([], `must not be null: its type is ${type.toString()}`);
    return;
  }
  coerceInputValue(
    value,
    type,
    (path, _value, error) => {
      const missing = MISSING_FIELD.exec(error.message)?.[1];
      report(missing === undefined ? path : [...path, missing], withoutValue(error.message), error);
    },
    hideSuggestions,
  );
}

/** GraphQL's own scalars end their refusals with the value. */
function withoutValue(message: string): string {
  return message.replace(/^(\w+ cannot represent [^:]*):.*$/s, '$1.');
}

/** For a validation error about a literal value: where it stands in the arguments, or null. */
export function fieldOfLiteral(error: GraphQLError): string | null {
  const [node] = error.nodes ?? [];
  const body = error.source?.body;
  const start = node?.loc?.start;
  if (node === undefined || body === undefined || start === undefined) return null;
  const isValue = node.kind !== Kind.VARIABLE && node.kind.endsWith('Value');
  if (!isValue && node.kind !== Kind.OBJECT_FIELD) return null;
  const valueStart = node.kind === Kind.OBJECT_FIELD ? node.value.loc?.start : start;
  const path = findInputPath(
    parse(body),
    ({ loc, kind }) => loc?.start === valueStart && kind !== Kind.VARIABLE,
  );
  if (path === null) return null;
  const missing = /required type .* was not provided/.test(error.message)
    ? /^Field "\w+\.(\w+)"/.exec(error.message)?.[1]
    : undefined;
  return formatInputPath(missing === undefined ? path : [...path, missing]);
}

function badInput(
  path: readonly (string | number)[],
  message: string,
  node: VariableDefinitionNode,
  cause: GraphQLError | undefined,
): GraphQLError {
  const field = formatInputPath(path);
  return new GraphQLError(`"${field}": ${message}`, {
    nodes: node,
    extensions: { code: 'BAD_USER_INPUT', field },
    ...(cause?.originalError ? { originalError: cause.originalError } : {}),
  });
}

function inputTypeOf(schema: GraphQLSchema, node: TypeNode): GraphQLInputType | null {
  const type = typeFromAST(schema, node);
  return isInputType(type) ? type : null;
}
