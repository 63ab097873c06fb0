import type { StrategyDefinition } from '@omniquant/plugin-sdk';
import {
  type ExecutionResult,
  type GraphQLSchema,
  parse,
  specifiedRules,
  subscribe,
  validate,
} from 'graphql';

import { type ApiScope, type Role, scopesOfRole } from '../../core/identity/access.ts';
import type { IdentityServices } from '../../core/identity/identity-services.ts';
import type { Principal } from '../../core/identity/principal.ts';
import type { AuditRecord } from '../../core/ports/audit-log.ts';
import type { BrokerSettings } from '../../core/ports/broker-settings.ts';
import type { GatewayTradingChange } from '../../core/ports/gateway-state.ts';
import type { PluginInfo, StrategyCatalog } from '../../core/ports/plugin-catalog.ts';
import type { PluginOperations } from '../../core/ports/plugin-operations.ts';
import type { CommandGate } from '../../core/runtime/command-gate.ts';
import { createMarketView } from '../../core/runtime/market-view.ts';
import { createReportLinks } from '../../gateway/auth/report-links.ts';
import { Secret } from '../../gateway/auth/secret.ts';
import { createCompiledExecutor } from '../../gateway/server/graphql/compiled-executor.ts';
import { createOperationExecutor } from '../../gateway/server/graphql/operation-executor.ts';
import { prepareSchema } from '../../gateway/server/graphql/prepare-schema.ts';
import { createErrorPresenter } from '../../gateway/server/graphql/present-error.ts';
import type { CheckBacktest } from '../../gateway/services/backtest-service.ts';
import { createServices } from '../../gateway/services/create-services.ts';
import { buildSchema } from '../../schema/build-schema.ts';
import { createRequestContext, type RequestContext, type Services } from '../../schema/context.ts';
import { VALIDATION_RULES } from '../../schema/limits/validation-rules.ts';
import type { Streams } from '../../schema/streams.ts';
import { checkTestBacktest } from './backtest-check.ts';
import { createMemoryBacktests, type MemoryBacktests } from './memory-backtests.ts';
import { MEMORY_BROKERS } from './memory-brokers.ts';
import { createMemoryChannels, MEMO_NOTIFIERS } from './memory-channels.ts';
import { createMemoryDirectory } from './memory-directory.ts';
import { memoryPerformance } from './memory-histories.ts';
import { createMemoryReaders, type MemoryReaders } from './memory-readers.ts';
import { createMemorySweeps, type MemorySweeps } from './memory-sweeps.ts';
import { NO_PLUGIN_OPERATIONS } from './no-plugin-operations.ts';
import { checkTestSweep } from './sweep-check.ts';
import { createTradingWorld, type GatewayProcess, type TradingWorld } from './trading-world.ts';

export type Variables = Readonly<Record<string, unknown>>;

/** A caller of the API. */
export interface Caller {
  readonly principal: Principal | null;
  /** The whole answer as the server gives it, null members and errors included. */
  answer(source: string, variables?: Variables): Promise<ExecutionResult>;
  /** The data as JSON; throws the first error, if there are any. */
  ask(source: string, variables?: Variables): Promise<unknown>;
  /** `extensions` and message of the first error as the server presents it; throws if there is none. */
  refusal(source: string, variables?: Variables): Promise<Variables>;
  subscribe(
    source: string,
    variables?: Variables,
  ): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult>;
}

/** The API over a real trading runtime, with stores, clock and venue in memory. */
export interface ApiWorld {
  readonly trading: TradingWorld;
  readonly gateway: GatewayProcess;
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly readers: MemoryReaders;
  /** What was stored by openAccount and setBrokerCredentials. */
  readonly savedSettings: (BrokerSettings & { readonly accountId: string })[];
  readonly audited: AuditRecord[];
  readonly gatewayChanges: GatewayTradingChange[];
  /** What was presented as INTERNAL. */
  readonly faults: readonly unknown[];
  context(principal: Principal | null): RequestContext;
  caller(principal: Principal | null): Caller;
  /** Opens an account with 1,000,000 in cash through the API, ready to trade. */
  openAccount(caller: Caller): Promise<string>;
}

export interface ApiWorldOptions {
  /** Stands before the runtime. */
  readonly gate?: (runtime: CommandGate) => CommandGate;
  readonly streams?: Partial<Streams>;
  readonly operator?: string;
  readonly backtests?: MemoryBacktests;
  /** By default sma-cross on the bars that come by npm is all that there is. */
  readonly checkBacktest?: CheckBacktest;
  readonly mostQueuedBacktests?: number;
  readonly sweeps?: MemorySweeps;
  readonly plugins?: readonly PluginInfo[];
  readonly pluginOperations?: PluginOperations;
  /** Those that run, and what the API knows of strategies. */
  readonly strategies?: { readonly run: readonly StrategyDefinition[]; readonly catalog: StrategyCatalog };
}

export function principalOf(
  workspaceId: string,
  role: Role = 'ADMIN',
  scopes: readonly ApiScope[] = scopesOfRole(role),
): Principal {
  return {
    kind: 'user',
    userId: `user-of-${workspaceId}`,
    keyId: null,
    workspaceId,
    role,
    scopes,
    sessionId: 'session',
    authzVersion: 1,
    expiresAt: null,
  };
}

/** The member at a path such as "placeOrder.order.id" of an answer. */
export function at(answer: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], answer);
}

/** The text at a path. */
export function textAt(answer: unknown, path: string): string {
  const value = at(answer, path);
  if (typeof value !== 'string') throw new Error(`${path} is no text: ${JSON.stringify(answer)}`);
  return value;
}

const MARKET = { accountCalendar: 'ALWAYS', haltedSymbols: new Set<string>() } as const;

const STALE_MS = 1_000_000_000;

const SET_LIMITS = `mutation($id: ID!, $limits: RiskLimitsInput!) {
  setRiskLimits(accountId: $id, limits: $limits) { id } }`;
const OPEN_ACCOUNT = `mutation($input: OpenAccountInput!) { openAccount(input: $input) { id } }`;

/** Types are the same in every world, and take longer to build than all the rest. */
const schema = buildSchema();

export async function createApiWorld(options: ApiWorldOptions = {}): Promise<ApiWorld> {
  const trading = createTradingWorld(options.strategies?.run);
  const gateway = await trading.start();
  const { runtime } = gateway;
  const readers = createMemoryReaders(trading.store);
  const backtests = options.backtests ?? createMemoryBacktests();
  const sweeps = options.sweeps ?? createMemorySweeps();
  const savedSettings: ApiWorld['savedSettings'] = [];
  const audited: AuditRecord[] = [];
  const gatewayChanges: GatewayTradingChange[] = [];
  const faults: unknown[] = [];
  const presenter = createErrorPresenter({ log: (_level, _message, fields) => void faults.push(fields) });
  prepareSchema(schema, (fault) => void faults.push(fault));
  const executor = createCompiledExecutor(schema);
  const operations = createOperationExecutor({ schema, executor, presenter, open: true });
  let made = 0;

  const prices = createMarketView(
    {
      instrument: (symbol) => runtime.market.instrument(symbol),
      quote: (symbol) => runtime.market.marketQuote(symbol),
      now: () => runtime.market.clock().at,
    },
    MARKET,
  );
  const services: Services = {
    identity: {} as IdentityServices,
    streams: (options.streams ?? {}) as Streams,
    ...createServices(
      {
        gate: options.gate?.(runtime) ?? runtime,
        directory: createMemoryDirectory(trading.store),
        connector: { isExclusive: () => Promise.resolve(false) },
        brokers: MEMORY_BROKERS,
        brokerSettings: {
          save: async ({ accountId }, settings) => {
            await Promise.resolve();
            savedSettings.push({ accountId, ...settings });
            trading.venue.settings.set(accountId, JSON.stringify(settings.secrets));
          },
        },
        plugins: { plugins: () => options.plugins ?? [] },
        pluginOperations: options.pluginOperations ?? NO_PLUGIN_OPERATIONS,
        strategies: options.strategies?.catalog ?? { strategies: () => [], checkStrategy: () => null },
        readers,
        ...{ backtestStore: backtests.store, backtestResults: backtests.results },
        checkBacktest: options.checkBacktest ?? checkTestBacktest,
        ...{ sweepStore: sweeps.store, sweepReads: sweeps.reads, checkSweep: checkTestSweep },
        reportLinks: createReportLinks(new Secret('a secret of the test')),
        notificationChannels: createMemoryChannels(),
        notifiers: MEMO_NOTIFIERS,
        notificationSender: { send: () => Promise.resolve(null) },
        market: runtime.market,
        prices,
        ...memoryPerformance(readers, {
          ...{ market: runtime.market, prices, clock: trading.clock },
          ...{ calendar: 'ALWAYS', quoteStaleAfterMs: STALE_MS },
        }),
        gatewayState: {
          write: async (change) => {
            await Promise.resolve();
            gatewayChanges.push(change);
            return { ...change, version: gatewayChanges.length };
          },
        },
        bus: gateway.bus,
        audit: {
          append: async (record) => {
            await Promise.resolve();
            audited.push(record);
          },
        },
        clock: trading.clock,
        ids: { next: () => `id-${String((made += 1))}` },
        healthChecks: [
          { name: 'database', without: 'DOWN', check: () => Promise.resolve(null) },
          { name: 'brokers', without: 'DEGRADED', check: () => Promise.reject(new Error('a secret')) },
        ],
        isOperator: ({ workspaceId }) => Promise.resolve(workspaceId === options.operator),
      },
      {
        version: '1.2.3',
        journalIncarnation: 'first-history',
        mostQueuedBacktests: options.mostQueuedBacktests ?? 5,
        mostUnfinishedSweeps: 100,
        mostSweepEvaluations: 1_000,
        commandTimeoutMs: 5_000,
        quoteStaleAfterMs: STALE_MS,
        benchmark: null,
      },
    ),
  };

  const contextOf = (principal: Principal | null) =>
    createRequestContext({
      principal,
      remoteAddress: '127.0.0.1',
      correlationId: 'correlation',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      signal: new AbortController().signal,
      services,
      readers,
    });

  const caller = (principal: Principal | null): Caller => {
    const answer = async (source: string, variableValues: Variables = {}): Promise<ExecutionResult> => {
      const document = parse(source);
      const errors = validate(schema, document, [...specifiedRules, ...VALIDATION_RULES]);
      if (errors.length > 0) return { errors: errors.map((error) => presenter.presentDocument(error)) };
      const context = contextOf(principal);
      const request = { document, key: source, operationName: null, variables: variableValues, context };
      return trading.run(operations.execute(request).finally(() => context.close()));
    };
    return {
      principal,
      answer,
      async ask(source, variables) {
        const { data, errors } = await answer(source, variables);
        if (errors?.[0] !== undefined) throw errors[0];
        return JSON.parse(JSON.stringify(data)) as unknown;
      },
      async refusal(source, variables) {
        const result = await answer(source, variables);
        const [error] = result.errors ?? [];
        if (error === undefined) throw new Error(`no refusal: ${JSON.stringify(result)}`);
        return { ...error.extensions, message: error.message };
      },
      subscribe: (source, variableValues = {}) =>
        subscribe({
          schema,
          document: parse(source),
          variableValues,
          contextValue: contextOf(principal),
        }),
    };
  };

  return {
    trading,
    gateway,
    schema,
    services,
    readers,
    savedSettings,
    audited,
    gatewayChanges,
    faults,
    context: contextOf,
    caller,
    async openAccount(by) {
      const input = { name: 'Main', broker: 'scripted', startingCash: '1000000' };
      const id = textAt(await by.ask(OPEN_ACCOUNT, { input }), 'openAccount.id');
      await trading.clock.advance(300);
      // Its connection is its own, and has heard no quote yet.
      trading.venue.quote('AAPL', '190.00', '190.02');
      await by.ask(SET_LIMITS, { id, limits: { maxConcentration: null } });
      return id;
    },
  };
}
