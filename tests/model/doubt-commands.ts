import type { BrokerOutcome } from '@omniquant/plugin-sdk';
import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { LIMIT, MARKET } from '../support/engine-fixture.ts';
import type { AccountUnderTest } from './account-under-test.ts';
import { expectAgreement } from './agreement.ts';
import { anyPrice, anyQuantity, type ModelCommand } from './client-commands.ts';
import { anyChance, anyIndex, OrderCommand, revisionOf } from './order-command.ts';
import type { ModelOrder, ReferenceModel } from './reference-model.ts';
import {
  answered,
  type Found,
  found,
  notAtVenue,
  type Outcome,
  recover,
  type Request,
  resolve,
  resubmit,
} from './reference-venue.ts';

/** Answers to requests, timeouts among them, and how orders in doubt are settled. */

const outcomeOf = (outcome: Outcome): BrokerOutcome => {
  if (outcome === 'accepted') return { kind: 'accepted', brokerOrderId: 'B', at: 0 };
  if (outcome === 'notSent' || outcome === 'unknown') return { kind: outcome, reason: 'r' };
  return { kind: 'rejected', code: outcome, message: 'm', at: 0 };
};

class Answer extends OrderCommand {
  constructor(
    index: number,
    readonly chance: number,
    readonly request: Request,
    readonly outcome: Outcome,
  ) {
    super(index);
  }
  act(model: ReferenceModel, account: AccountUnderTest, order: ModelOrder): void {
    const revision = revisionOf(order, this.chance);
    answered(model, order, this.request, revision, this.outcome);
    const { request, outcome } = this;
    const answer = account.run({
      kind: 'brokerOutcome',
      request,
      orderId: order.id,
      revision,
      outcome: outcomeOf(outcome),
    });
    const did = `answer to ${request} ${order.id} r${revision}: ${outcome}`;
    expectAgreement(model, account, { did, model: 'done', engine: answer });
  }
  toString(): string {
    return `answer #${this.index}/${this.chance} ${this.request} ${this.outcome}`;
  }
}

class LookUp extends OrderCommand {
  constructor(
    index: number,
    readonly chance: number,
    readonly status: Found,
    readonly filled: string,
    readonly quantity: string,
    readonly price: string,
  ) {
    super(index);
  }
  act(model: ReferenceModel, account: AccountUnderTest, order: ModelOrder): void {
    const revision = revisionOf(order, this.chance);
    const { id, symbol, side } = order;
    // A revision that works or is asked for has its own terms there; of another anything may be found.
    const { quantity, limit } = (revision === order.revision ? order.terms : null) ??
      (revision === order.pending?.revision ? order.pending.terms : null) ?? {
        quantity: parseDecimal(this.quantity),
        limit: order.terms.limit === null ? null : parseDecimal(this.price),
      };
    const terms = model.priced(symbol, side, quantity, limit);
    const { status, filled } = this;
    found(model, order, { revision, status, filled: parseDecimal(filled), terms });
    const size = formatDecimal(quantity);
    const answer = account.run({
      kind: 'venueOrder',
      order: {
        account: 'A1',
        venueOrderId: `OQ-${id}-${revision}`,
        brokerOrderId: `B-${id}`,
        status,
        terms: limit === null ? MARKET(symbol, side, size) : LIMIT(symbol, side, size, formatDecimal(limit)),
        filledQuantity: filled,
        stopPrice: null,
        message: null,
        at: account.engine.now,
      },
    });
    const did = `lookup ${id} r${revision}: ${status} ${filled} of ${size} at ${limit}`;
    expectAgreement(model, account, { did, model: 'done', engine: answer });
  }
  toString(): string {
    return `lookup #${this.index}/${this.chance} ${this.status} ${this.filled} ${this.quantity}@${this.price}`;
  }
}

class NotAtVenue extends OrderCommand {
  constructor(
    index: number,
    readonly chance: number,
  ) {
    super(index);
  }
  act(model: ReferenceModel, account: AccountUnderTest, order: ModelOrder): void {
    const revision = revisionOf(order, this.chance);
    notAtVenue(model, order, revision);
    const answer = account.run({ kind: 'notAtVenue', orderId: order.id, revision, evidence: 'e' });
    const did = `not at venue ${order.id} r${revision}`;
    expectAgreement(model, account, { did, model: 'done', engine: answer });
  }
  toString(): string {
    return `not at venue #${this.index}/${this.chance}`;
  }
}

class Resubmit extends OrderCommand {
  act(model: ReferenceModel, account: AccountUnderTest, order: ModelOrder): void {
    resubmit(model, order);
    const answer = account.run({ kind: 'resubmit', orderId: order.id });
    expectAgreement(model, account, { did: `resubmit ${order.id}`, model: 'done', engine: answer });
  }
  toString(): string {
    return `resubmit #${this.index}`;
  }
}

class Resolve extends OrderCommand {
  constructor(
    index: number,
    readonly resolution: 'NOT_AT_VENUE' | 'CANCELED' | 'EXPIRED',
  ) {
    super(index);
  }
  act(model: ReferenceModel, account: AccountUnderTest, order: ModelOrder): void {
    const { resolution } = this;
    const expected = resolve(model, order, resolution === 'NOT_AT_VENUE' ? 'REJECTED' : resolution);
    const answer = account.run({ kind: 'resolveOrder', orderId: order.id, resolution, reason: 'r' });
    const did = `resolve ${order.id} as ${resolution}`;
    expectAgreement(model, account, { did, model: expected, engine: answer });
  }
  toString(): string {
    return `resolve #${this.index} ${this.resolution}`;
  }
}

class Recover implements ModelCommand {
  check = (): boolean => true;
  run(model: ReferenceModel, account: AccountUnderTest): void {
    recover(model);
    expectAgreement(model, account, {
      did: 'recover',
      model: 'done',
      engine: account.run({ kind: 'recover' }),
    });
  }
  toString = (): string => 'recover';
}

export const answering = fc
  .tuple(
    anyIndex,
    anyChance,
    fc.constantFrom<Request[]>('submit', 'replace', 'cancel'),
    fc.constantFrom<Outcome[]>(
      'accepted',
      'accepted',
      'accepted',
      'unknown',
      'notSent',
      'OTHER',
      'DUPLICATE_ORDER_ID',
      'TOO_LATE',
      'UNKNOWN_ORDER',
    ),
  )
  .map(([index, chance, request, outcome]) => new Answer(index, chance, request, outcome));
export const lookingUp = fc
  .tuple(
    anyIndex,
    anyChance,
    fc.constantFrom<Found[]>(
      'WORKING',
      'WORKING',
      'WORKING',
      'WORKING',
      'WORKING',
      'FILLED',
      'CANCELED',
      'EXPIRED',
      'REJECTED',
      'REPLACED',
    ),
    fc.constantFrom('0', '1', '10'),
    anyQuantity,
    anyPrice,
  )
  .map(
    ([index, chance, status, filled, quantity, price]) =>
      new LookUp(index, chance, status, filled, quantity, price),
  );
export const missing = fc.tuple(anyIndex, anyChance).map(([index, chance]) => new NotAtVenue(index, chance));
export const resubmitting = anyIndex.map((index) => new Resubmit(index));
export const resolving = fc
  .tuple(anyIndex, fc.constantFrom('NOT_AT_VENUE', 'CANCELED', 'EXPIRED'))
  .map(([index, resolution]) => new Resolve(index, resolution));
export const recovering = fc.constant(null).map(() => new Recover());
