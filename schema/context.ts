import type { IdentityServices } from '../core/identity/identity-services.ts';
import { type Principal, requirePrincipal } from '../core/identity/principal.ts';
import type { WorkspaceReader, WorkspaceReaders } from '../core/ports/order-reader.ts';
import type { AccountService } from './account/account-service.ts';
import type { PerformanceService } from './account/performance-service.ts';
import type { AuditService } from './audit/audit-service.ts';
import type { BacktestService } from './backtests/backtest-service.ts';
import type { HealthService } from './health/health-service.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import type { MarketService } from './market/market-service.ts';
import type { NotificationService } from './notification/notification-service.ts';
import type { OrderService } from './order/order-service.ts';
import type { StreamCursors } from './pagination/stream-cursor.ts';
import type { PluginService } from './plugin/plugin-service.ts';
import type { RiskService } from './risk/risk-service.ts';
import type { StrategyService } from './strategy/strategy-service.ts';
import type { StreamAccess, Streams } from './streams.ts';
import type { SweepService } from './sweeps/sweep-service.ts';
import type { TradingStateService } from './trading-state/trading-state-service.ts';

/** What resolvers call. */
export interface Services {
  readonly identity: IdentityServices;
  readonly orders: OrderService;
  readonly accounts: AccountService;
  readonly performance: PerformanceService;
  readonly risk: RiskService;
  readonly market: MarketService;
  readonly tradingState: TradingStateService;
  readonly audit: AuditService;
  readonly health: HealthService;
  readonly notifications: NotificationService;
  readonly plugins: PluginService;
  readonly strategies: StrategyService;
  readonly backtests: BacktestService;
  readonly sweeps: SweepService;
  readonly streams: Streams;
  readonly streamAccess: StreamAccess;
  readonly streamCursors: StreamCursors;
}

/** Made anew for each request, and for each event of a subscription. */
export interface RequestContext {
  /** Null for an anonymous caller. */
  readonly principal: Principal | null;
  /** Throws UNAUTHENTICATED for an anonymous caller. */
  requirePrincipal(): Principal;
  /** Address of the client, for throttling; behind a trusted proxy the one it names. */
  readonly remoteAddress: string;
  readonly correlationId: string;
  /** W3C traceparent of the request's span. */
  readonly traceparent: string | null;
  /** Aborted when the client is gone or the request's deadline has passed. */
  readonly signal: AbortSignal;
  readonly services: Services;
  /** Of the caller's workspace, opened when first used. Throws UNAUTHENTICATED for an anonymous caller. */
  readonly reader: WorkspaceReader;
  readonly loaders: Loaders;
}

export interface RequestParts {
  readonly principal: Principal | null;
  readonly remoteAddress: string;
  readonly correlationId: string;
  readonly traceparent: string | null;
  readonly signal: AbortSignal;
  readonly services: Services;
  readonly readers: WorkspaceReaders;
}

/** Made when first used, once for a request and all copies of its context. */
interface Lazily {
  readonly readers: WorkspaceReaders;
  reader: WorkspaceReader | null;
  loaders: Loaders | null;
}

/**
 * A request costs nothing for what it does not use. Apollo hands resolvers a copy of the context's own
 * properties, so what is made on demand lives in one object that copies share.
 */
class Request implements RequestContext {
  readonly principal: Principal | null;
  readonly remoteAddress: string;
  readonly correlationId: string;
  readonly traceparent: string | null;
  readonly signal: AbortSignal;
  readonly services: Services;
  private readonly lazily: Lazily;

  constructor(parts: RequestParts) {
    this.principal = parts.principal;
    this.remoteAddress = parts.remoteAddress;
    this.correlationId = parts.correlationId;
    this.traceparent = parts.traceparent;
    this.signal = parts.signal;
    this.services = parts.services;
    this.lazily = { readers: parts.readers, reader: null, loaders: null };
  }

  requirePrincipal(): Principal {
    return requirePrincipal(this.principal);
  }

  get reader(): WorkspaceReader {
    this.lazily.reader ??= this.lazily.readers.open(this.requirePrincipal().workspaceId, this.signal);
    return this.lazily.reader;
  }

  get loaders(): Loaders {
    this.lazily.loaders ??= createLoaders(this);
    return this.lazily.loaders;
  }

  async close(): Promise<void> {
    await this.lazily.reader?.close();
  }
}

/** `close` when the answer (of a subscription: the event) is made; it ends the reader's transaction. */
export function createRequestContext(parts: RequestParts): RequestContext & { close(): Promise<void> } {
  return new Request(parts);
}
