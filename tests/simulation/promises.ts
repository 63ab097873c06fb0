import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { JournaledEvent } from '../../core/engine/account-event.ts';
import type { AccountState } from '../../core/engine/account-state.ts';
import { apply } from '../../core/engine/apply.ts';
import { createAccountState } from '../../core/engine/initial-state.ts';
import { restoreState, snapshotState } from '../../core/engine/snapshot.ts';
import { parseVenueOrderId, venueOrderId } from '../../core/orders/venue-order-id.ts';
import type { AccountSnapshot } from '../../core/ports/journal.ts';
import { checkInvariants } from '../support/engine-invariants.ts';
import type { MemoryStore, StoredAccount } from '../support/memory-store.ts';
import type { Answer } from './client.ts';
import type { LedgerOrder, SimulatedVenue } from './simulated-venue.ts';
import { VENUE_PREFIX } from './simulation-settings.ts';

/** A promise of the order path was broken: a defect of the gateway, or of the simulation. */
export class BrokenPromise extends Error {
  readonly promise: string;

  constructor(promise: string, what: string) {
    super(`${promise}: ${what}`);
    this.name = 'BrokenPromise';
    this.promise = promise;
  }
}

/** Throws BrokenPromise unless the promise holds. */
export function hold(condition: boolean, promise: string, what: () => string): asserts condition {
  if (!condition) throw new BrokenPromise(promise, what());
}

const parsed = new WeakMap<readonly string[], JournaledEvent[]>();

/** Each event is parsed once: an array of stored events only grows. */
export function eventsOf(account: Pick<StoredAccount, 'events'> | undefined): readonly JournaledEvent[] {
  const texts = account?.events ?? [];
  const events = parsed.get(texts) ?? [];
  for (const text of texts.slice(events.length)) events.push(JSON.parse(text) as JournaledEvent);
  parsed.set(texts, events);
  return events;
}

/** Nothing reaches the venue that is not in the journal, and nothing twice. */
export function checkArrival(
  store: MemoryStore,
  venue: SimulatedVenue,
  kind: 'submit' | 'replace' | 'cancel',
  accountId: string,
  id: string,
): void {
  const ours = parseVenueOrderId(VENUE_PREFIX, id);
  hold(ours !== null, 'ids', () => `${id} is no id of ours`);
  const type = { submit: 'SUBMITTED', replace: 'REPLACE_REQUESTED', cancel: 'CANCEL_REQUESTED' }[kind];
  const isJournaled = eventsOf(store.accounts.get(accountId)).some(
    ({ event }) =>
      event.type === type &&
      'orderId' in event &&
      event.orderId === ours.orderId &&
      (!('revision' in event) || kind === 'cancel' || event.revision === ours.revision),
  );
  hold(isJournaled, 'commit before send', () => `${kind} of ${id} reached the venue before the journal`);
  const isTwice = kind === 'submit' && venue.find(accountId, id) !== undefined;
  hold(
    !isTwice || venue.refusesDuplicates,
    'at most once',
    () => `${id} was submitted twice to a venue that takes both`,
  );
}

/** Who was told something finds it in the journal, then and for ever; the same question gets the same answer. */
export class Acknowledgements {
  private readonly orders = new Map<string, string>();
  private readonly notPlaced = new Set<string>();
  private readonly store: MemoryStore;

  constructor(store: MemoryStore) {
    this.store = store;
  }

  take({ accountId, clientOrderId, reply }: Answer): void {
    if (!('result' in reply) || clientOrderId === null) return;
    const { result } = reply;
    const orderId = result.kind === 'orderPlaced' || result.kind === 'denied' ? result.orderId : null;
    if (orderId === null) return;
    const key = `${accountId}/${clientOrderId}`;
    const known = this.orders.get(key) ?? orderId;
    hold(known === orderId, 'idempotency', () => `${key} was ${known} and is now ${orderId}`);
    this.orders.set(key, orderId);
    const stored = this.store.accounts.get(accountId)?.orders.get(orderId);
    hold(
      stored !== undefined,
      'acknowledged is durable',
      () => `${orderId} was acknowledged and is not stored`,
    );
  }

  /** The order of a placement that was said to have had no effect. */
  takeNotPlaced(accountId: string, orderId: string): void {
    this.notPlaced.add(`${accountId}/${orderId}`);
  }

  checkAll(): void {
    for (const key of this.notPlaced) {
      const [accountId = '', orderId = ''] = key.split('/');
      const isThere = this.store.accounts.get(accountId)?.orders.has(orderId) === true;
      hold(!isThere, 'not placed is never placed', () => `${key} was said to have no effect`);
    }
    for (const [key, orderId] of this.orders) {
      const [accountId = '', clientOrderId] = key.split('/');
      const record = this.store.accounts.get(accountId)?.orders.get(orderId)?.record;
      hold(record?.clientOrderId === clientOrderId, 'acknowledged is durable', () => `${key} is gone`);
    }
  }
}

/** What recovery makes of a snapshot and the events after it is what it makes of the events alone. */
export function checkSnapshot({ accountId, snapshot, events }: StoredAccount): void {
  if (snapshot === null) return;
  const all = eventsOf({ events });
  const folded = createAccountState(accountId);
  for (const event of all) apply(folded, event);
  const isSame = stateAfter(snapshot, all) === snapshotState(folded);
  hold(isSame, 'snapshots', () => `that of ${accountId} differs from its journal`);
}

function stateAfter({ state, seq }: AccountSnapshot, events: readonly JournaledEvent[]): string {
  if (seq === events.length) return state;
  const recovered = restoreState(state);
  for (const event of events) if (event.seq > seq) apply(recovered, event);
  return snapshotState(recovered);
}

/** The journal of an account folds to its read model, and to a state without contradictions. */
export function checkFold(accountId: string, account: StoredAccount): AccountState {
  const state = createAccountState(accountId);
  for (const event of eventsOf(account)) apply(state, event);
  try {
    checkInvariants(state);
  } catch (error) {
    throw new BrokenPromise(
      'books',
      `${accountId}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  for (const { symbol, quantity } of account.positions.values()) {
    const folded = state.positions.get(symbol)?.quantity;
    hold(folded === parseDecimal(quantity), 'read models', () => `the position of ${accountId} in ${symbol}`);
  }
  return state;
}

/** Once everything is well, nothing is open between the venue and us. */
export function checkSettled(account: StoredAccount, venue: SimulatedVenue): void {
  const { accountId } = account;
  const theirs = venue.standing(accountId);
  const ours = [...account.fills.values()].filter(({ busted }) => !busted);
  const named = (fills: readonly { readonly executionId: string }[]): string =>
    fills
      .map(({ executionId }) => executionId)
      .sort()
      .join();
  hold(
    named(ours) === named(theirs),
    'fills',
    () => `${accountId} has ${named(ours)}, the venue ${named(theirs)}`,
  );
  for (const { record, open } of account.orders.values()) {
    const { id, lifecycle, pendingCancel, pendingReplace, revision, sent } = record;
    hold(lifecycle !== 'IN_DOUBT', 'doubts end', () => `${id} is still in doubt`);
    hold(!pendingCancel && pendingReplace === null, 'requests end', () => `${id} still waits`);
    const isThere = isLive(id, revision, accountId, venue);
    hold(!open || !sent || isThere, 'orders', () => `${id} is open and not at the venue`);
  }
  for (const order of venue.orders) if (order.account === accountId) checkOrder(order, account);
}

/** What the venue has is what we have. */
export function checkBooks(state: AccountState, venue: SimulatedVenue): void {
  const { accountId } = state;
  for (const { symbol, quantity } of venue.positions(accountId)) {
    const held = formatDecimal(state.positions.get(symbol)?.quantity ?? 0n);
    hold(held === quantity, 'positions', () => `${accountId} holds ${held}, the venue says ${quantity}`);
  }
  for (const { currency, total } of venue.balances(accountId)) {
    const cash = formatDecimal(state.cash.get(currency) ?? 0n);
    hold(cash === total, 'cash', () => `${accountId} has ${cash}, the venue says ${total}`);
  }
}

const isLive = (orderId: string, revision: number, accountId: string, venue: SimulatedVenue): boolean =>
  venue.find(accountId, venueOrderId(VENUE_PREFIX, orderId, revision))?.status === 'WORKING';

function checkOrder({ venueOrderId: id, status }: LedgerOrder, account: StoredAccount): void {
  const ours = parseVenueOrderId(VENUE_PREFIX, id);
  const stored = account.orders.get(ours?.orderId ?? '');
  hold(stored !== undefined, 'orders', () => `the venue has ${id} and we do not`);
  const isOpenThere = status === 'WORKING';
  const isOpenHere = stored.open && stored.record.revision === ours?.revision;
  hold(
    isOpenThere === isOpenHere,
    'orders',
    () => `${id} is ${status} there and ${stored.record.lifecycle} here`,
  );
}
