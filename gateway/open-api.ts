import { setTimeout as sleep } from 'node:timers/promises';

import type { IdentityServices } from '../core/identity/identity-services.ts';
import { buildSchema } from '../schema/build-schema.ts';
import { createRequestContext, type Services } from '../schema/context.ts';
import { VALIDATION_RULES } from '../schema/limits/validation-rules.ts';
import { createAccountReports } from './account-performance/account-reports.ts';
import { createHistoryCollector } from './account-performance/collect-histories.ts';
import { computeInThreads } from './account-performance/compute-in-threads.ts';
import { createReportLinks } from './auth/report-links.ts';
import { createBacktestReports } from './backtests/jobs/backtest-reports.ts';
import { createBacktestCheck } from './backtests/jobs/check-backtest.ts';
import type { Cradle } from './container.ts';
import { createAccountHistories } from './database/account-histories.ts';
import { createOperatorCheck } from './database/operator-workspace.ts';
import { gatewayHealth } from './gateway-health.ts';
import { openIdentity } from './open-identity.ts';
import { ACCOUNT_CALENDAR } from './runtime-settings.ts';
import type { ContextFactory } from './server/context-factory.ts';
import { startPublicServer } from './server/public-server.ts';
import { createStreams } from './server/subscriptions/create-streams.ts';
import { createServices } from './services/create-services.ts';
import type { Shutdown } from './shutdown.ts';
import { createSweepCheck } from './sweeps/jobs/check-sweep.ts';
import { VERSION } from './version.ts';

/** Symbol that accounts' beta is measured against. */
const BENCHMARK = 'SPX';

/** The gateway's public face. */
export interface Api {
  readonly address: string;
  readonly identity: IdentityServices;
  readonly services: Services;
  readonly contexts: ContextFactory;
}

/** Identity, services, schema and the public server over a running trading runtime. */
export async function openApi(cradle: Cradle, shutdown: Shutdown): Promise<Api> {
  const { config, runtime, clock, telemetry, bus, readers } = cradle;
  const identity = await openIdentity(cradle, shutdown);

  const checking = {
    ...{ pool: cradle.jobPool, host: cradle.pluginHost, dataDir: config.DATA_DIR },
    stored: cradle.storedBars,
  };
  const reportLinks = createReportLinks(cradle.secrets.internalSecret);

  const streams = createStreams({
    bus,
    heads: cradle.journalHeads,
    readers,
    readBacktest: (workspaceId, id, signal) => cradle.backtestStore.find(workspaceId, id, signal),
    readSweep: (workspaceId, id, signal) => cradle.sweepStore.find(workspaceId, id, signal),
    market: runtime.market,
    clock,
    telemetry,
  });
  shutdown.add('the streams', () => {
    streams.close();
  });

  const accountHistories = createHistoryCollector({
    ...{ market: runtime.market, prices: runtime.market.view, clock, calendar: ACCOUNT_CALENDAR },
    histories: createAccountHistories(cradle.database.app),
    quoteStaleAfterMs: config.QUOTE_STALE_AFTER_MS,
  });

  const health = gatewayHealth(cradle);
  const services: Services = {
    identity: identity.services,
    streams,
    ...createServices(
      {
        gate: runtime,
        directory: cradle.directory,
        brokers: cradle.connector,
        connector: cradle.connector,
        brokerSettings: cradle.brokerSettings,
        plugins: cradle.pluginCatalog,
        pluginOperations: cradle.pluginOperations,
        strategies: cradle.strategyCatalog,
        readers,
        backtestStore: cradle.backtestStore,
        backtestResults: cradle.backtestResults,
        checkBacktest: createBacktestCheck(checking),
        sweepStore: cradle.sweepStore,
        sweepReads: cradle.sweepReads,
        checkSweep: createSweepCheck(checking),
        reportLinks,
        accountHistories,
        computePerformance: computeInThreads(cradle.jobPool, config.DATA_DIR),
        notificationChannels: cradle.notificationChannels,
        notifiers: cradle.notifiers,
        notificationSender: cradle.channelConnections,
        market: runtime.market,
        prices: runtime.market.view,
        gatewayState: cradle.gatewayStateWriter,
        bus,
        audit: cradle.audit,
        clock,
        ids: cradle.ids,
        healthChecks: health.checks,
        isOperator: createOperatorCheck(cradle.database.app),
      },
      {
        version: VERSION,
        journalIncarnation: cradle.installation.journalIncarnation,
        mostQueuedBacktests: config.BACKTESTS_WAITING,
        mostUnfinishedSweeps: config.SWEEPS_WAITING,
        mostSweepEvaluations: config.SWEEP_EVALUATIONS,
        commandTimeoutMs: config.COMMAND_TIMEOUT_MS,
        quoteStaleAfterMs: config.QUOTE_STALE_AFTER_MS,
        benchmark: BENCHMARK,
      },
    ),
  };
  const contexts: ContextFactory = (facts) => createRequestContext({ ...facts, services, readers });

  const server = await startPublicServer({
    host: config.HOST,
    port: config.PORT,
    schema: buildSchema(),
    validationRules: VALIDATION_RULES,
    contexts,
    authenticator: identity.authenticator,
    bus,
    clock,
    telemetry,
    metrics: cradle.metrics.registry,
    jwks: () => identity.jwks,
    readiness: () => health.readiness(),
    reports: createBacktestReports({
      ...{ results: cradle.backtestResults, pool: cradle.jobPool, dataDir: config.DATA_DIR },
      stored: cradle.storedBars,
    }),
    accountReports: createAccountReports({
      ...{ collector: accountHistories, pool: cradle.jobPool, dataDir: config.DATA_DIR },
    }),
    reportLinks,
    graphiql: config.GRAPHIQL,
    allowedOrigins: config.ALLOWED_ORIGINS,
    trustedProxies: config.TRUSTED_PROXIES,
  });
  shutdown.add('the public server', () => server.close());
  shutdown.add('the time for load balancers', async () => {
    server.drain();
    await sleep(config.DRAIN_MS);
  });
  return { address: server.address, identity: identity.services, services, contexts };
}
