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
import type { WorkspaceReaders } from '../../core/ports/order-reader.ts';
import type { PluginCatalog, StrategyCatalog } from '../../core/ports/plugin-catalog.ts';
import type { CommandGate } from '../../core/runtime/command-gate.ts';
import type { MarketData } from '../../core/runtime/market-data.ts';
import type { Services } from '../../schema/context.ts';
import { createStreamCursors } from '../../schema/pagination/stream-cursor.ts';
import { createAccountAccess } from './account-access.ts';
import { createAccountOpening } from './account-opening.ts';
import { createAccountService } from './account-service.ts';
import { createAuditService } from './audit-service.ts';
import { createBenchmark } from './benchmark.ts';
import { createCommandSender } from './command-sender.ts';
import { createHealthService, type HealthCheck } from './health-service.ts';
import { createMarketService } from './market-service.ts';
import { createOrderService } from './order-service.ts';
import { createPluginService } from './plugin-service.ts';
import { createRiskService } from './risk-service.ts';
import { createStrategyService } from './strategy-service.ts';
import { createStreamAccess } from './stream-access.ts';
import { createTradingStateService } from './trading-state-service.ts';

export interface ServicePorts {
  readonly gate: CommandGate;
  readonly directory: AccountDirectory;
  readonly brokers: BrokerCatalog;
  readonly connector: Pick<BrokerConnector, 'isExclusive'>;
  readonly brokerSettings: BrokerSettingsStore;
  readonly plugins: PluginCatalog;
  readonly strategies: StrategyCatalog;
  readonly readers: WorkspaceReaders;
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
    risk: createRiskService({ access, benchmark }),
    market: createMarketService(market, ports.isOperator),
    tradingState: createTradingStateService({ ...ports, writer: ports.gatewayState }),
    audit: createAuditService(access),
    health: createHealthService({ version: settings.version, checks: ports.healthChecks, clock }),
    plugins: createPluginService(ports),
    strategies: createStrategyService({ ...ports, access, sender }),
    streamAccess: createStreamAccess(access, market),
    streamCursors: createStreamCursors(settings.journalIncarnation),
  };
}
