import { type ExecutionArgs, GraphQLError, type GraphQLSchema } from 'graphql';
import { makeServer, type Server } from 'graphql-ws';

import type { OperationCatalog } from '../graphql/operation-catalog.ts';
import { type ErrorPresenter, isPresented } from '../graphql/present-error.ts';
import type { ServerLimits } from '../server-limits.ts';
import { beginOperation, type BegunOperation } from './begun-operation.ts';
import type { OperationRunner } from './run-operation.ts';
import type { SocketSession } from './socket-session.ts';

export interface GraphqlProtocolOptions {
  readonly schema: GraphQLSchema;
  readonly catalog: OperationCatalog;
  readonly runner: OperationRunner;
  readonly presenter: ErrorPresenter;
  readonly limits: ServerLimits;
}

/** graphql-transport-ws: the library keeps the protocol, the runner says what operations do. */
export function createGraphqlProtocol(options: GraphqlProtocolOptions): Server<SocketSession> {
  const { schema, runner, presenter, limits } = options;
  const beginning = { ...options, operationsPerSocket: limits.operationsPerSocket };

  return makeServer<Record<string, unknown>, SocketSession>({
    connectionInitWaitTimeout: limits.initTimeoutMs,
    onConnect: (ctx) => ctx.extra.initialise(ctx.connectionParams),
    onSubscribe(ctx, id, payload) {
      const begun = beginOperation(beginning, ctx, id, payload);
      return Array.isArray(begun) ? begun : toArgs(schema, begun);
    },
    execute: (args) => runner.execute(begunOf(args)),
    subscribe: (args) => runner.subscribe(begunOf(args)),
    onError: (_ctx, _id, _payload, errors) => errors.map((error) => presentEnd(presenter, error).toJSON()),
  });
}

/** The library carries the operation from its beginning to its execution as the context of these. */
function toArgs(schema: GraphQLSchema, begun: BegunOperation): ExecutionArgs {
  const { document, operationName, variables: variableValues } = begun;
  return { schema, document, operationName, variableValues, contextValue: begun };
}

function begunOf(args: ExecutionArgs): BegunOperation {
  return args.contextValue as BegunOperation;
}

/** The library puts an error of its own around the one that ended a subscription. */
function presentEnd(presenter: ErrorPresenter, error: GraphQLError): GraphQLError {
  if (isPresented(error)) return error;
  const { originalError } = error;
  if (isPresented(originalError)) return originalError;
  return presenter.present(error, { correlationId: null, traceparent: null });
}
