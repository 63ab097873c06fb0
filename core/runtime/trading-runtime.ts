import type { JournaledEvent } from '../engine/account-event.ts';
import type { MarketView } from '../engine/decide-context.ts';
import type { AccountDirectory } from '../ports/account-directory.ts';
import type { BarSink } from '../ports/bar-sink.ts';
import type { BrokerConnector, BrokerRef } from '../ports/broker-connector.ts';
import type { Bus } from '../ports/bus.ts';
import type { Chance, Clock, Ids } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import { type FeedConnector, NO_FEEDS } from '../ports/feed-connector.ts';
import type { Forwarder } from '../ports/forwarder.ts';
import type { GatewayStateReader } from '../ports/gateway-state.ts';
import type { Journal } from '../ports/journal.ts';
import type { JournalSpace } from '../ports/journal-space.ts';
import type { LeaseStore } from '../ports/leases.ts';
import type { OrderArchive } from '../ports/order-archive.ts';
import { NO_STRATEGY_HOST, type StrategyHost } from '../ports/strategy-host.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { createStrategyNotices } from '../strategies/strategy-notices.ts';
import { createStrategySupervisor } from '../strategies/strategy-supervisor.ts';
import type { AccountActor } from './account-actor.ts';
import { createAccountLoader } from './account-loader.ts';
import { createAccountWiring } from './account-wiring.ts';
import { createArchivePrefetch } from './archive-prefetch.ts';
import { createBrokerSessions } from './broker-sessions.ts';
import type { CommandGate } from './command-gate.ts';
import { createCommandRouter } from './command-router.ts';
import { createCommitScheduler } from './commit-scheduler.ts';
import { watchGatewayTrading } from './gateway-trading.ts';
import { createKnownAccounts } from './known-accounts.ts';
import { createLeaseKeeper } from './lease-keeper.ts';
import { createLocalAccounts, type LocalAccounts } from './local-accounts.ts';
import type { MarketData } from './market-data.ts';
import type { MarketHub } from './market-hub.ts';
import { watchMarketTime } from './market-time-watch.ts';
import { createRepeating } from './repeating.ts';
import type { RuntimeSettings } from './runtime-settings.ts';
import { type RuntimeStatus, runtimeStatus } from './runtime-status.ts';
import { watchBrokerSettings } from './settings-watch.ts';
import { createShardRunner, type ShardRunner } from './shard-runner.ts';
import { shardOf } from './sharding.ts';
import { createSnapshotSaver } from './snapshot-saver.ts';
import { isSettled, whenSettled } from './when-settled.ts';

export interface TradingRuntimeOptions {
  readonly journal: Journal;
  /** Left out where the journal's disks cannot be seen. */
  readonly journalSpace?: JournalSpace;
  readonly archive: OrderArchive;
  readonly directory: AccountDirectory;
  readonly leases: LeaseStore;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly chance: Chance;
  readonly telemetry: Telemetry;
  readonly failpoints: Failpoints;
  readonly connector: BrokerConnector;
  /** Left out where no feed is set for a broker. */
  readonly feedConnector?: FeedConnector;
  /** Takes the bars that the settings ask for; left out, none are kept. */
  readonly barSink?: BarSink;
  /** Left out where no strategy is to run. */
  readonly strategyHost?: StrategyHost;
  readonly forwarder: Forwarder;
  readonly gatewayState: GatewayStateReader;
  readonly settings: RuntimeSettings;
  /** Names this life of the process among the owners of leases. */
  readonly owner: string;
  /** Where other gateways forward commands to. */
  readonly address: string;
}

/** Told after each commit of an account here, once clients have been answered. */
export type CommitListener = (accountId: string, events: readonly JournaledEvent[]) => void;

/**
 * The trading part of a gateway: accounts on the shards that this process owns, their commits, their
 * brokers and the market data. Everything outside comes through the ports, so that several run in one
 * process, under virtual time, as well as each in its own.
 */
export interface TradingRuntime extends CommandGate {
  /** For commands that other gateways forward: this process's accounts only. */
  readonly local: LocalAccounts;
  /** Of the market source; `view` is what decisions see of it. */
  readonly market: MarketData & { readonly view: MarketView };
  onCommit(listener: CommitListener): () => void;
  /** Where an account that is to be opened will live. */
  shardFor(accountId: string, ref: BrokerRef): Promise<number>;
  /** Rejects when the lease store cannot be reached. */
  start(): Promise<void>;
  status(): RuntimeStatus;
  /** Stops taking in, finishes what has begun, saves snapshots, gives the shards back, closes the brokers. */
  close(): Promise<void>;
}

export function createTradingRuntime(options: TradingRuntimeOptions): TradingRuntime {
  const { bus, clock, failpoints, ids, journal, settings, telemetry } = options;
  const timeoutMs = settings.readTimeoutMs;
  const listeners = new Set<CommitListener>();
  const repeating = createRepeating(clock);
  const closing = new AbortController();

  const accounts = createKnownAccounts(options.directory, clock, timeoutMs);
  const prefetch = createArchivePrefetch({ archive: options.archive, clock, telemetry, timeoutMs });
  const snapshots = createSnapshotSaver({ journal, clock, telemetry, failpoints, timeoutMs });

  const scheduler = createCommitScheduler({
    journal,
    bus,
    clock,
    telemetry,
    failpoints,
    parallelAppends: settings.parallelAppends,
    parallelFromEvents: settings.parallelFromEvents,
    appendTimeoutMs: settings.appendTimeoutMs,
    maxEvents: settings.appendEvents,
    onCommitted: (actor, sealed, events) => {
      wiring.committed(actor, sealed, events);
    },
  });

  const leases = createLeaseKeeper({
    store: options.leases,
    clock,
    chance: options.chance,
    telemetry,
    failpoints,
    owner: options.owner,
    address: options.address,
    ttlMs: settings.leaseTtlMs,
    startTimeoutMs: timeoutMs,
    pollMs: settings.leasePollMs,
    onGained: (shard, epoch) => {
      runner.gain(shard, epoch);
    },
    onLost: (shard) => {
      runner.lose(shard);
    },
    onRelease: (shard) => runner.release(shard),
  });

  const venues = createBrokerSessions({
    ...{ connector: options.connector, barSink: options.barSink, settings },
    feedConnector: options.feedConnector ?? NO_FEEDS,
    env: {
      clock,
      chance: options.chance,
      telemetry,
      failpoints,
      ownership: leases,
      venueIdPrefix: settings.engine.venueIdPrefix,
      prefetch,
      times: { ...settings.broker, leaseTtlMs: settings.leaseTtlMs },
    },
    onMoved: (venue, symbols) => {
      wiring.moved(venue, symbols);
    },
    whenSettled: () => whenSettled(clock, () => isSettled({ runner, strategies, venues }), closing.signal),
  });

  const brokerSettings = watchBrokerSettings({
    connector: options.connector,
    bus,
    clock,
    telemetry,
    timeoutMs,
    sessions: () => venues.all().map(({ session }) => session),
  });

  const gatewayTrading = watchGatewayTrading({
    reader: options.gatewayState,
    bus,
    clock,
    telemetry,
    timeoutMs,
    onChanged: () => {
      runner.actors.forEach(wiring.obeyGateway);
    },
  });

  const runner: ShardRunner = createShardRunner({
    journal,
    directory: options.directory,
    load: createAccountLoader({ journal, clock, telemetry, timeoutMs }),
    clock,
    telemetry,
    failpoints,
    timeoutMs,
    parallelLoads: settings.parallelLoads,
    createActor: (entry, epoch) => wiring.createActor(entry, epoch),
    whenAppended: (accountId) => scheduler.whenAppended(accountId),
    onOpened: (actor) => {
      wiring.opened(actor);
    },
    onClosed: (actor) => {
      wiring.closed(actor);
    },
    drain: (actors) => wiring.drain(actors),
  });

  const marketOf = (actor: AccountActor): MarketHub => venues.marketFor(venues.get(actor.entry));
  const strategies = createStrategySupervisor({
    ...{ clock, failpoints, ids, telemetry },
    host: options.strategyHost ?? NO_STRATEGY_HOST,
    settings: settings.strategies,
    marketFor: marketOf,
    journal: (accountId, afterSeq, signal) => journal.read(accountId, afterSeq, signal),
    tell: createStrategyNotices(bus, telemetry, (actor) => marketOf(actor).now()),
  });

  const wiring = createAccountWiring({
    ...{ clock, ids, telemetry, prefetch, settings, snapshots, venues, runner, gatewayTrading, strategies },
    journalSpace: options.journalSpace,
    wake: (actor) => {
      scheduler.wake(actor);
    },
    onCommit: (accountId, events) => {
      for (const listener of listeners) {
        listener(accountId, events);
      }
    },
  });

  const local = createLocalAccounts({
    accounts,
    ownership: leases,
    runner,
    soon: (what) => wiring.soon(what),
    prepare: (entry) => wiring.forAMoment(venues.get(entry).hub.whenTimeKnown()),
  });

  const gate = createCommandRouter({
    accounts,
    local,
    forwarder: options.forwarder,
    leases,
    connector: options.connector,
    clock,
  });

  function tick(): void {
    for (const actor of runner.actors.values()) {
      actor.expire();
      if (actor.phase === 'open' && actor.state?.seq !== 0) {
        actor.post({ kind: 'clockTicked' });
      }
    }
    venues.tick();
    void gatewayTrading.poll();
    status();
  }

  const aheadOf = watchMarketTime(telemetry, (actor: AccountActor) => marketOf(actor).now());
  const status = (): RuntimeStatus => runtimeStatus(leases, runner, venues, clock, telemetry, aheadOf);

  const primary = settings.marketSource === null ? null : venues.get(settings.marketSource).hub;

  return {
    ...gate,
    local,
    get market() {
      if (primary === null) {
        throw new Error('no market source is configured');
      }
      return primary;
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async shardFor(accountId, ref) {
      return shardOf(accountId, ref, await options.connector.isExclusive(ref));
    },
    async start() {
      await gatewayTrading.poll();
      await leases.start();
      repeating.every(settings.clockTickMs, tick);
      repeating.every(settings.sessionTickMs, () => {
        venues.run();
      });
      repeating.every(settings.brokerSettingsEveryMs, () => void brokerSettings.poll());
    },
    status,
    async close() {
      closing.abort();
      await leases.close();
      repeating.close();
      gatewayTrading.close();
      brokerSettings.close();
      prefetch.close();
      await venues.close();
      listeners.clear();
    },
  };
}
