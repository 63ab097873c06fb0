import { describe, expect, it } from '@jest/globals';
import type { BrokerEvent } from '@omniquant/plugin-sdk';
import fc from 'fast-check';

import type { Order } from '../../../../core/orders/order.ts';
import { leavesQuantity, statusOf } from '../../../../core/orders/status.ts';
import { EngineFixture, LIMIT } from '../../../support/engine-fixture.ts';

/** A message of the venue, and the revision of the order that it bears. */
interface Message {
  readonly revision: number;
  readonly event: Record<string, unknown> & { readonly kind: BrokerEvent['kind'] };
}

const fillOf = (index: number, quantity: number, revision: number): Message => ({
  revision,
  event: {
    kind: 'filled',
    executionId: `x${index}`,
    price: `${100 + index}`,
    quantity: String(quantity),
    fee: null,
    feeCurrency: null,
    liquidity: 'MAKER',
    cursor: null,
  },
});

type Ending = 'NONE' | 'CANCELED' | 'EXPIRED' | 'REJECTED';
type Replacing = 'NONE' | 'REPLACED' | 'REFUSED';

interface Story {
  readonly fills: readonly number[];
  readonly busted: readonly boolean[];
  readonly fees: readonly boolean[];
  readonly ending: Ending;
  readonly replacing: Replacing;
  /** How many fills came before the replace. */
  readonly before: number;
  readonly cancelRefused: boolean;
}

const QUANTITY = 10;
const GROWN = 14;

/** What a venue would say, in the order in which it happens there. */
const tell = (story: Story): readonly Message[] => {
  if (story.ending === 'REJECTED') {
    return [{ revision: 0, event: { kind: 'rejected', code: 'OTHER', message: 'no' } }];
  }
  const messages: Message[] = [{ revision: 0, event: { kind: 'accepted', quantity: null } }];
  let revision = 0;
  let open = QUANTITY;
  const replace = (): void => {
    if (story.replacing === 'NONE' || open === 0) return;
    if (story.replacing === 'REFUSED') {
      messages.push({ revision: 1, event: { kind: 'replaceRejected', code: 'TOO_LATE', message: 'late' } });
      return;
    }
    revision = 1;
    open += GROWN - QUANTITY;
    messages.push({ revision: 1, event: { kind: 'replaced' } });
  };
  story.fills.forEach((wanted, index) => {
    if (index === story.before) replace();
    const quantity = Math.min(wanted, open);
    if (quantity === 0) return;
    open -= quantity;
    messages.push(fillOf(index, quantity, revision));
    const executionId = `x${index}`;
    if (story.fees[index]) {
      messages.push({ revision, event: { kind: 'feeCharged', executionId, fee: '0.5', feeCurrency: 'USD' } });
    }
    if (story.busted[index]) messages.push({ revision, event: { kind: 'busted', executionId } });
  });
  if (story.fills.length <= story.before) replace();
  if (open === 0) return messages;
  if (story.cancelRefused) {
    messages.push({ revision, event: { kind: 'cancelRejected', code: 'OTHER', message: 'not now' } });
  }
  if (story.ending === 'CANCELED') messages.push({ revision, event: { kind: 'canceled', reason: 'asked' } });
  if (story.ending === 'EXPIRED') messages.push({ revision, event: { kind: 'expired' } });
  return messages;
};

const story: fc.Arbitrary<Story> = fc.record({
  fills: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 5 }),
  busted: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  fees: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  ending: fc.constantFrom<Ending>('NONE', 'CANCELED', 'EXPIRED', 'REJECTED'),
  replacing: fc.constantFrom<Replacing>('NONE', 'REPLACED', 'REFUSED'),
  before: fc.integer({ min: 0, max: 5 }),
  cancelRefused: fc.boolean(),
});

/** The facts that may not depend on the order in which messages come: no times, no numbers of the journal. */
const factsOf = (order: Order): object => ({
  status: statusOf(order),
  leaves: leavesQuantity(order),
  quantity: order.quantity,
  filled: order.filledQuantity,
  busted: order.bustedQuantity,
  notional: order.filledNotional,
  overfilled: order.overfilled,
  revision: order.revision,
  brokerOrderId: order.brokerOrderId,
  pendingReplace: order.pendingReplace === null ? null : order.pendingReplace.revision,
  pendingCancel: order.pendingCancel,
  limitPrice: order.limitPrice,
  fills: [...order.fills.values()]
    .map(({ executionId, price, quantity, fee, busted }) => ({ executionId, price, quantity, fee, busted }))
    .sort((a, b) => a.executionId.localeCompare(b.executionId)),
});

const fold = (messages: readonly Message[], { replacing, ending, cancelRefused }: Story): EngineFixture => {
  const engine = new EngineFixture();
  engine.place(LIMIT('AAPL', 'BUY', String(QUANTITY), '99'), { orderId: 'o1' });
  if (replacing !== 'NONE' && ending !== 'REJECTED') {
    // The replace is under way before the first message of the venue can arrive out of order.
    engine.accept('o1');
    engine.run({
      kind: 'replaceOrder',
      orderId: 'o1',
      requestId: 'r1',
      quantity: String(GROWN),
      limitPrice: '98',
    });
  }
  if (cancelRefused || ending === 'CANCELED') {
    engine.run({ kind: 'cancelOrder', orderId: 'o1', reason: null });
  }
  for (const { event, revision } of messages) engine.message('o1', event, revision);
  return engine;
};

const shuffled = (messages: readonly Message[]): fc.Arbitrary<readonly Message[]> =>
  fc
    .tuple(
      fc.shuffledSubarray([...messages], { minLength: messages.length }),
      messages.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...messages), { maxLength: 6 }),
    )
    .chain(([all, again]) =>
      fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }),
    );

describe('messages of a venue', () => {
  it('fold to the same order, in whatever order and however often they come', () => {
    fc.assert(
      fc.property(
        story.chain((told) => fc.tuple(fc.constant(told), shuffled(tell(told)))),
        ([told, messages]) => {
          const inOrder = fold(tell(told), told);
          const mixed = fold(messages, told);
          expect(factsOf(mixed.order('o1'))).toEqual(factsOf(inOrder.order('o1')));
          expect(mixed.state.cash).toEqual(inOrder.state.cash);
          expect(mixed.state.fees.get('USD') ?? 0n).toBe(inOrder.state.fees.get('USD') ?? 0n);
          expect(mixed.state.positions.get('AAPL')?.quantity ?? 0n).toBe(
            inOrder.state.positions.get('AAPL')?.quantity ?? 0n,
          );
        },
      ),
      { numRuns: 250 },
    );
  });

  it('said twice change nothing the second time', () => {
    fc.assert(
      fc.property(story, (told) => {
        const engine = fold(tell(told), told);
        const { seq } = engine.state;
        for (const { event, revision } of tell(told)) engine.message('o1', event, revision);
        expect(engine.state.seq).toBe(seq);
      }),
      { numRuns: 100 },
    );
  });
});
