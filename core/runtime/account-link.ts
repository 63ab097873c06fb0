import type { Broker, BrokerEvent } from '@omniquant/plugin-sdk';

import type { Order } from '../orders/order.ts';
import type { AccountActor } from './account-actor.ts';
import { fetchFills, listOpenOrders, syncAccount } from './account-sync.ts';
import { venueOrderOwner } from './archive-needs.ts';
import type { BrokerEnvironment } from './broker-environment.ts';
import type { BrokerRequests } from './broker-requests.ts';
import { createDoubtResolver, type DoubtFacts } from './in-doubt.ts';
import { createReconciler } from './reconciliation.ts';
import { createWaiters } from './waiters.ts';

export interface AccountLinkOptions {
  readonly env: BrokerEnvironment;
  readonly actor: AccountActor;
  readonly brokerId: string;
  readonly requests: BrokerRequests;
  /** Shared by the accounts of the connection. */
  readonly limit: <T>(work: () => Promise<T>) => Promise<T>;
  /** Null while the connection is not ready. */
  readonly broker: () => Broker | null;
}

/**
 * One account at its broker connection.
 *
 *   stale --run, connection ready--> syncing --done--> synced --connection lost, overflow--> stale
 *
 * Orders are accepted only while synced: before that the gateway does not know what the venue has. A
 * message that finds the account's mailbox full is a gap: everything is asked for anew.
 */
export interface AccountLink {
  readonly actor: AccountActor;
  readonly isSynced: boolean;
  /** Resolves when it is synced. */
  whenSynced(): Promise<void>;
  deliver(event: BrokerEvent): void;
  /** The account was just opened or read from the journal: its state holds nothing that is not there. */
  loaded(): void;
  /** Orders as they stand after a commit. */
  noteOrders(orders: Iterable<DoubtFacts>): void;
  /** The connection was lost, or something else: what is known of the venue may be out of date. */
  markStale(): void;
  /** An answer found no room: all requests without an answer are in doubt. */
  loseOutcome(): void;
  /** Does what is due; called a few times a second. */
  run(): void;
  readonly inDoubt: number;
  readonly oldestDoubt: number | null;
  readonly differences: number;
}

const RETRY_MS = 1_000;
const LIST_AGAIN_MS = 1_000;

export function createAccountLink(options: AccountLinkOptions): AccountLink {
  const { env, actor, brokerId, broker, limit, requests } = options;
  const { clock, failpoints, telemetry, times } = env;
  const { accountId } = actor.entry;
  let phase: 'stale' | 'syncing' | 'synced' = 'stale';
  /** Counts what may have got lost: a gap during a sync means that it has to begin again. */
  let gaps = 0;
  let isBusy = false;
  let nextSyncAt = 0;
  let nextListAt = 0;
  let listedAt = 0;
  let nextLookAt = 0;
  let lacksFills = false;
  let hasLostOutcome = false;
  const synced = createWaiters();
  const isSynced = (): boolean => phase === 'synced';

  const doubts = createDoubtResolver({
    env,
    actor,
    broker,
    isSynced,
    isBusy: (orderId) => requests.isBusy(orderId),
    send: (send) => {
      requests.send(actor, [send]);
    },
    missFills: () => {
      lacksFills = true;
    },
  });
  const reconciler = createReconciler({
    env,
    actor,
    isSettled: () => isSynced() && actor.isQuiet && doubts.size === 0 && !requests.isAccountBusy(accountId),
  });

  function markStale(): void {
    gaps += 1;
    phase = phase === 'synced' ? 'stale' : phase;
  }

  /** Runs one piece of work with the venue at a time. */
  function occupy(work: () => Promise<void>, what: string): void {
    isBusy = true;
    limit(work)
      .catch((error: unknown) => {
        telemetry.count('broker_sync_failures_total', { broker: brokerId });
        telemetry.log('warn', `${what} failed and is tried again`, { account: accountId, error });
      })
      .finally(() => {
        isBusy = false;
      });
  }

  async function sync(connected: Broker): Promise<void> {
    phase = 'syncing';
    const gapsBefore = gaps;
    nextSyncAt = clock.monotonic() + RETRY_MS;
    telemetry.count('broker_resyncs_total', { broker: brokerId });
    try {
      if (hasLostOutcome && actor.post({ kind: 'recover' })) {
        hasLostOutcome = false;
      }
      const list = await syncAccount(env, connected, actor);
      // In this order: an order that works by all we know is settled, unless the venue's list lacks it.
      for (const order of openOrders()) doubts.look(order);
      noteList(list);
      phase = gaps === gapsBefore ? 'synced' : 'stale';
    } catch (error) {
      phase = 'stale';
      throw error;
    }
    const now = clock.monotonic();
    // Scattered, so that accounts that were synced together do not ask together for ever.
    nextListAt = now + times.openOrdersEveryMs * (0.5 + env.chance.next());
    nextLookAt = now + times.reconcileEveryMs * (0.5 + env.chance.next());
    lacksFills = false;
    if (isSynced()) {
      synced.tell();
    }
  }

  async function fetchMissing(connected: Broker): Promise<void> {
    lacksFills = false;
    await fetchFills(env, connected, actor);
  }

  function take(event: BrokerEvent): void {
    const orderId = event.kind === 'transfer' ? null : venueOrderOwner(event, accountId, env.venueIdPrefix);
    const traceparent = orderId === null ? null : (actor.state?.orders.get(orderId)?.traceparent ?? null);
    if (!actor.post({ kind: 'brokerEvent', event }, traceparent)) {
      telemetry.log('warn', 'too many messages of the venue wait: orders and fills are asked for anew', {
        account: accountId,
      });
      markStale();
    }
  }

  function openOrders(): readonly Order[] {
    const { state } = actor;
    return [...(state?.openOrderIds ?? [])].flatMap((orderId) => state?.orders.get(orderId) ?? []);
  }

  function noteList({
    askedAt,
    orders,
    missing,
    hasOtherFills,
  }: Awaited<ReturnType<typeof listOpenOrders>>): void {
    doubts.listed(askedAt, orders);
    lacksFills ||= hasOtherFills;
    for (const orderId of missing) {
      doubts.missing(orderId);
    }
  }

  async function list(connected: Broker): Promise<void> {
    listedAt = clock.monotonic();
    nextListAt = listedAt + times.openOrdersEveryMs;
    const found = await listOpenOrders(env, connected, actor);
    for (const order of found.orders) {
      if (isUnknown(order.venueOrderId, order.brokerOrderId)) {
        actor.post({ kind: 'venueOrder', order });
      }
    }
    noteList(found);
    // Also while all goes well: the place in the list from which a restart has to ask should not be far back.
    await fetchFills(env, connected, actor);
  }

  /** An order that the venue has and we do not have as open: the engine adopts it, or shows it as external. */
  function isUnknown(venueId: string | null, brokerOrderId: string): boolean {
    const orderId = venueOrderOwner({ venueOrderId: venueId, brokerOrderId }, accountId, env.venueIdPrefix);
    return actor.state?.openOrderIds.has(orderId) === false;
  }

  return {
    actor,
    get isSynced() {
      return isSynced();
    },
    whenSynced: () => (isSynced() ? Promise.resolve() : synced.wait()),
    deliver(event) {
      try {
        failpoints.hit('broker.before-event');
        take(event);
        failpoints.hit('broker.after-event');
      } catch (error) {
        telemetry.log('error', 'a message of the venue got lost: orders and fills are asked for anew', {
          account: accountId,
          error,
        });
        markStale();
      }
    },
    loaded() {
      for (const order of openOrders()) doubts.note(order);
      markStale();
    },
    noteOrders(orders) {
      for (const order of orders) {
        doubts.note(order);
      }
    },
    markStale,
    loseOutcome() {
      hasLostOutcome = true;
      markStale();
    },
    run() {
      const connected = broker();
      if (connected === null || actor.phase !== 'open') {
        return;
      }
      doubts.run();
      const now = clock.monotonic();
      if (isBusy) {
        return;
      }
      if (phase === 'stale') {
        if (now >= nextSyncAt) {
          occupy(() => sync(connected), 'asking the venue for orders and fills');
        }
      } else if (lacksFills) {
        occupy(() => fetchMissing(connected), 'asking the venue for fills');
      } else if (now >= nextListAt || (doubts.wantsList && now >= listedAt + LIST_AGAIN_MS)) {
        occupy(() => list(connected), 'asking the venue for open orders');
      } else if (now >= nextLookAt) {
        nextLookAt = now + times.reconcileEveryMs;
        occupy(() => reconciler.look(connected), 'comparing positions and cash');
      }
    },
    get inDoubt() {
      return doubts.size;
    },
    get oldestDoubt() {
      return doubts.oldest;
    },
    get differences() {
      return reconciler.differences;
    },
  };
}
