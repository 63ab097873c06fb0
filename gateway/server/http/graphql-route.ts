import type { IncomingHttpHeaders } from 'node:http';

import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { IdentityError } from '../../../core/identity/identity-error.ts';
import type { Principal } from '../../../core/identity/principal.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import { UnavailableError } from '../../../core/runtime/command-reply.ts';
import type { RequestContext } from '../../../schema/context.ts';
import type { Authenticator, Credentials } from '../../auth/authenticator.ts';
import { parseTraceparent } from '../../telemetry/trace-context.ts';
import type { ContextFactory } from '../context-factory.ts';
import type { OperationCatalog } from '../graphql/operation-catalog.ts';
import type { ServerLimits } from '../server-limits.ts';
import { errorBody, refuseOtherMethods } from './http-errors.ts';
import { startDeadline } from './request-deadline.ts';

export const GRAPHQL_PATH = '/graphql';

export interface GraphqlRouteOptions {
  readonly apollo: ApolloServer<RequestContext>;
  readonly catalog: OperationCatalog;
  readonly contexts: ContextFactory;
  readonly authenticator: Pick<Authenticator, 'authenticate' | 'peek'>;
  readonly telemetry: Telemetry;
  readonly limits: ServerLimits;
}

/** POST with a JSON body; nothing else is answered. */
export function installGraphqlRoute(app: FastifyInstance, options: GraphqlRouteOptions): void {
  const { telemetry, catalog } = options;
  let inFlight = 0;
  const count = (by: 1 | -1): void => {
    inFlight += by;
    telemetry.gauge('graphql_requests_in_flight', inFlight);
  };

  app.post(GRAPHQL_PATH, async (request, reply) => {
    const started = performance.now();
    const { query, operationName } = asRecord(request.body);
    const operation = catalog.label(query, operationName);
    const parent = request.headers['traceparent'];
    const span = telemetry.span(
      `graphql ${operation}`,
      typeof parent === 'string' && parseTraceparent(parent) !== null ? parent : null,
      { 'graphql.operation': operation, 'omniquant.correlation_id': request.id },
    );
    count(1);
    let result = 'refused';
    try {
      const body = await answer(request, reply, span.traceparent, options);
      if (reply.statusCode < 400) result = body.startsWith('{"errors"') ? 'error' : 'ok';
      return body;
    } catch (error) {
      span.fail(error);
      throw error;
    } finally {
      count(-1);
      const seconds = (performance.now() - started) / 1_000;
      telemetry.count('graphql_requests_total', { operation, transport: 'http', result });
      telemetry.observe(
        'graphql_request_seconds',
        seconds,
        { operation, transport: 'http' },
        span.traceparent,
      );
      span.set({ 'http.response.status_code': reply.statusCode, 'graphql.result': result });
      span.end();
    }
  });
  refuseOtherMethods(app, GRAPHQL_PATH, ['POST']);
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  traceparent: string,
  { apollo, contexts, authenticator, telemetry, limits }: GraphqlRouteOptions,
): Promise<string> {
  const deadline = startDeadline(reply.raw, limits.requestTimeoutMs);
  let context: ReturnType<ContextFactory> | null = null;
  const work = async (): Promise<string> => {
    const principal = await identify(authenticator, request.headers, deadline.signal);
    const opened = contexts({
      principal,
      remoteAddress: request.ip,
      correlationId: request.id,
      traceparent,
      signal: deadline.signal,
    });
    context = opened;
    const response = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: toApolloRequest(request),
      context: () => Promise.resolve(opened),
    });
    reply.code(response.status ?? 200);
    for (const [name, value] of response.headers) reply.header(name, value);
    return response.body.kind === 'complete' ? response.body.string : '';
  };
  try {
    return await deadline.within(work());
  } catch (error) {
    const refusal = unavailable(error);
    if (refusal === null) throw error;
    reply.code(503).type('application/json; charset=utf-8');
    return refusal;
  } finally {
    // The answer does not wait for the end of the read transaction.
    (context as ReturnType<ContextFactory> | null)?.close().catch((error: unknown) => {
      telemetry.log('warn', 'a request could not be closed', { error, correlationId: request.id });
    });
  }
}

/**
 * Who asks. Credentials that are not good (any more) make an anonymous request, not a refused one: what
 * needs a caller answers UNAUTHENTICATED, and a client whose token has expired can still refresh it.
 */
async function identify(
  authenticator: GraphqlRouteOptions['authenticator'],
  headers: IncomingHttpHeaders,
  signal: AbortSignal,
): Promise<Principal | null> {
  const credentials = credentialsOf(headers);
  try {
    const known = authenticator.peek(credentials);
    return known === undefined ? await authenticator.authenticate(credentials, signal) : known;
  } catch (error) {
    if (error instanceof IdentityError && error.code === 'UNAUTHENTICATED') return null;
    throw error;
  }
}

export function credentialsOf(headers: IncomingHttpHeaders): Credentials {
  const apiKey = headers['x-api-key'];
  return { authorization: headers.authorization, apiKey: typeof apiKey === 'string' ? apiKey : undefined };
}

function toApolloRequest(request: FastifyRequest): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return { method: 'POST', headers, search: '', body: request.body };
}

function unavailable(error: unknown): string | null {
  if (error instanceof UnavailableError) {
    const { outcome } = error;
    return JSON.stringify(
      errorBody('UNAVAILABLE', 'The gateway did not answer in time; ask again.', { outcome }),
    );
  }
  if (error instanceof IdentityError && error.code === 'UNAVAILABLE') {
    return JSON.stringify(errorBody('UNAVAILABLE', error.message, { outcome: 'NOT_PLACED' }));
  }
  return null;
}

function asRecord(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}
