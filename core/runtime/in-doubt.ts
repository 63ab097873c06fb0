import type { Broker, VenueOrder } from '@omniquant/plugin-sdk';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Order } from '../orders/order.ts';
import { venueOrderId } from '../orders/venue-order-id.ts';
import type { AccountActor } from './account-actor.ts';
import type { BrokerEnvironment } from './broker-environment.ts';
import { type BrokerSend, cancelSend } from './broker-send.ts';
import { withDeadline } from './deadline.ts';

/** The part of an order that tells whether anything about it is unsettled. */
export type DoubtFacts = Pick<Order, 'id' | 'lifecycle' | 'pendingCancel' | 'sent'> & {
  readonly pendingReplace: { readonly revision: number } | null;
};

export interface DoubtResolverOptions {
  readonly env: BrokerEnvironment;
  readonly actor: AccountActor;
  /** Null while the connection is not ready. */
  readonly broker: () => Broker | null;
  /** The account is in line with the venue, so that an order may be sent to it. */
  readonly isSynced: () => boolean;
  /** Whether a request of the order is under way: its answer is awaited first. */
  readonly isBusy: (orderId: string) => boolean;
  readonly send: (send: BrokerSend) => void;
  /** The venue has executed what we have not heard of. */
  readonly missFills: () => void;
}

/**
 * Settles what is not known about orders of one account: orders in doubt, replaces and cancels without
 * an end, and orders that the venue's list lacked. The evidence is lookups by our venue id, beside what
 * the order stream and the list of fills bring by themselves.
 *
 * - Looked up first after 0.25 s (a pending replace or cancel after the request's deadline), then with
 *   growing distance up to 5 s. Only an answer counts; a lookup that fails says nothing.
 * - Found: what the venue says decides.
 * - Not found, an order in doubt: sent again under the same venue id, if it is younger than
 *   `resubmitMaxAgeMs` and the venue refuses duplicates.
 * - Never there: said only after three lookups that found nothing, the last of them and a full list of
 *   open orders without it taken after the time in which it could still have appeared: the request's
 *   deadline, the venue's own delay, and the lease of a former owner.
 */
export interface DoubtResolver {
  /** An order as it stands after a commit or a load: all of it is in the journal. */
  note(order: DoubtFacts): void;
  /** An order as it stands in the state, which may be ahead of the journal. */
  look(order: DoubtFacts): void;
  /** The venue's list of open orders lacked an order that should be there. */
  missing(orderId: string): void;
  /** A full list of open orders was taken, asked for at this monotonic time. */
  listed(askedAt: number, orders: readonly VenueOrder[]): void;
  /** Does what is due; called a few times a second. */
  run(): void;
  /** Nothing but a full list of open orders is missing to settle one. */
  readonly wantsList: boolean;
  readonly size: number;
  /** Monotonic time since when the oldest is in doubt; null without any. */
  readonly oldest: number | null;
}

interface Doubt {
  readonly orderId: string;
  readonly since: number;
  nextAt: number;
  backoffMs: number;
  isAsking: boolean;
  /** The journal has the request to cancel, so that the venue may be asked again. */
  isCancelJournaled: boolean;
  /** Lookups that found nothing, and whether the last of them came late enough. */
  notFound: number;
  notFoundLate: boolean;
  /** A full list without it was taken late enough. */
  unlisted: boolean;
}

const FIRST_MS = 250;
const LAST_MS = 5_000;
const LOOKUPS = 3;

export function createDoubtResolver(options: DoubtResolverOptions): DoubtResolver {
  const { env, actor, broker, isBusy, isSynced, send, missFills } = options;
  const { clock, telemetry, times } = env;
  const doubts = new Map<string, Doubt>();
  const account = actor.entry.accountId;

  function track(orderId: string, firstMs: number): void {
    if (!doubts.has(orderId)) {
      const since = clock.monotonic();
      doubts.set(orderId, {
        orderId,
        since,
        nextAt: since + firstMs,
        backoffMs: FIRST_MS,
        isAsking: false,
        isCancelJournaled: false,
        notFound: 0,
        notFoundLate: false,
        unlisted: false,
      });
    }
  }

  const settleMs = (connected: Broker): number =>
    times.requestTimeoutMs + connected.capabilities.settleMs + times.leaseTtlMs;

  async function examine(doubt: Doubt, order: Order, connected: Broker): Promise<void> {
    const revision = revisionToAskFor(order);
    const askedAt = clock.monotonic();
    const found = await lookUp(connected, order.id, revision);
    if (found !== null) {
      doubt.notFound = 0;
      doubt.notFoundLate = false;
      actor.post({ kind: 'venueOrder', order: found }, order.traceparent);
      if (found.filledQuantity !== formatDecimal(order.filledQuantity + order.bustedQuantity)) {
        missFills();
      }
      if (isSettled(order)) {
        doubts.delete(doubt.orderId);
      }
      askAgainToCancel(doubt, order, found);
      return;
    }
    doubt.notFound += 1;
    doubt.notFoundLate = askedAt - doubt.since >= settleMs(connected);
    if (mayResubmit(order, connected)) {
      actor.post({ kind: 'resubmit', orderId: order.id }, order.traceparent);
    } else if (doubt.notFound >= LOOKUPS && doubt.notFoundLate && doubt.unlisted) {
      const evidence = `not found by ${String(doubt.notFound)} lookups and in the list of open orders`;
      telemetry.count('in_doubt_settled_total', { how: 'not-at-venue' });
      actor.post({ kind: 'notAtVenue', orderId: order.id, revision, evidence }, order.traceparent);
    }
  }

  function lookUp(connected: Broker, orderId: string, revision: number): Promise<VenueOrder | null> {
    const id = venueOrderId(env.venueIdPrefix, orderId, revision);
    return withDeadline(clock, times.requestTimeoutMs, 'a lookup', (signal) =>
      connected.lookup(account, id, signal),
    );
  }

  const mayResubmit = (order: Order, connected: Broker): boolean =>
    order.lifecycle === 'IN_DOUBT' &&
    !order.pendingCancel &&
    isSynced() &&
    connected.capabilities.refusesDuplicates &&
    order.submittedAt !== null &&
    // It may have been another machine's clock: what seems to come from the future is not young either.
    Math.abs(clock.now() - order.submittedAt) < times.resubmitMaxAgeMs;

  /** To cancel twice does no harm; a cancel that got lost would leave the order working. */
  function askAgainToCancel(doubt: Doubt, order: Order, found: VenueOrder): void {
    const isLive = found.status === 'WORKING' || found.status === 'HELD' || found.status === 'TRIGGERED';
    if (
      doubt.isCancelJournaled &&
      order.pendingCancel &&
      isLive &&
      order.pendingReplace === null &&
      clock.monotonic() - doubt.since >= times.requestTimeoutMs
    ) {
      send(cancelSend(order));
    }
  }

  function examineDue(doubt: Doubt, connected: Broker): void {
    const order = actor.state?.orders.get(doubt.orderId);
    if (order === undefined || order.lifecycle === 'DONE' || isBusy(doubt.orderId)) {
      if (actor.phase === 'open' && (order === undefined || order.lifecycle === 'DONE')) {
        doubts.delete(doubt.orderId);
      }
      return;
    }
    doubt.isAsking = true;
    examine(doubt, order, connected)
      .catch((error: unknown) => {
        telemetry.log('debug', 'a lookup failed', { order: doubt.orderId, error });
      })
      .finally(() => {
        doubt.isAsking = false;
        doubt.backoffMs = Math.min(doubt.backoffMs * 2, LAST_MS);
        doubt.nextAt = clock.monotonic() + doubt.backoffMs;
      });
  }

  function look(order: DoubtFacts): void {
    if (isSettled(order)) {
      if (doubts.delete(order.id)) {
        telemetry.count('in_doubt_settled_total', { how: 'venue' });
      }
      return;
    }
    track(order.id, order.lifecycle === 'IN_DOUBT' ? FIRST_MS : times.requestTimeoutMs);
  }

  return {
    look,
    note(order) {
      look(order);
      const doubt = doubts.get(order.id);
      if (doubt !== undefined) {
        doubt.isCancelJournaled = order.pendingCancel;
      }
    },
    missing(orderId) {
      track(orderId, FIRST_MS);
    },
    listed(askedAt, orders) {
      const connected = broker();
      const ids = new Set(orders.map((order) => order.venueOrderId));
      for (const doubt of doubts.values()) {
        const order = actor.state?.orders.get(doubt.orderId);
        if (connected !== null && order !== undefined && askedAt - doubt.since >= settleMs(connected)) {
          doubt.unlisted = !ids.has(venueOrderId(env.venueIdPrefix, order.id, revisionToAskFor(order)));
          doubt.nextAt = clock.monotonic();
        }
      }
    },
    run() {
      const connected = broker();
      if (connected === null) {
        return;
      }
      const now = clock.monotonic();
      for (const doubt of doubts.values()) {
        if (!doubt.isAsking && doubt.nextAt <= now) {
          examineDue(doubt, connected);
        }
      }
    },
    get wantsList() {
      return [...doubts.values()].some(
        ({ notFound, notFoundLate, unlisted }) => notFound >= LOOKUPS && notFoundLate && !unlisted,
      );
    },
    get size() {
      return doubts.size;
    },
    get oldest() {
      const [first] = doubts.values();
      return first?.since ?? null;
    },
  };
}

const isSettled = ({ lifecycle, sent, pendingReplace, pendingCancel }: DoubtFacts): boolean =>
  lifecycle === 'DONE' || !sent || (lifecycle !== 'IN_DOUBT' && pendingReplace === null && !pendingCancel);

/** A pending replace is asked for by its new revision: the old one works until that is there. */
function revisionToAskFor(order: Order): number {
  return order.pendingReplace?.revision ?? order.revision;
}
