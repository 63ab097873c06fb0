import type { GraphQLSchema } from 'graphql';

import { IdentityError } from '../../../core/identity/identity-error.ts';
import type { IdentityServices } from '../../../core/identity/identity-services.ts';
import type { Principal } from '../../../core/identity/principal.ts';
import type { Bus } from '../../../core/ports/bus.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { Authenticator } from '../../../gateway/auth/authenticator.ts';
import { createLocalBus } from '../../../gateway/cluster/local-bus.ts';
import {
  type PublicServer,
  type PublicServerOptions,
  startPublicServer,
} from '../../../gateway/server/public-server.ts';
import type { ServerLimits } from '../../../gateway/server/server-limits.ts';
import { SERVER_METRICS } from '../../../gateway/server/server-metrics.ts';
import { createStreams } from '../../../gateway/server/subscriptions/create-streams.ts';
import { createServices, type ServicePorts } from '../../../gateway/services/create-services.ts';
import { createSystemClock } from '../../../gateway/system/system-clock.ts';
import { createMetrics } from '../../../gateway/telemetry/metrics.ts';
import { createTelemetry } from '../../../gateway/telemetry/telemetry.ts';
import { createIdOnlyTracing, type Tracing } from '../../../gateway/telemetry/tracing.ts';
import { buildSchema } from '../../../schema/build-schema.ts';
import { createRequestContext, type Services } from '../../../schema/context.ts';
import { VALIDATION_RULES } from '../../../schema/limits/validation-rules.ts';
import { createMemoryDirectory } from '../memory-directory.ts';
import { createMemoryReaders, type MemoryReaders } from '../memory-readers.ts';
import { createMemoryStore } from '../memory-store.ts';
import { refusing } from '../refusing.ts';
import { createScriptedJournal, type ScriptedJournal } from './scripted-journal.ts';
import { createScriptedMarket, type ScriptedMarket } from './scripted-market.ts';

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The public server over the real schema, with stores in memory and tokens that mean what a test says. */
export interface PublicApi {
  readonly server: PublicServer;
  /** http://host:port */
  readonly address: string;
  /** ws://host:port/graphql */
  readonly socketAddress: string;
  readonly journal: ScriptedJournal;
  readonly market: ScriptedMarket;
  readonly readers: MemoryReaders;
  readonly services: Services;
  readonly bus: Bus;
  readonly log: LogLine[];
  /** What a bearer token stands for; undefined makes it bad. */
  readonly tokens: Map<string, Principal>;
  /** Answers of the readiness check. */
  readonly readiness: { ready: boolean; reasons: string[] };
  metricsText(): Promise<string>;
  close(): Promise<void>;
}

export interface PublicApiOptions {
  readonly schema?: GraphQLSchema;
  readonly limits?: Partial<ServerLimits>;
  readonly graphiql?: boolean;
  readonly allowedOrigins?: readonly string[];
  readonly services?: Partial<Services>;
  readonly tracing?: Tracing;
  readonly authenticator?: Partial<PublicServerOptions['authenticator']>;
  /** Commit notices are lost: only the poll tells. */
  readonly deaf?: boolean;
}

export async function startPublicApi(options: PublicApiOptions = {}): Promise<PublicApi> {
  const store = createMemoryStore();
  const readers = createMemoryReaders(store);
  const clock = createSystemClock();
  const market = createScriptedMarket();
  const log: LogLine[] = [];
  const metrics = createMetrics(SERVER_METRICS);
  const telemetry: Telemetry = {
    ...createTelemetry(options.tracing ?? createIdOnlyTracing(), metrics, {} as never),
    log: (level, message, fields = {}) => void log.push({ level, message, fields }),
  };
  const bus = createLocalBus(
    (error) => void log.push({ level: 'error', message: String(error), fields: {} }),
  );
  const limits: Partial<ServerLimits> = { headPollIntervalMs: 50, drainTimeoutMs: 2_000, ...options.limits };
  const streams = createStreams({
    bus: options.deaf === true ? { subscribe: () => () => undefined } : bus,
    heads: {
      heads: async (ids) => new Map(ids.flatMap((id) => headOf(store.accounts.get(id)?.seq, id))),
    },
    readers,
    readBacktest: () => Promise.resolve(null),
    readSweep: () => Promise.resolve(null),
    market,
    clock,
    telemetry,
    limits,
  });
  const directory = createMemoryDirectory(store);
  const services: Services = {
    identity: {} as IdentityServices,
    streams,
    ...createServices(
      {
        gate: refusing('gate'),
        directory,
        connector: refusing('connector'),
        brokers: { ids: () => [], find: () => undefined, capabilities: () => null },
        brokerSettings: refusing('brokerSettings'),
        plugins: { plugins: () => [] },
        pluginOperations: refusing('pluginOperations'),
        strategies: { strategies: () => [], checkStrategy: () => null },
        readers,
        backtestStore: refusing('backtestStore'),
        backtestResults: refusing('backtestResults'),
        checkBacktest: () => Promise.reject(new Error('no backtests here')),
        sweepStore: refusing('sweepStore'),
        sweepReads: refusing('sweepReads'),
        checkSweep: () => Promise.reject(new Error('no sweeps here')),
        reportLinks: refusing('reportLinks'),
        accountHistories: refusing('accountHistories'),
        computePerformance: () => Promise.reject(new Error('no performance here')),
        notificationChannels: refusing('notificationChannels'),
        notifiers: refusing('notifiers'),
        notificationSender: refusing('notificationSender'),
        market,
        prices: { quote: () => undefined, instrument: () => undefined } as unknown as ServicePorts['prices'],
        gatewayState: refusing('gatewayState'),
        bus,
        audit: refusing('audit'),
        clock,
        ids: { next: () => 'id' },
        healthChecks: [],
        isOperator: () => Promise.resolve(false),
      },
      {
        version: '1.2.3',
        journalIncarnation: 'first-history',
        mostQueuedBacktests: 1,
        mostUnfinishedSweeps: 1,
        mostSweepEvaluations: 1,
        commandTimeoutMs: 5_000,
        quoteStaleAfterMs: 15_000,
        benchmark: null,
      },
    ),
    ...options.services,
  };
  const tokens = new Map<string, Principal>();
  const readiness = { ready: true, reasons: [] as string[] };
  const server = await startPublicServer({
    host: '127.0.0.1',
    port: 0,
    schema: options.schema ?? buildSchema(),
    validationRules: VALIDATION_RULES,
    contexts: (facts) => createRequestContext({ ...facts, services, readers }),
    authenticator: { ...tokenAuthenticator(tokens), ...options.authenticator },
    bus,
    clock,
    telemetry,
    metrics: metrics.registry,
    jwks: () => ({ keys: [{ kid: 'one' }] }),
    readiness: () => readiness,
    reports: refusing('reports'),
    accountReports: refusing('accountReports'),
    reportLinks: refusing('reportLinks'),
    graphiql: options.graphiql ?? true,
    allowedOrigins: options.allowedOrigins ?? [],
    limits,
  });
  return {
    server,
    address: server.address,
    socketAddress: `${server.address.replace(/^http/, 'ws')}/graphql`,
    journal: createScriptedJournal(store, bus),
    market,
    readers,
    services,
    bus,
    log,
    tokens,
    readiness,
    metricsText: () => metrics.registry.metrics(),
    async close() {
      await server.close();
      streams.close();
      await bus.close();
    },
  };
}

function headOf(seq: number | undefined, id: string): [string, number][] {
  return seq === undefined ? [] : [[id, seq]];
}

/** A port that the test does not expect to be used. */
function tokenAuthenticator(tokens: Map<string, Principal>): Pick<Authenticator, 'authenticate' | 'peek'> {
  const find: Authenticator['authenticate'] = async ({ authorization, apiKey }) => {
    if (authorization === undefined && apiKey === undefined) return null;
    const found = tokens.get(apiKey ?? authorization?.replace(/^Bearer /, '') ?? '');
    if (found === undefined) {
      throw new IdentityError('UNAUTHENTICATED', 'The access token or API key is not valid.');
    }
    return found;
  };
  return { authenticate: find, peek: () => undefined };
}
