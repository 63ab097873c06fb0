import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  type GraphQLSchema,
  isAbstractType,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';

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
 * What must not (see compilable.ts) or cannot be compiled is interpreted always.
 */
export function createCompiledExecutor(schema: GraphQLSchema, onFault: (error: unknown) => void): Executor {
  guardTypeResolvers(schema, onFault);
  const plans = new LRUCache<string, Plan>({ max: CACHE_SIZE });

  const compile = ({ document, operationName }: ExecutionRequest): Plan => {
    if (!isCompilable(schema, document)) return 'interpreted';
    const result = compileQuery(schema, document, operationName ?? undefined);
    return isCompiledQuery(result) ? result : 'interpreted';
  };

  return async (request) => {
    const key = `${request.operationName ?? ''}\n${request.key}`;
    let plan = plans.get(key);
    if (plan === 'seen') plan = compile(request);
    plans.set(key, plan ?? 'seen');
    if (plan === undefined || typeof plan === 'string') return await interpret(schema, request);
    return await plan.query(request.rootValue, request.context, request.variables ?? {});
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

const guarded = new WeakSet<GraphQLSchema>();

/**
 * Compiled code calls `resolveType` where nothing catches: a throw there would leave the request without
 * an answer and end the process as an unhandled rejection. A type that cannot be told is an error of its
 * field, as with graphql-js.
 */
function guardTypeResolvers(schema: GraphQLSchema, onFault: (error: unknown) => void): void {
  if (guarded.has(schema)) return;
  guarded.add(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isAbstractType(type) || !type.resolveType) continue;
    const resolve = type.resolveType.bind(type);
    type.resolveType = (value, context, info, abstractType) => {
      try {
        return resolve(value, context, info, abstractType);
      } catch (error) {
        onFault(error);
        return undefined;
      }
    };
  }
}
