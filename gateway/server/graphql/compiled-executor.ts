import { type DocumentNode, execute, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';

import { coerceVariables, documentForCompiling, schemaForCompiling } from './coerced-variables.ts';
import { isCompilable } from './compilable.ts';

/** Compiled operations kept. */
const CACHE_SIZE = 500;

export interface ExecutionRequest {
  readonly document: DocumentNode;
  /** The same for the same document: its text, or a hash of that. */
  readonly key: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
  readonly context: unknown;
  /** The payload of a subscription's event. */
  readonly rootValue?: unknown;
}

export type Executor = (request: ExecutionRequest) => Promise<ExecutionResult>;

/** What a document has come to: seen once, compiled, or found unfit for compiling. */
type Plan = 'seen' | 'interpreted' | CompiledQuery;

/**
 * Executes validated operations by code compiled for each document and operation, with the behaviour of
 * graphql-js. Compiling takes about as long as a hundred executions, so the first execution of a document
 * is interpreted and the second compiles it: made-up documents cost no more than they would without us.
 * What must not (see compilable.ts) or cannot be compiled is interpreted always. The schema must have gone
 * through prepareSchema.
 */
export function createCompiledExecutor(schema: GraphQLSchema): Executor {
  const compiling = schemaForCompiling(schema);
  const plans = new LRUCache<string, Plan>({ max: CACHE_SIZE });

  const compile = ({ document, operationName }: ExecutionRequest): Plan => {
    if (!isCompilable(schema, document)) return 'interpreted';
    const source = documentForCompiling(schema, document);
    const result = compileQuery(compiling, source, operationName ?? undefined);
    return isCompiledQuery(result) ? result : 'interpreted';
  };

  return async (request) => {
    const key = `${request.operationName ?? ''}\n${request.key}`;
    let plan = plans.get(key);
    if (plan === 'seen') plan = compile(request);
    plans.set(key, plan ?? 'seen');
    if (plan === undefined || typeof plan === 'string') return await interpret(schema, request);
    const { document, operationName } = request;
    const coercion = coerceVariables(schema, document, operationName, request.variables ?? {});
    if (coercion.errors !== undefined) return { errors: coercion.errors };
    return await plan.query(request.rootValue, request.context, coercion.variables);
  };
}

/** The same by graphql-js alone. */
export async function interpret(schema: GraphQLSchema, request: ExecutionRequest): Promise<ExecutionResult> {
  return await execute({
    schema,
    document: request.document,
    operationName: request.operationName,
    variableValues: request.variables ?? {},
    contextValue: request.context,
    rootValue: request.rootValue,
  });
}
