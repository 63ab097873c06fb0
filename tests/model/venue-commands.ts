import { formatDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import type { AccountUnderTest, Step } from './account-under-test.ts';
import { expectAgreement } from './agreement.ts';
import { anyPrice, type ModelCommand, partOf } from './client-commands.ts';
import { anyChance, anyIndex, OrderCommand, revisionOf } from './order-command.ts';
import type { ModelOrder, ReferenceModel } from './reference-model.ts';
import { hear, type Message, type MessageKind } from './reference-venue.ts';

/** What the venue says of its own accord, in any order and as often as it likes. */

const tell =
  ({ id, revision, kind, ...rest }: Message): Step =>
  ({ engine }) => {
    const more = { message: 'm', reason: null, feeCurrency: 'USD', liquidity: null, cursor: null };
    return engine.message(id, { ...rest, ...more, kind }, revision);
  };

/** Heard before by the account of this run: what is told again is told word for word. */
const heardBy = new WeakMap<object, Message[]>();
const heard = (model: object): Message[] => {
  const messages = heardBy.get(model) ?? [];
  heardBy.set(model, messages);
  return messages;
};

const say = (model: ReferenceModel, account: AccountUnderTest, message: Message): void => {
  const order = model.orders.get(message.id);
  if (order === undefined) return;
  hear(model, order, message);
  const answer = account.perform(tell(message));
  expectAgreement(model, account, { did: `hear ${JSON.stringify(message)}`, model: 'done', engine: answer });
};

class Hear extends OrderCommand {
  constructor(
    index: number,
    readonly chance: number,
    readonly quarters: number,
    readonly message: Omit<Message, 'id' | 'revision' | 'quantity'>,
  ) {
    super(index);
  }
  act(model: ReferenceModel, account: AccountUnderTest, order: ModelOrder): void {
    const wanted = this.chance % 2 === 0 ? order.terms.quantity : order.pending?.terms.quantity;
    const part = partOf(order, this.quarters, wanted);
    const quantity = part === 0n ? '1' : formatDecimal(part);
    const message = { ...this.message, quantity, id: order.id, revision: revisionOf(order, this.chance) };
    heard(model).push(message);
    say(model, account, message);
  }
  toString(): string {
    return `hear #${this.index}/${this.chance} ${this.quarters}/4 ${Object.values(this.message).join(' ')}`;
  }
}

/** A message comes a second time, at once or after others: both a duplicate and out of order. */
class HearAgain implements ModelCommand {
  constructor(readonly index: number) {}
  check = (model: Readonly<ReferenceModel>): boolean => heard(model).length > 0;
  run(model: ReferenceModel, account: AccountUnderTest): void {
    const message = heard(model)[heard(model).length - 1 - (this.index % heard(model).length)];
    if (message !== undefined) say(model, account, message);
  }
  toString = (): string => `hear again ${this.index}`;
}

const anyKind = fc.constantFrom<MessageKind[]>(
  'accepted',
  'accepted',
  'rejected',
  'busted',
  'feeCharged',
  'canceled',
  'expired',
  'replaced',
  'replaced',
  'cancelRejected',
  'replaceRejected',
);
/** A fee may come with its fill or be named later. */
const withFee = <M extends { readonly kind: MessageKind; readonly fee: string | null }>(message: M): M =>
  message.kind === 'feeCharged' ? { ...message, fee: message.fee ?? '0.05' } : message;
const anyMessage = (
  kind: fc.Arbitrary<MessageKind>,
): fc.Arbitrary<Omit<Message, 'id' | 'revision' | 'quantity'>> =>
  fc
    .record({
      kind,
      code: fc.constantFrom('OTHER', 'OTHER', 'DUPLICATE_ORDER_ID', 'TOO_LATE', 'UNKNOWN_ORDER'),
      executionId: fc.constantFrom('x1', 'x2', 'x3', 'x4', 'x5', 'x6'),
      price: anyPrice,
      fee: fc.constantFrom(null, '0.1', '0.25'),
    })
    .map(withFee);
const hearing = (kind: fc.Arbitrary<MessageKind>) =>
  fc
    .tuple(anyIndex, anyChance, fc.constantFrom(1, 2, 2, 3, 4, 4, 9), anyMessage(kind))
    .map(([index, chance, quarters, message]) => new Hear(index, chance, quarters, message));

export const hearingAnything = hearing(anyKind);
export const hearingFills = hearing(fc.constant('filled'));
export const hearingAccepted = hearing(fc.constant('accepted'));
export const hearingAgain = fc.nat(8).map((index) => new HearAgain(index));
