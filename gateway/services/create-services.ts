import type { Principal } from '../../core/identity/principal.ts';
import type { PriceView } from '../../core/portfolio/pricing.ts';
import type { AccountDirectory } from '../../core/ports/account-directory.ts';
import type { AuditLog } from '../../core/ports/audit-log.ts';
import type { BrokerCatalog } from '../../core/ports/broker-catalog.ts';
import type { BrokerConnector } from '../../core/ports/broker-connector.ts';
import type { BrokerSettingsStore } from '../../core/ports/broker-settings.ts';
import type { Bus } from '../../core/ports/bus.ts';
import type { Clock, Ids } from '../../core/ports/clock.ts';
import type { GatewayStateWriter } from '../../core/ports/gateway-state.ts';
import type { NotificationChannels } from '../../core/ports/notification-channels.ts';
import type { NotificationSender, NotifierCatalog } from '../../core/ports/notifiers.ts';
import type { WorkspaceReaders } from '../../core/ports/order-reader.ts';
import type { PluginCatalog, StrategyCatalog } from '../../core/ports/plugin-catalog.ts';
import type { PluginOperations } from '../../core/ports/plugin-operations.ts';
import type { CommandGate } from '../../core/runtime/command-gate.ts';
import type { MarketData } from '../../core/runtime/market-data.ts';
import type { Services } from '../../schema/context.ts';
import { createStreamCursors } from '../../schema/pagination/stream-cursor.ts';
import type { HistoryCollector } from '../account-performance/collect-histories.ts';
import type { ReportLinks } from '../auth/report-links.ts';
import type { BacktestResults } from '../database/backtests/backtest-results.ts';
import type { BacktestStore } from '../database/backtests/backtest-store.ts';
import type { SweepReads } from '../database/sweeps/sweep-reads.ts';
import type { SweepStore } from '../database/sweeps/sweep-store.ts';
import type { CheckSweep } from '../sweeps/jobs/check-sweep.ts';
import { createAccountAccess } from './account-access.ts';
import { createAccountOpening } from './account-opening.ts';
import { createAccountService } from './account-service.ts';
import { createAuditService } from './audit-service.ts';
import { type CheckBacktest, createBacktestService } from './backtest-service.ts';
import { createBenchmark } from './benchmark.ts';
import { createCommandSender } from './command-sender.ts';
import { createHealthService, type HealthCheck } from './health-service.ts';
import { createMarketService } from './market-service.ts';
import { createNotificationService } from './notification-service.ts';
import { createOrderService } from './order-service.ts';
import { type ComputePerformance, createPerformanceService } from './performance-service.ts';
import { createPluginService } from './plugin-service.ts';
import { createRiskService } from './risk-service.ts';
import { createStrategyService } from './strategy-service.ts';
import { createStreamAccess } from './stream-access.ts';
import { createSweepService } from './sweep-service.ts';
import { createTradingStateService } from './trading-state-service.ts';

export interface ServicePorts {
  readonly gate: CommandGate;
  readonly directory: AccountDirectory;
  readonly brokers: BrokerCatalog;
  readonly connector: Pick<BrokerConnector, 'isExclusive'>;
  readonly brokerSettings: BrokerSettingsStore;
  readonly plugins: PluginCatalog;
  readonly pluginOperations: PluginOperations;
  readonly strategies: StrategyCatalog;
  readonly readers: WorkspaceReaders;
  readonly backtestStore: BacktestStore;
  readonly backtestResults: BacktestResults;
  readonly checkBacktest: CheckBacktest;
  readonly sweepStore: SweepStore;
  readonly sweepReads: SweepReads;
  readonly checkSweep: CheckSweep;
  readonly reportLinks: ReportLinks;
  readonly accountHistories: HistoryCollector;
  readonly computePerformance: ComputePerformance;
  readonly notificationChannels: NotificationChannels;
  readonly notifiers: NotifierCatalog;
  readonly notificationSender: NotificationSender;
  readonly market: MarketData;
  /** Quotes and sessions as decisions see them: the market hub's `view`. */
  readonly prices: PriceView;
  readonly gatewayState: GatewayStateWriter;
  readonly bus: Pick<Bus, 'publish'>;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly healthChecks: readonly HealthCheck[];
  /** Whether the caller's workspace runs this gateway: only then it may stop everybody's trading. */
  readonly isOperator: (principal: Principal, signal: AbortSignal) => Promise<boolean>;
}

export interface ServiceSettings {
  readonly version: string;
  /** Names the history that the database holds (`installation.journal_incarnation`). */
  readonly journalIncarnation: string;
  readonly commandTimeoutMs: number;
  /** Backtests of one workspace that may wait. */
  readonly mostQueuedBacktests: number;
  /** Sweeps of one workspace that may be unfinished, and evaluations of one of them. */
  readonly mostUnfinishedSweeps: number;
  readonly mostSweepEvaluations: number;
  readonly quoteStaleAfterMs: number;
  /** Symbol that accounts' beta is measured against; null for none. */
  readonly benchmark: string | null;
}

/** The application's services over their ports. Identity and the streams are made elsewhere. */
export function createServices(
  ports: ServicePorts,
  settings: ServiceSettings,
): Omit<Services, 'identity' | 'streams'> {
  const { gate, market, clock, ids, brokers } = ports;
  const access = createAccountAccess(ports.directory);
  const sender = createCommandSender({ gate, clock, timeoutMs: settings.commandTimeoutMs });
  const opening = createAccountOpening({ ...ports, settings: ports.brokerSettings, sender });
  const benchmark = createBenchmark({ market, symbol: settings.benchmark });
  return {
    orders: createOrderService({ access, sender, ids }),
    accounts: createAccountService({
      access,
      opening,
      sender,
      brokers,
      prices: ports.prices,
      quoteStaleAfterMs: settings.quoteStaleAfterMs,
      clock,
    }),
    performance: createPerformanceService({
      ...{ collector: ports.accountHistories, compute: ports.computePerformance },
      ...{ links: ports.reportLinks, clock },
    }),
    risk: createRiskService({ access, benchmark }),
    market: createMarketService(market, ports.isOperator),
    tradingState: createTradingStateService({ ...ports, writer: ports.gatewayState }),
    audit: createAuditService(access),
    health: createHealthService({ version: settings.version, checks: ports.healthChecks, clock }),
    notifications: createNotificationService({
      ...ports,
      access,
      channels: ports.notificationChannels,
      sender: ports.notificationSender,
    }),
    plugins: createPluginService({ ...ports, operations: ports.pluginOperations }),
    strategies: createStrategyService({ ...ports, access, sender }),
    backtests: createBacktestService({
      ...ports,
      store: ports.backtestStore,
      results: ports.backtestResults,
      check: ports.checkBacktest,
      links: ports.reportLinks,
      mostQueued: settings.mostQueuedBacktests,
    }),
    sweeps: createSweepService({
      ...{ ...ports, store: ports.sweepStore, reads: ports.sweepReads, check: ports.checkSweep },
      mostUnfinished: settings.mostUnfinishedSweeps,
      mostEvaluations: settings.mostSweepEvaluations,
    }),
    streamAccess: createStreamAccess(access, market, ports.backtestStore, ports.sweepStore),
    streamCursors: createStreamCursors(settings.journalIncarnation),
  };
}
