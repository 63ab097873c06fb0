import { randomUUID } from 'node:crypto';

import { createSourceEventStream, type ExecutionResult, type GraphQLSchema } from 'graphql';

import type { Principal } from '../../../core/identity/principal.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { RequestContext } from '../../../schema/context.ts';
import { apiError } from '../../../schema/errors/api-error.ts';
import type { ContextFactory } from '../context-factory.ts';
import type { OperationExecutor } from '../graphql/operation-executor.ts';
import type { ServerLimits } from '../server-limits.ts';
import { feedOf, isFeed } from '../subscriptions/feed.ts';
import { createSharedRenderings } from '../subscriptions/shared-rendering.ts';
import { pumpSubscription } from '../subscriptions/subscription-pump.ts';
import type { BegunOperation } from './begun-operation.ts';

/** An event that takes longer to be made ready ends its subscriptions. */
const EVENT_TIMEOUT_MS = 10_000;

export interface OperationRunnerOptions {
  readonly schema: GraphQLSchema;
  readonly operations: OperationExecutor;
  readonly contexts: ContextFactory;
  readonly telemetry: Telemetry;
  readonly limits: ServerLimits;
}

export interface OperationRunner {
  /** Queries and mutations. */
  readonly execute: (begun: BegunOperation) => Promise<ExecutionResult>;
  /** The pump of the subscription, or the errors with which it is refused. */
  readonly subscribe: (begun: BegunOperation) => Promise<AsyncGenerator<never, void, void> | ExecutionResult>;
}

/** What operations on a socket do, each in a context of its own, as over HTTP. */
export function createOperationRunner(options: OperationRunnerOptions): OperationRunner {
  const { schema, operations, contexts, telemetry, limits } = options;
  const openSubscriptions = new Map<string, number>();

  const renderings = createSharedRenderings((operation, principal, payload) => {
    const signal = AbortSignal.timeout(EVENT_TIMEOUT_MS);
    return inContext(principal, '', null, signal, (context) =>
      operations.execute({ ...operation, context, rootValue: payload }),
    );
  });

  async function inContext<T>(
    principal: Principal | null,
    remoteAddress: string,
    traceparent: string | null,
    signal: AbortSignal,
    work: (context: RequestContext) => Promise<T>,
  ): Promise<T> {
    const correlationId = randomUUID();
    const context = contexts({ principal, remoteAddress, traceparent, signal, correlationId });
    try {
      return await work(context);
    } finally {
      context.close().catch((error: unknown) => {
        telemetry.log('warn', 'a request could not be closed', { error, correlationId });
      });
    }
  }

  /** Under a span and with metrics, by rights that hold now. */
  async function inRequest<T extends object>(
    { label: operation, session, rights }: BegunOperation,
    work: (context: RequestContext) => Promise<T>,
  ): Promise<T | ExecutionResult> {
    const started = performance.now();
    const span = telemetry.span(`graphql ${operation}`, null, { 'graphql.operation': operation });
    let result = 'error';
    try {
      if (!rights.current() && !(await rights.renew())) {
        return { errors: [apiError('UNAUTHENTICATED', 'The rights of this socket have ended.')] };
      }
      const signal = AbortSignal.any([session.signal, AbortSignal.timeout(limits.requestTimeoutMs)]);
      const { principal } = rights;
      const answer = await inContext(principal, session.remoteAddress, span.traceparent, signal, work);
      if (!('errors' in answer)) result = 'ok';
      return answer;
    } catch (error) {
      span.fail(error);
      throw error;
    } finally {
      const seconds = (performance.now() - started) / 1_000;
      telemetry.count('graphql_requests_total', { operation, transport: 'ws', result });
      telemetry.observe('graphql_request_seconds', seconds, { operation, transport: 'ws' }, span.traceparent);
      span.end();
    }
  }

  async function openSource(
    begun: BegunOperation,
    context: RequestContext,
  ): Promise<AsyncIterable<unknown> | ExecutionResult> {
    const { document, operationName, variables: variableValues } = begun;
    const contextValue = context;
    const source = await createSourceEventStream({
      schema,
      document,
      operationName,
      variableValues,
      contextValue,
    });
    return Symbol.asyncIterator in source ? source : operations.present({ ...begun, context }, source);
  }

  function pump(begun: BegunOperation, source: AsyncIterable<unknown>): AsyncGenerator<never, void, void> {
    const { id, label: operation, session, rights } = begun;
    const rendering = renderings.acquire(begun, rights.principal);
    const count = (by: 1 | -1): void => {
      openSubscriptions.set(operation, (openSubscriptions.get(operation) ?? 0) + by);
      telemetry.gauge('subscriptions', openSubscriptions.get(operation) ?? 0, { operation });
    };
    count(1);
    return pumpSubscription({
      id,
      feed: isFeed(source) ? source : feedOf(source),
      rendering: rendering.value,
      outlet: session.outlet,
      rights,
      onSent: () => {
        telemetry.count('subscription_events_total', { operation });
      },
      onEnd: (cause) => {
        rendering.release();
        count(-1);
        telemetry.count('subscriptions_ended_total', { operation, cause: nameOfEnd(cause) });
      },
    });
  }

  return {
    execute: (begun) => inRequest(begun, (context) => operations.execute({ ...begun, context })),
    async subscribe(begun) {
      const source = await inRequest(begun, (context) => openSource(begun, context));
      return Symbol.asyncIterator in source ? pump(begun, source) : source;
    },
  };
}

function nameOfEnd(cause: Error | 'done' | 'client'): string {
  if (!(cause instanceof Error)) return cause;
  const { extensions } = cause as { readonly extensions?: Readonly<Record<string, unknown>> };
  return extensions?.['code'] === 'SLOW_CONSUMER' ? 'SLOW_CONSUMER' : 'error';
}
