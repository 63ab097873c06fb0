import { ApolloServer, type ApolloServerOptionsWithGateway } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import {
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  OperationTypeNode,
  type ValidationRule,
} from 'graphql';

import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { RequestContext } from '../../../schema/context.ts';
import { MAX_TOKENS } from './operation-catalog.ts';
import type { OperationExecutor } from './operation-executor.ts';
import { type ErrorPresenter, isPresented } from './present-error.ts';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly operations: OperationExecutor;
  readonly presenter: ErrorPresenter;
  /** Introspection, and names of the schema in error messages. */
  readonly open: boolean;
  readonly validationRules: readonly ValidationRule[];
  readonly telemetry: Pick<Telemetry, 'log'>;
}

/**
 * Apollo without the plugins that it installs by itself (they cost a third of the throughput and
 * report elsewhere) and with our compiled executor behind its `gateway` option.
 */
export function createApollo(options: ApolloOptions): ApolloServer<RequestContext> {
  const { telemetry } = options;
  return new ApolloServer<RequestContext>({
    gateway: gatewayOver(options),
    introspection: options.open,
    hideSchemaDetailsFromClientErrors: !options.open,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: MAX_TOKENS },
    validationRules: [...options.validationRules],
    formatError: (formatted, error) => format(options.presenter, formatted, error),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    logger: {
      debug: (message) => telemetry.log('debug', `apollo: ${String(message)}`),
      info: (message) => telemetry.log('info', `apollo: ${String(message)}`),
      warn: (message) => telemetry.log('warn', `apollo: ${String(message)}`),
      error: (message) => telemetry.log('error', `apollo: ${String(message)}`),
    },
  });
}

function gatewayOver(options: ApolloOptions): ApolloServerOptionsWithGateway<RequestContext>['gateway'] {
  const { schema, operations, presenter } = options;
  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: () =>
      Promise.resolve({
        executor: ({ document, queryHash, operation, request, context: given }) => {
          const context = given as RequestContext;
          if ((operation as typeof operation | undefined)?.operation === OperationTypeNode.SUBSCRIPTION) {
            return Promise.resolve({ errors: [presenter.present(needsWebSocket(), context)] });
          }
          const operationName = request.operationName ?? null;
          const { variables } = request;
          return operations.execute({ document, key: queryHash, operationName, variables, context });
        },
      }),
    stop: () => Promise.resolve(),
  };
}

function needsWebSocket(): GraphQLError {
  return new GraphQLError('Subscriptions need a WebSocket: connect to this path with graphql-transport-ws.', {
    extensions: { code: 'BAD_REQUEST' },
  });
}

/** Errors of executions come presented; what is left are requests that were never executed. */
function format(
  presenter: ErrorPresenter,
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError {
  if (isPresented(error)) return formatted;
  const fault = error instanceof GraphQLError ? error : new GraphQLError(formatted.message);
  const code = formatted.extensions?.['code'];
  const located = new GraphQLError(formatted.message, {
    ...(fault.nodes === undefined ? {} : { nodes: fault.nodes }),
    ...(fault.source === undefined ? {} : { source: fault.source }),
    ...(fault.positions === undefined ? {} : { positions: fault.positions }),
    ...(fault.originalError ? { originalError: fault.originalError } : {}),
    extensions: { ...formatted.extensions },
  });
  return code === 'GRAPHQL_VALIDATION_FAILED' || code === 'GRAPHQL_PARSE_FAILED'
    ? presenter.presentDocument(located).toJSON()
    : presenter.present(located, { correlationId: null, traceparent: null }).toJSON();
}
