import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import {
  type End,
  executedOf,
  filledOf,
  isOpen,
  isUnanswered,
  type ModelOrder,
  type ReferenceModel,
  type Terms,
} from './reference-model.ts';

/**
 * What the reference model makes of what a venue says. Messages come late, doubled and in any order; each
 * proves what must have happened before it. A fill is never gated, and a timeout is not a rejection.
 */

export type MessageKind =
  | 'accepted'
  | 'rejected'
  | 'filled'
  | 'busted'
  | 'feeCharged'
  | 'canceled'
  | 'expired'
  | 'replaced'
  | 'cancelRejected'
  | 'replaceRejected';

/** Fields that a kind has no use for are passed over. */
export interface Message {
  readonly kind: MessageKind;
  readonly id: string;
  /** Of the order, that it speaks of. */
  readonly revision: number;
  readonly code: 'OTHER' | 'DUPLICATE_ORDER_ID' | 'TOO_LATE' | 'UNKNOWN_ORDER';
  readonly executionId: string;
  readonly price: string;
  readonly quantity: string;
  readonly fee: string | null;
}

export type Request = 'submit' | 'replace' | 'cancel';
export type Outcome = 'accepted' | 'unknown' | 'notSent' | Message['code'];
export type Found = 'WORKING' | 'REPLACED' | End;

type Place = 'PAST' | 'CURRENT' | 'PENDING' | 'UNKNOWN';

const placeOf = (order: ModelOrder, revision: number): Place => {
  if (revision === order.revision) return 'CURRENT';
  if (revision === order.pending?.revision) return 'PENDING';
  return revision < order.revision ? 'PAST' : 'UNKNOWN';
};

const leavesCancelPending = (code: string): boolean => code === 'TOO_LATE' || code === 'UNKNOWN_ORDER';

const finish = (model: ReferenceModel, order: ModelOrder, end: End, assumed: boolean): void => {
  if (order.life !== 'DONE') order.endedAt = model.now;
  Object.assign(order, { life: 'DONE', end, assumed, pending: null, cancelling: false });
};

/** Executed in full is FILLED, whatever it was before. */
const settle = (model: ReferenceModel, order: ModelOrder): void => {
  const executed = executedOf(order);
  if (executed > order.terms.quantity) order.overfilled = true;
  if (executed >= order.terms.quantity && order.end !== 'FILLED') finish(model, order, 'FILLED', false);
};

/** An end by the venue's word; it confirms one that was only assumed and changes no other. */
const endAtVenue = (model: ReferenceModel, order: ModelOrder, end: End): void => {
  if (!isOpen(order) && !order.assumed) return;
  finish(model, order, end, false);
  settle(model, order);
};

const takeTerms = (order: ModelOrder): void => {
  if (order.pending !== null) order.terms = order.pending.terms;
  order.pending = null;
};

/** It works at the venue though it was over here: as the venue has it, and entries wait for an operator. */
const adopt = (model: ReferenceModel, order: ModelOrder, revision: number, terms: Terms | null): void => {
  if (order.pending !== null && revision >= order.pending.revision) takeTerms(order);
  order.terms = terms ?? order.terms;
  order.revision = revision;
  order.lastRevision = Math.max(order.lastRevision, revision);
  Object.assign(order, { life: 'WORKING', end: null, endedAt: 0, assumed: false });
  model.blocked.add(order.id);
  settle(model, order);
};

/** A message about a revision that works or is asked for shows that the venue has it. */
const shows = (model: ReferenceModel, order: ModelOrder, revision: number, isAlive: boolean): void => {
  if (!isOpen(order)) {
    if (order.assumed && isAlive) adopt(model, order, revision, null);
    return;
  }
  if (isUnanswered(order)) order.life = 'WORKING';
  if (revision !== order.revision) {
    takeTerms(order);
    order.revision = revision;
  }
  settle(model, order);
};

const markOf = (order: ModelOrder, executionId: string) => {
  const present = order.fills.get(executionId);
  const fill = present ?? { price: 0n, quantity: 0n, fee: null, busted: false };
  order.fills.set(executionId, fill);
  return fill;
};

const book = (model: ReferenceModel, order: ModelOrder, message: Message): void => {
  const fill = markOf(order, message.executionId);
  fill.fee ??= message.fee === null ? null : parseDecimal(message.fee);
  if (fill.quantity > 0n) return;
  const place = placeOf(order, message.revision);
  if (place === 'CURRENT' || place === 'PENDING') shows(model, order, message.revision, false);
  fill.price = parseDecimal(message.price);
  fill.quantity = parseDecimal(message.quantity);
  model.booked.push({ order, fill });
  settle(model, order);
};

export const hear = (model: ReferenceModel, order: ModelOrder, message: Message): void => {
  const { kind, revision, code } = message;
  const place = placeOf(order, revision);
  const isOfNow = place === 'CURRENT' || place === 'PENDING';
  switch (kind) {
    case 'accepted':
    case 'replaced':
      if (isOfNow) shows(model, order, revision, true);
      return;
    case 'rejected':
      if (place === 'PENDING') order.pending = null;
      // Of a second sending: the first one is there.
      else if (place === 'CURRENT' && code !== 'DUPLICATE_ORDER_ID') endAtVenue(model, order, 'REJECTED');
      return;
    case 'canceled':
    case 'expired':
      if (!isOfNow) return;
      shows(model, order, revision, false);
      endAtVenue(model, order, kind === 'canceled' ? 'CANCELED' : 'EXPIRED');
      return;
    case 'cancelRejected':
      if (!leavesCancelPending(code)) order.cancelling = false;
      return;
    case 'replaceRejected':
      if (place === 'PENDING') order.pending = null;
      return;
    case 'filled':
      book(model, order, message);
      return;
    case 'busted':
      markOf(order, message.executionId).busted = true;
      return;
    case 'feeCharged':
      markOf(order, message.executionId).fee = parseDecimal(message.fee ?? '0');
  }
};

const doubt = (order: ModelOrder): void => {
  if (order.life !== 'SUBMITTED') return;
  order.life = 'IN_DOUBT';
  order.doubted = true;
};

/** After an order was once in doubt, no refusal speaks of its first sending. */
const submitAnswered = (model: ReferenceModel, order: ModelOrder, outcome: Outcome): void => {
  if (!isUnanswered(order)) return;
  if (outcome === 'accepted') shows(model, order, order.revision, true);
  else if (outcome === 'unknown' || outcome === 'DUPLICATE_ORDER_ID' || order.doubted) doubt(order);
  else finish(model, order, 'REJECTED', outcome === 'notSent');
};

export const answered = (
  model: ReferenceModel,
  order: ModelOrder,
  request: Request,
  revision: number,
  outcome: Outcome,
): void => {
  if (request === 'submit') submitAnswered(model, order, outcome);
  // The order stream tells the end of what was accepted; a timeout leaves it pending.
  else if (outcome === 'accepted' || outcome === 'unknown') return;
  else if (request === 'cancel') order.cancelling = order.cancelling && leavesCancelPending(outcome);
  else if (order.pending?.revision === revision && outcome !== 'DUPLICATE_ORDER_ID') order.pending = null;
};

export const recover = (model: ReferenceModel): void => {
  for (const order of model.orders.values()) doubt(order);
};

export const resubmit = (model: ReferenceModel, order: ModelOrder): void => {
  if (order.life !== 'IN_DOUBT' || order.cancelling || !model.isReady) return;
  order.life = 'SUBMITTED';
  model.sends.push(`submit ${order.id} ${order.revision}`);
};

/** The complete evidence that the venue does not have a revision; it stays an assumption. */
export const notAtVenue = (model: ReferenceModel, order: ModelOrder, revision: number): void => {
  if (!isOpen(order)) return;
  const place = placeOf(order, revision);
  if (place === 'PENDING') order.pending = null;
  if (place === 'CURRENT') finish(model, order, isUnanswered(order) ? 'REJECTED' : 'CANCELED', true);
};

/** An operator's word ends an order, or releases the block on entries by one that is over. */
export const resolve = (model: ReferenceModel, order: ModelOrder, end: End): string => {
  const wasBlocked = model.blocked.delete(order.id);
  if (!isOpen(order)) return wasBlocked ? 'done' : 'error BAD_USER_INPUT';
  finish(model, order, end, true);
  return 'done';
};

/** What a lookup says of a revision, with the terms that it has at the venue. */
export const found = (
  model: ReferenceModel,
  order: ModelOrder,
  lookup: {
    readonly revision: number;
    readonly status: Found;
    readonly filled: bigint;
    readonly terms: Terms;
  },
): void => {
  const { revision, status, filled, terms } = lookup;
  const place = placeOf(order, revision);
  const isDone = !isOpen(order);
  if (place === 'PENDING' && status === 'REJECTED') order.pending = null;
  else if (place === 'PENDING' && (status === 'FILLED' || status === 'REPLACED')) {
    shows(model, order, revision, true);
  } else if (status === 'WORKING' && place !== 'PAST') {
    const isLater = isDone && model.now > order.endedAt;
    if (place === 'UNKNOWN') adopt(model, order, revision, terms);
    else if (order.end === 'FILLED') {
      if (isLater) model.blocked.add(order.id);
    } else if (isDone && (order.assumed || isLater)) adopt(model, order, revision, terms);
    else shows(model, order, revision, true);
  } else if (place === 'CURRENT' && status === 'REPLACED') {
    if (order.pending !== null) shows(model, order, order.pending.revision, true);
  } else if (place === 'CURRENT' && status === 'FILLED') {
    shows(model, order, revision, false);
    if (filledOf(order) >= filled) endAtVenue(model, order, 'FILLED');
  } else if ((place === 'CURRENT' || place === 'PENDING') && status !== 'FILLED' && status !== 'REPLACED') {
    if (status === 'WORKING') return;
    shows(model, order, revision, place === 'PENDING');
    endAtVenue(model, order, status);
  }
};
