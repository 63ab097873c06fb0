import type { Broker, VenueOrder } from '@omniquant/plugin-sdk';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../engine/account-state.ts';
import type { SystemCommand } from '../engine/command.ts';
import { executedQuantity } from '../orders/status.ts';
import { venueOrderId } from '../orders/venue-order-id.ts';
import type { AccountActor } from './account-actor.ts';
import { venueOrderOwner } from './archive-needs.ts';
import type { BrokerEnvironment } from './broker-environment.ts';
import { withDeadline } from './deadline.ts';
import { unknownFills } from './unknown-fills.ts';

/** The account cannot be brought in line now; trying again may help. */
export class SyncError extends Error {
  readonly code = 'SYNC_FAILED';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SyncError';
  }
}

export interface OpenOrdersList {
  /** Monotonic, before the request. */
  readonly askedAt: number;
  readonly orders: readonly VenueOrder[];
  /** Orders of ours that should be in the list and are not: done meanwhile, or lost. */
  readonly missing: readonly string[];
  /** The venue has executed more or less of an order than is booked here. */
  readonly hasOtherFills: boolean;
}

/** More pages than this at once means that the venue's cursor does not get on. */
const MAX_FILL_PAGES = 100_000;

/**
 * Joins the account's order stream and brings the account in line with the venue: its open orders, then
 * all fills since the last one booked. The stream runs meanwhile, so nothing falls in between; what is
 * told twice is sorted out by the engine. Resolves when all of it is decided and durable.
 */
export async function syncAccount(
  env: BrokerEnvironment,
  broker: Broker,
  actor: AccountActor,
): Promise<OpenOrdersList> {
  await withDeadline(env.clock, env.times.requestTimeoutMs, 'attaching an account', (signal) =>
    broker.attach(attachRequest(requireState(actor)), signal),
  );
  const list = await listOpenOrders(env, broker, actor);
  for (const order of list.orders) {
    await post(actor, { kind: 'venueOrder', order });
  }
  await fetchFills(env, broker, actor);
  return list;
}

/** All live orders of the account at the venue, and which of ours it should have shown. */
export async function listOpenOrders(
  env: BrokerEnvironment,
  broker: Broker,
  actor: AccountActor,
): Promise<OpenOrdersList> {
  const askedAt = env.clock.monotonic();
  const expected = expectedAtVenue(requireState(actor), env.venueIdPrefix);
  const orders = await withDeadline(
    env.clock,
    env.times.requestTimeoutMs,
    'the list of open orders',
    (signal) => broker.openOrders(actor.entry.accountId, signal),
  );
  for (const { venueOrderId: id } of orders) {
    expected.delete(id ?? '');
  }
  const hasOtherFills = orders.some((order) => {
    const orderId = venueOrderOwner(order, actor.entry.accountId, env.venueIdPrefix);
    const known = actor.state?.orders.get(orderId);
    return known !== undefined && order.filledQuantity !== formatDecimal(executedQuantity(known));
  });
  return { askedAt, orders, missing: [...expected.values()], hasOtherFills };
}

/**
 * Posts fills, busts and fees since the account's cursor, page by page, each page durable before the
 * next. Only these move the cursor: what the order stream tells may have come after something missed.
 */
export async function fetchFills(env: BrokerEnvironment, broker: Broker, actor: AccountActor): Promise<void> {
  let cursor = requireState(actor).fillCursor;
  for (let page = 0; page < MAX_FILL_PAGES; page += 1) {
    const from = cursor;
    const { events, cursor: next } = await withDeadline(
      env.clock,
      env.times.requestTimeoutMs,
      'the list of fills',
      (signal) => broker.fillsSince(actor.entry.accountId, from, signal),
    );
    for (const event of await unknownFills(events, requireState(actor), env)) {
      await post(actor, { kind: 'brokerEvent', event });
    }
    const isFurther = next !== null && next !== from;
    await durable(actor, isFurther ? { kind: 'fillsSynced', cursor: next } : { kind: 'clockTicked' });
    if (!isFurther || events.length === 0) {
      return;
    }
    cursor = next;
  }
  throw new SyncError('the list of fills does not end');
}

function requireState(actor: AccountActor): AccountState {
  if (actor.state === null) {
    throw new SyncError('the account is being read from the journal');
  }
  return actor.state;
}

/**
 * An account that was never attached has had no transfer but its starting cash, so that the net
 * transfers are it; a venue that knows the account ignores the figure.
 */
function attachRequest({
  accountId,
  baseCurrency,
  transfers,
}: AccountState): Parameters<Broker['attach']>[0] {
  const startingCash = transfers.get(baseCurrency) ?? 0n;
  return {
    account: accountId,
    baseCurrency,
    startingCash: startingCash > 0n ? formatDecimal(startingCash) : null,
  };
}

/** Venue ids of orders that are surely working there, with our ids. */
function expectedAtVenue(state: AccountState, prefix: string): Map<string, string> {
  const expected = new Map<string, string>();
  for (const orderId of state.openOrderIds) {
    const order = state.orders.get(orderId);
    const works = order?.lifecycle === 'WORKING' || order?.lifecycle === 'TRIGGERED';
    if (
      order !== undefined &&
      works &&
      order.sent &&
      order.pendingReplace === null &&
      order.origin !== 'EXTERNAL'
    ) {
      expected.set(venueOrderId(prefix, orderId, order.revision), orderId);
    }
  }
  return expected;
}

/** Waits for room where the mailbox is full. */
async function post(actor: AccountActor, command: SystemCommand): Promise<void> {
  while (!actor.post(command)) {
    await actor.whenProgressed();
  }
}

/** Posts, and waits until it and all before it are committed. */
async function durable(actor: AccountActor, command: SystemCommand): Promise<void> {
  const isCommitted = await new Promise<boolean>((resolve) => {
    const attempt = (): void => {
      if (!actor.post(command, null, resolve)) {
        void actor.whenProgressed().then(attempt);
      }
    };
    attempt();
  });
  if (!isCommitted) {
    throw new SyncError('the account was given away');
  }
}
