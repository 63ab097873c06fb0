import type { JournaledEvent } from '../engine/account-event.ts';
import type { ArchiveView, DecideContext, MarketView } from '../engine/decide-context.ts';
import type { AccountDirectory, AccountEntry } from '../ports/account-directory.ts';
import type { BrokerConnector, BrokerRef } from '../ports/broker-connector.ts';
import type { Bus } from '../ports/bus.ts';
import type { Chance, Clock, Ids, Timer } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import type { Forwarder } from '../ports/forwarder.ts';
import type { GatewayStateReader } from '../ports/gateway-state.ts';
import type { Journal } from '../ports/journal.ts';
import type { LeaseStore } from '../ports/leases.ts';
import type { OrderArchive } from '../ports/order-archive.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { AccountActor } from './account-actor.ts';
import { createAccountLoader } from './account-loader.ts';
import { createArchivePrefetch } from './archive-prefetch.ts';
import type { SealedBatch } from './batch-draft.ts';
import { createBrokerSessions, type Venue } from './broker-sessions.ts';
import type { CommandGate } from './command-gate.ts';
import { createCommandRouter } from './command-router.ts';
import { createCommitScheduler } from './commit-scheduler.ts';
import { createAccountActor } from './create-account-actor.ts';
import { pause } from './deadline.ts';
import { watchGatewayTrading } from './gateway-trading.ts';
import { createKnownAccounts } from './known-accounts.ts';
import { createLeaseKeeper } from './lease-keeper.ts';
import { createLocalAccounts, type LocalAccounts } from './local-accounts.ts';
import type { MarketData } from './market-data.ts';
import type { RuntimeSettings } from './runtime-settings.ts';
import { type RuntimeStatus, runtimeStatus } from './runtime-status.ts';
import { createShardRunner, type ShardRunner } from './shard-runner.ts';
import { shardOf } from './sharding.ts';
import { createSnapshotSaver } from './snapshot-saver.ts';

export interface TradingRuntimeOptions {
  readonly journal: Journal;
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
  const timers = new Set<Timer>();
  let isClosed = false;

  const accounts = createKnownAccounts(options.directory, clock, timeoutMs);
  const prefetch = createArchivePrefetch({ archive: options.archive, clock, telemetry, timeoutMs });
  const snapshots = createSnapshotSaver({ journal, clock, telemetry, failpoints, timeoutMs });

  const scheduler = createCommitScheduler({
    journal,
    bus,
    clock,
    telemetry,
    failpoints,
    lanes: settings.lanes,
    appendTimeoutMs: settings.appendTimeoutMs,
    maxEvents: settings.appendEvents,
    onCommitted,
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
    connector: options.connector,
    settings,
    env: {
      clock,
      chance: options.chance,
      telemetry,
      failpoints,
      ownership: leases,
      venueIdPrefix: settings.engine.venueIdPrefix,
      times: { ...settings.broker, leaseTtlMs: settings.leaseTtlMs },
    },
    onMoved: tellMoved,
  });

  const gatewayTrading = watchGatewayTrading({
    reader: options.gatewayState,
    bus,
    clock,
    telemetry,
    timeoutMs,
    onChanged: () => {
      for (const actor of runner.actors.values()) {
        obeyGateway(actor);
      }
    },
  });

  const runner: ShardRunner = createShardRunner({
    journal,
    directory: options.directory,
    load: createAccountLoader({ journal, clock, telemetry, timeoutMs }),
    ownership: leases,
    clock,
    telemetry,
    failpoints,
    timeoutMs,
    parallelLoads: settings.parallelLoads,
    createActor,
    onOpened,
    onClosed: (actor) => {
      venueOf(actor).session.detach(actor);
    },
    drain: drainAccounts,
  });

  const local = createLocalAccounts({
    accounts,
    ownership: leases,
    runner,
    prepare: (entry) => forAMoment(venues.get(entry).hub.whenTimeKnown()),
    settle: (actor) => forAMoment(venueOf(actor).session.whenSynced(actor.entry.accountId)),
  });

  const gate = createCommandRouter({
    accounts,
    local,
    forwarder: options.forwarder,
    leases,
    connector: options.connector,
    clock,
  });

  const venueOf = (actor: AccountActor): Venue => venues.get(actor.entry);

  /** Waits for something that need not come. */
  const forAMoment = (what: Promise<void>): Promise<void> =>
    Promise.race([what, pause(clock, settings.admitAfterMs)]);

  function createActor(entry: AccountEntry, epoch: number): AccountActor {
    const venue = venues.get(entry);
    const { accountId } = entry;
    const context = (archive: ArchiveView): DecideContext => ({
      now: venue.hub.now(),
      wall: clock.now(),
      market: venue.hub.view,
      broker: venue.session.view(accountId),
      gatewayTradingState: gatewayTrading.state,
      archive,
      settings: settings.engine,
      newOrderId: () => ids.next(),
    });
    return createAccountActor(entry, epoch, {
      clock,
      telemetry,
      prefetch,
      limits: settings.mailbox,
      batchLimit: settings.batch,
      venueIdPrefix: settings.engine.venueIdPrefix,
      snapshotEvery: settings.snapshotEvery,
      capabilities: () => venue.session.capabilities,
      context,
      wake: scheduler.wake,
      reload: (actor) => {
        runner.reload(actor);
      },
    });
  }

  function onOpened(actor: AccountActor): void {
    const { session } = venueOf(actor);
    session.attach(actor);
    if (actor.state?.seq !== 0) {
      void forAMoment(session.whenSynced(actor.entry.accountId)).then(() => {
        actor.admitClients();
      });
      obeyGateway(actor);
    }
  }

  function obeyGateway(actor: AccountActor): void {
    const trading = gatewayTrading.latest;
    if (
      trading === null ||
      trading.state === 'ACTIVE' ||
      !trading.cancelOpenOrders ||
      actor.state?.openOrderIds.size === 0
    ) {
      return;
    }
    const meta = {
      actor: 'gateway',
      correlationId: `gateway-state:${String(trading.version)}`,
      traceparent: null,
      deadline: clock.now() + settings.appendTimeoutMs * 2,
    };
    actor
      .submit([{ kind: 'cancelAllOrders', symbol: null, reason: trading.reason }], meta)
      .catch((error: unknown) => {
        telemetry.log('warn', 'open orders could not be cancelled', {
          account: actor.entry.accountId,
          error,
        });
      });
  }

  function onCommitted(actor: AccountActor, sealed: SealedBatch, events: readonly JournaledEvent[]): void {
    const { session } = venueOf(actor);
    session.committed(actor, sealed.batch?.changes.orders ?? [], sealed.sends);
    if (sealed.snapshot !== null) {
      void snapshots.save(actor, events.at(-1)?.seq ?? 0, sealed.snapshot);
    }
    if (events[0]?.event.type === 'ACCOUNT_OPENED') {
      session.attach(actor);
    }
    for (const listener of listeners) {
      try {
        listener(actor.entry.accountId, events);
      } catch (error) {
        telemetry.log('error', 'a commit listener failed', { error });
      }
    }
  }

  function tellMoved(venue: Venue, symbols: readonly string[]): void {
    for (const actor of runner.actors.values()) {
      const { state } = actor;
      if (state === null || state.seq === 0 || venueOf(actor) !== venue) {
        continue;
      }
      const concerned = symbols.filter(
        (symbol) => state.heldOrderIds.has(symbol) || (state.positions.get(symbol)?.quantity ?? 0n) !== 0n,
      );
      if (concerned.length > 0) {
        actor.post({ kind: 'marketMoved', symbols: concerned });
      }
    }
  }

  async function drainAccounts(leaving: readonly AccountActor[]): Promise<void> {
    const done = Promise.all(
      leaving.map(async (actor) => {
        await venueOf(actor).session.whenIdle(actor.entry.accountId);
        await actor.whenQuiet();
        await snapshots.saveNow(actor);
      }),
    );
    await Promise.race([done, pause(clock, settings.drainMs)]);
  }

  function every(ms: number, task: () => void): void {
    const timer = clock.after(ms, () => {
      timers.delete(timer);
      if (!isClosed) {
        task();
        every(ms, task);
      }
    });
    timers.add(timer);
  }

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

  const status = (): RuntimeStatus => runtimeStatus(leases, runner, venues, clock, telemetry);

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
      every(settings.clockTickMs, tick);
      every(settings.sessionTickMs, venues.run);
    },
    status,
    async close() {
      await leases.close();
      isClosed = true;
      for (const timer of timers) {
        timer.cancel();
      }
      gatewayTrading.close();
      prefetch.close();
      await venues.close();
      listeners.clear();
    },
  };
}
