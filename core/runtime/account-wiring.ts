import type { JournaledEvent } from '../engine/account-event.ts';
import type { ArchiveView, DecideContext } from '../engine/decide-context.ts';
import type { AccountEntry } from '../ports/account-directory.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { JournalSpace } from '../ports/journal-space.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { StrategySupervisor } from '../strategies/strategy-supervisor.ts';
import type { AccountActor } from './account-actor.ts';
import type { ArchivePrefetch } from './archive-prefetch.ts';
import type { SealedBatch } from './batch-draft.ts';
import type { BrokerSessions, Venue } from './broker-sessions.ts';
import { createAccountActor } from './create-account-actor.ts';
import { pause } from './deadline.ts';
import type { GatewayTradingWatch } from './gateway-trading.ts';
import type { RuntimeSettings } from './runtime-settings.ts';
import type { ShardRunner } from './shard-runner.ts';
import type { SnapshotSaver } from './snapshot-saver.ts';

export interface AccountWiringOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
  readonly prefetch: ArchivePrefetch;
  readonly settings: RuntimeSettings;
  readonly snapshots: SnapshotSaver;
  readonly venues: BrokerSessions;
  readonly runner: ShardRunner;
  readonly gatewayTrading: GatewayTradingWatch;
  readonly strategies: StrategySupervisor;
  readonly journalSpace: JournalSpace | undefined;
  readonly wake: (actor: AccountActor) => void;
  readonly onCommit: (accountId: string, events: readonly JournaledEvent[]) => void;
}

/** What connects an account with its venue, its snapshots, the market and the gateway's kill switch. */
export interface AccountWiring {
  createActor(entry: AccountEntry, epoch: number): AccountActor;
  /** In memory and ours, for the first time or again. */
  opened(actor: AccountActor): void;
  closed(actor: AccountActor): void;
  committed(actor: AccountActor, sealed: SealedBatch, events: readonly JournaledEvent[]): void;
  /** Quotes of these symbols came over this connection. */
  moved(venue: Venue, symbols: readonly string[]): void;
  readonly obeyGateway: (actor: AccountActor) => void;
  /** Lets accounts finish what they have begun, for a moment, and saves their snapshots. */
  drain(actors: readonly AccountActor[]): Promise<void>;
  /** Waits for something that need not come. */
  forAMoment(what: Promise<void>): Promise<void>;
  /** Undefined when it does not come in a moment. */
  soon<T>(what: Promise<T>): Promise<T | undefined>;
}

/** While a shard is being taken over, its accounts are not known; the router asks again. */
const SOON_MS = 250;
const OVER = 'over';

export function createAccountWiring(options: AccountWiringOptions): AccountWiring {
  const { clock, gatewayTrading, ids, runner, settings, snapshots, telemetry, venues } = options;

  const venueOf = (actor: AccountActor): Venue => venues.get(actor.entry);
  async function atMost<T>(ms: number, what: Promise<T>): Promise<T | undefined> {
    const done = new AbortController();
    try {
      return await Promise.race([what, pause(clock, ms, done.signal).then(() => undefined)]);
    } finally {
      // With a reason, for the default one is an error with its stack each time.
      done.abort(OVER);
    }
  }
  const forAMoment = (what: Promise<void>): Promise<void> => atMost(settings.admitAfterMs, what);

  function contextOf({ accountId }: AccountEntry, venue: Venue): (archive: ArchiveView) => DecideContext {
    const { session } = venue;
    const newOrderId = (): string => ids.next();
    return (archive) => {
      const market = venues.marketFor(venue);
      return {
        now: market.now(),
        wall: clock.now(),
        market: market.view,
        broker: session.view(accountId),
        gatewayTradingState: gatewayTrading.state,
        isJournalLow: options.journalSpace?.isLow === true,
        archive,
        settings: settings.engine,
        newOrderId,
      };
    };
  }

  /** The kill switch with cancels: each owner cancels for its accounts, also for those it takes over later. */
  function obeyGateway(actor: AccountActor): void {
    const trading = gatewayTrading.latest;
    const isStop = trading !== null && trading.state !== 'ACTIVE' && trading.cancelOpenOrders;
    if (!isStop || (actor.state?.openOrderIds.size ?? 0) === 0) {
      return;
    }
    const meta = {
      actor: 'gateway',
      correlationId: `gateway-state:${String(trading.version)}`,
      traceparent: null,
      deadline: clock.now() + settings.appendTimeoutMs * 2,
    };
    const command = { kind: 'cancelAllOrders', symbol: null, reason: trading.reason } as const;
    actor.submit([command], meta).catch((error: unknown) => {
      telemetry.log('warn', 'open orders could not be cancelled', { account: actor.entry.accountId, error });
    });
  }

  function tellListeners(accountId: string, events: readonly JournaledEvent[]): void {
    try {
      options.onCommit(accountId, events);
    } catch (error) {
      telemetry.log('error', 'a commit listener failed', { account: accountId, error });
    }
  }

  function sync(actor: AccountActor): void {
    const { session } = venueOf(actor);
    session.attach(actor);
    void forAMoment(session.whenSynced(actor.entry.accountId)).then(() => {
      actor.admitClients();
      if (actor.phase !== 'closed') options.strategies.opened(actor);
    });
  }

  return {
    forAMoment,
    soon: (what) => atMost(SOON_MS, what),
    obeyGateway,
    createActor(entry, epoch) {
      const venue = venues.get(entry);
      return createAccountActor(entry, epoch, {
        clock,
        telemetry,
        prefetch: options.prefetch,
        limits: settings.mailbox,
        batchLimit: settings.batch,
        venueIdPrefix: settings.engine.venueIdPrefix,
        snapshotEvery: settings.snapshotEvery,
        capabilities: () => venue.session.capabilities,
        context: contextOf(entry, venue),
        wake: options.wake,
        reload: (actor, afterMs) => {
          runner.reload(actor, afterMs);
        },
      });
    },
    opened(actor) {
      // An account that is being opened has no place at the venue before its opening is durable.
      if (actor.state?.seq !== 0) {
        sync(actor);
        obeyGateway(actor);
      }
    },
    closed(actor) {
      options.strategies.closed(actor);
      venueOf(actor).session.detach(actor);
    },
    committed(actor, sealed, events) {
      const { session } = venueOf(actor);
      session.committed(actor, sealed.batch?.changes.orders ?? [], sealed.sends);
      if (sealed.snapshot !== null) {
        void snapshots.save(actor, events.at(-1)?.seq ?? 0, sealed.snapshot);
      }
      if (events[0]?.event.type === 'ACCOUNT_OPENED') {
        sync(actor);
      }
      options.strategies.committed(actor, events);
      tellListeners(actor.entry.accountId, events);
    },
    moved(venue, symbols) {
      for (const actor of runner.actors.values()) {
        const { state } = actor;
        if (state === null || state.seq === 0 || venues.marketFor(venueOf(actor)) !== venue.hub) {
          continue;
        }
        const concerned = symbols.filter(
          (symbol) => state.heldOrderIds.has(symbol) || (state.positions.get(symbol)?.quantity ?? 0n) !== 0n,
        );
        if (concerned.length > 0) {
          actor.post({ kind: 'marketMoved', symbols: concerned });
        }
      }
    },
    async drain(leaving) {
      await atMost(settings.drainMs, options.strategies.release(leaving));
      const finished = leaving.map(async (actor) => {
        await venueOf(actor).session.whenIdle(actor.entry.accountId);
        await actor.whenQuiet();
        await snapshots.saveNow(actor);
      });
      await atMost(settings.drainMs, Promise.all(finished));
    },
  };
}
