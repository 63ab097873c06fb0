import type { IncomingMessage } from 'node:http';

import cors from '@fastify/cors';
import proxyAddress from '@fastify/proxy-addr';
import { fastify, type FastifyInstance } from 'fastify';
import type { GraphQLSchema, ValidationRule } from 'graphql';

import type { Bus } from '../../core/ports/bus.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import type { AccountReports } from '../account-performance/account-reports.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { ReportLinks } from '../auth/report-links.ts';
import type { BacktestReports } from '../backtests/jobs/backtest-reports.ts';
import type { ContextFactory } from './context-factory.ts';
import { createApollo } from './graphql/apollo.ts';
import { createCompiledExecutor } from './graphql/compiled-executor.ts';
import { createOperationCatalog } from './graphql/operation-catalog.ts';
import { createOperationExecutor } from './graphql/operation-executor.ts';
import { prepareSchema } from './graphql/prepare-schema.ts';
import { createErrorPresenter } from './graphql/present-error.ts';
import { installAccountReportRoute } from './http/account-report-route.ts';
import { correlationIdOf } from './http/correlation-id.ts';
import { installGraphiqlRoute } from './http/graphiql-route.ts';
import { installGraphqlRoute } from './http/graphql-route.ts';
import { installErrorHandlers } from './http/http-errors.ts';
import { installOperationsRoutes, type OperationsRoutesOptions } from './http/operations-routes.ts';
import { installReportRoute } from './http/report-route.ts';
import { securityHeaders } from './http/security-headers.ts';
import { SERVER_LIMITS, type ServerLimits } from './server-limits.ts';
import { createGraphqlProtocol } from './websocket/graphql-protocol.ts';
import { createOperationRunner } from './websocket/run-operation.ts';
import { createWebSocketServer } from './websocket/websocket-server.ts';

/*
 * What the composition root gives and gets:
 *
 *   const streams = createStreams({ bus, heads, readers, market, clock, telemetry, limits? })   -> Streams & { close() }
 *       (subscriptions/create-streams.ts; the `streams` of the schema's services)
 *   const server = await startPublicServer({ ...PublicServerOptions })                          -> PublicServer
 *   SERVER_METRICS (server-metrics.ts) goes into createMetrics(...)
 *
 * Order of shutdown: server.drain(), a pause for load balancers, server.close(), then streams.close().
 */
export interface PublicServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** With its permissions around it. */
  readonly schema: GraphQLSchema;
  /** Besides those of the specification: limits of depth, cost, aliases. */
  readonly validationRules: readonly ValidationRule[];
  /** `(facts) => createRequestContext({ ...facts, services, readers })` */
  readonly contexts: ContextFactory;
  readonly authenticator: Pick<Authenticator, 'authenticate' | 'peek'>;
  /** Only revocations are listened to. */
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** A prom-client registry. */
  readonly metrics: OperationsRoutesOptions['metrics'];
  readonly jwks: NonNullable<OperationsRoutesOptions['jwks']>;
  readonly readiness: OperationsRoutesOptions['readiness'];
  readonly reports: BacktestReports;
  readonly accountReports: AccountReports;
  readonly reportLinks: ReportLinks;
  /** GraphiQL, introspection, and names of the schema in error messages. */
  readonly graphiql: boolean;
  /** Browsers of these origins may call, besides those of the gateway's own. */
  readonly allowedOrigins: readonly string[];
  /** Addresses or networks of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  readonly limits?: Partial<ServerLimits>;
}

export interface PublicServer {
  /** http://host:port as bound. */
  readonly address: string;
  /** Not ready from now on, though still answering: for the time in which load balancers notice. */
  drain(): void;
  /** Takes nothing new, closes sockets with 1001 (after which clients connect anew), waits for what is in flight, at most the drain timeout. */
  close(): Promise<void>;
}

/** The public door: GraphQL over HTTP and WebSocket, GraphiQL, health, metrics and keys, on one port. */
export async function startPublicServer(options: PublicServerOptions): Promise<PublicServer> {
  const { schema, telemetry, validationRules, graphiql: open } = options;
  const limits: ServerLimits = { ...SERVER_LIMITS, ...options.limits };
  const presenter = createErrorPresenter(telemetry);
  const catalog = createOperationCatalog(schema, validationRules);
  prepareSchema(schema, (error) => {
    telemetry.log('error', 'the type of a union could not be told', { error });
  });
  const executor = createCompiledExecutor(schema);
  const operations = createOperationExecutor({ schema, executor, presenter, open });
  const apollo = createApollo({ schema, operations, presenter, open, validationRules, telemetry });
  await apollo.start();

  let draining = false;
  const app = await createApp(options, limits);
  installOperationsRoutes(app, { ...options, isDraining: () => draining });
  installGraphqlRoute(app, { ...options, apollo, catalog, limits });
  installReportRoute(app, options);
  installAccountReportRoute(app, options);
  if (options.graphiql) installGraphiqlRoute(app);

  const runner = createOperationRunner({ ...options, operations, limits });
  const protocol = createGraphqlProtocol({ schema, catalog, runner, presenter, limits });
  const sockets = createWebSocketServer({
    ...options,
    http: app.server,
    protocol,
    limits,
    addressOf: addressReader(options.trustedProxies ?? []),
  });

  const address = await app.listen({ host: options.host, port: options.port });

  return {
    address,
    drain() {
      draining = true;
    },
    async close() {
      draining = true;
      const cut = setTimeout(() => {
        app.server.closeAllConnections();
      }, limits.drainTimeoutMs);
      try {
        await sockets.close();
        await app.close();
      } finally {
        clearTimeout(cut);
      }
      await apollo.stop();
    },
  };
}

async function createApp(options: PublicServerOptions, limits: ServerLimits): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.receiveTimeoutMs,
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    genReqId: (request) => correlationIdOf(request.headers['x-correlation-id']),
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  });
  // JSON only: a form or a text could be sent by any web page without the browser asking first.
  app.removeContentTypeParser('text/plain');
  installErrorHandlers(app, options.telemetry);
  const headers = securityHeaders();
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-correlation-id', request.id);
    done();
  });
  if (options.allowedOrigins.length > 0) {
    await app.register(cors, {
      origin: [...options.allowedOrigins],
      methods: ['POST'],
      allowedHeaders: ['authorization', 'content-type', 'traceparent', 'x-api-key', 'x-correlation-id'],
      exposedHeaders: ['x-correlation-id'],
      maxAge: 600,
    });
  }
  return app;
}

/** As Fastify finds it for requests: the last address that no trusted proxy stands for. */
function addressReader(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const trusted = proxyAddress.compile([...trustedProxies]);
  return (request) => proxyAddress(request, trusted);
}
