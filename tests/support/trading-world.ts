import type { OptimizerDefinition, StrategyDefinition } from '@omniquant/plugin-sdk';

import type { JournaledEvent } from '../../core/engine/account-event.ts';
import type { ClientCommand, PlaceOrder } from '../../core/engine/command.ts';
import type { OrderRecord } from '../../core/orders/order-record.ts';
import type { Bus } from '../../core/ports/bus.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Failpoint, Failpoints } from '../../core/ports/failpoints.ts';
import { type Forwarder, NotOwnerError } from '../../core/ports/forwarder.ts';
import type { GatewayTrading } from '../../core/ports/gateway-state.ts';
import { DEFAULT_LIMITS } from '../../core/risk/limits.ts';
import type { CommandMeta, CommandReply } from '../../core/runtime/command-reply.ts';
import { DEFAULT_SETTINGS, type RuntimeSettings } from '../../core/runtime/runtime-settings.ts';
import { createTradingRuntime, type TradingRuntime } from '../../core/runtime/trading-runtime.ts';
import { createInProcessHost } from '../../core/strategies/in-process-host.ts';
import { createMemoryArchive } from './memory-archive.ts';
import { createMemoryBusLine } from './memory-bus.ts';
import { createMemoryDirectory } from './memory-directory.ts';
import { createMemoryJournal, type MemoryJournal } from './memory-journal.ts';
import { createMemoryLeases, type MemoryLeases } from './memory-leases.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { mortal } from './mortal-port.ts';
import { type RecordedLog, type RecordedSpan, recordingTelemetry } from './recording-telemetry.ts';
import { createScriptedVenue, type ScriptedVenue } from './scripted-venue.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** A gateway process of a test: a runtime whose every way out can be cut, as death cuts it. */
export interface GatewayProcess {
  readonly name: string;
  readonly runtime: TradingRuntime;
  readonly bus: Bus;
  readonly logs: readonly RecordedLog[];
  readonly spans: readonly RecordedSpan[];
  /** Dies at the n-th passage of the point from now on. */
  dieAt(point: Failpoint, passage?: number): void;
  readonly isDead: boolean;
  /** At once, in the middle of whatever it does. */
  kill(): void;
}

/** A store, a venue and a clock that outlive the gateways. */
export interface TradingWorld {
  readonly clock: VirtualClock;
  readonly store: MemoryStore;
  readonly journal: MemoryJournal;
  readonly leases: MemoryLeases;
  readonly venue: ScriptedVenue;
  trading: GatewayTrading;
  /** Starts a gateway and lets it take its shards. */
  start(name?: string, settings?: Partial<RuntimeSettings>): Promise<GatewayProcess>;
  /** Opens an account with cash, and waits until its venue is ready. */
  openAccount(gateway: GatewayProcess, accountId?: string): Promise<string>;
  events(accountId: string): JournaledEvent[];
  /** As the read model has it. */
  order(accountId: string, orderId: string): OrderRecord | undefined;
  meta(overrides?: Partial<CommandMeta>): CommandMeta;
  placeOrder(
    overrides?: Partial<Omit<PlaceOrder, 'terms'>> & { terms?: Partial<PlaceOrder['terms']> },
  ): PlaceOrder;
  /** Runs a command while time goes on, until it is answered. */
  run<T>(work: Promise<T>, limitMs?: number): Promise<T>;
}

export const VENUE_PREFIX = 'oq';

export function openAccountCommand(accountId: string): Extract<ClientCommand, { kind: 'openAccount' }> {
  return {
    kind: 'openAccount',
    accountId,
    workspaceId: 'workspace-1',
    name: 'Main',
    broker: 'scripted',
    environment: 'PAPER',
    baseCurrency: 'USD',
    startingCash: '1000000',
    limits: { ...DEFAULT_LIMITS, maxConcentration: null },
  };
}

export function createTradingWorld(
  strategies: readonly StrategyDefinition[] = [],
  optimizers: readonly OptimizerDefinition[] = [],
): TradingWorld {
  const clock = createVirtualClock();
  const store = createMemoryStore();
  const journal = createMemoryJournal(store);
  const leases = createMemoryLeases(store, clock);
  const venue = createScriptedVenue(clock);
  const line = createMemoryBusLine();
  const runtimes = new Map<string, TradingRuntime>();
  let numbered = 0;

  const world: TradingWorld = {
    clock,
    store,
    journal,
    leases,
    venue,
    trading: { state: 'ACTIVE', version: 1, cancelOpenOrders: false, reason: '' },
    async start(name = 'gateway-1', overrides = {}) {
      const gateway = createGateway(name, overrides);
      await world.run(gateway.runtime.start());
      await clock.advance(500);
      venue.quote('AAPL', '190.00', '190.02');
      await clock.settle();
      return gateway;
    },
    async openAccount(gateway, accountId = `account-${String((numbered += 1))}`) {
      await world.run(gateway.runtime.execute(accountId, openAccountCommand(accountId), world.meta()));
      await clock.advance(300);
      return accountId;
    },
    events: (accountId) =>
      (store.accounts.get(accountId)?.events ?? []).map((text) => JSON.parse(text) as JournaledEvent),
    order: (accountId, orderId) => store.accounts.get(accountId)?.orders.get(orderId)?.record,
    meta: (overrides = {}) => ({
      actor: 'user:1',
      correlationId: 'c-1',
      traceparent: null,
      deadline: clock.now() + 10_000,
      ...overrides,
    }),
    placeOrder({ terms, ...overrides } = {}) {
      numbered += 1;
      const orderId = `order-${String(numbered)}`;
      return {
        kind: 'placeOrder',
        clientOrderId: `client-${orderId}`,
        requestHash: 'hash',
        orderId,
        takeProfitId: `${orderId}-tp`,
        stopLossId: `${orderId}-sl`,
        terms: {
          symbol: 'AAPL',
          side: 'BUY',
          type: 'LIMIT',
          quantity: '10',
          notional: null,
          limitPrice: '180',
          stopPrice: null,
          trailingOffset: null,
          trailingOffsetType: null,
          timeInForce: 'GTC',
          expireAt: null,
          postOnly: false,
          reduceOnly: false,
          displayQuantity: null,
          extendedHours: false,
          ...terms,
        },
        takeProfit: null,
        stopLoss: null,
        strategyId: null,
        origin: 'API',
        ...overrides,
      };
    },
    async run(work, limitMs = 60_000) {
      const progress = { isDone: false };
      const settled = work.finally(() => {
        progress.isDone = true;
      });
      settled.catch(() => undefined);
      await clock.settle();
      for (let elapsed = 0; !progress.isDone && elapsed < limitMs; elapsed += 20) {
        await clock.advance(20);
        await clock.settle();
      }
      if (!progress.isDone) {
        throw new Error(`no answer within ${String(limitMs)} ms of virtual time`);
      }
      return settled;
    },
  };
  return world;

  function createGateway(name: string, overrides: Partial<RuntimeSettings>): GatewayProcess {
    const passages = new Map<Failpoint, number>();
    const logs: RecordedLog[] = [];
    const spans: RecordedSpan[] = [];
    const connector = venue.connector();
    const bus = line.connect();
    let isDead = false;

    function kill(): void {
      isDead = true;
      connector.cut();
      void bus.close();
      runtimes.delete(name);
    }

    // Whatever the code does after its death, nobody sees it: all ways out are cut.
    const failpoints: Failpoints = {
      hit(point) {
        const left = passages.get(point);
        if (left === 1) {
          kill();
        }
        if (left !== undefined) {
          passages.set(point, left - 1);
        }
      },
    };
    const processClock: Clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (ms, task) =>
        clock.after(ms, () => {
          if (!isDead) {
            task();
          }
        }),
    };
    let ids = 0;
    const runtime = createTradingRuntime({
      journal: mortal(journal, () => isDead),
      archive: mortal(createMemoryArchive(store), () => isDead),
      directory: mortal(createMemoryDirectory(store), () => isDead),
      leases: mortal(leases, () => isDead),
      bus,
      clock: processClock,
      ids: { next: () => `${name}-${String((ids += 1))}` },
      chance: { next: () => 0.5 },
      telemetry: recordingTelemetry(logs, spans),
      failpoints,
      connector,
      strategyHost: createInProcessHost(
        (id) => strategies.find((strategy) => strategy.id === id),
        (id) => optimizers.find((optimizer) => optimizer.id === id),
      ),
      forwarder: forwarder(),
      gatewayState: { read: () => Promise.resolve(world.trading) },
      settings: {
        ...DEFAULT_SETTINGS,
        engine: {
          venueIdPrefix: VENUE_PREFIX,
          quoteStaleAfterMs: 1_000_000_000,
          restrictedSymbols: new Set(),
          flattenOnDailyLoss: false,
        },
        market: { accountCalendar: 'ALWAYS', haltedSymbols: new Set() },
        marketSource: { broker: 'scripted', connection: 'default' },
        ...overrides,
      },
      owner: `${name}@${String(clock.monotonic())}`,
      address: name,
    });
    runtimes.set(name, runtime);
    return {
      name,
      runtime,
      bus,
      logs,
      spans,
      dieAt: (point, passage = 1) => void passages.set(point, passage),
      get isDead() {
        return isDead;
      },
      kill,
    };
  }

  /** Straight into the other runtime, as the internal HTTP would bring it. */
  function forwarder(): Forwarder {
    const ownerAt = (address: string, accountId: string): TradingRuntime => {
      const runtime = runtimes.get(address);
      if (runtime === undefined) {
        throw new NotOwnerError(accountId);
      }
      return runtime;
    };
    return {
      async executeAll(
        address: string,
        accountId: string,
        commands: readonly ClientCommand[],
        meta: CommandMeta,
      ): Promise<readonly CommandReply[]> {
        await Promise.resolve();
        return ownerAt(address, accountId).local.executeAll(accountId, commands, meta);
      },
      async preview(address, accountId, command, meta) {
        await Promise.resolve();
        return ownerAt(address, accountId).local.preview(accountId, command, meta);
      },
    };
  }
}
