import { describe, expect, it } from '@jest/globals';

import type { Failpoint } from '../../../../core/ports/failpoints.ts';
import {
  createTradingWorld,
  type GatewayProcess,
  type TradingWorld,
} from '../../../support/trading-world.ts';

const WHILE_TRADING: readonly Failpoint[] = [
  'journal.before-append',
  'journal.after-append',
  'broker.before-submit',
  'broker.after-submit',
  'broker.before-replace',
  'broker.after-replace',
  'broker.before-cancel',
  'broker.after-cancel',
  'broker.before-event',
  'broker.after-event',
  'snapshot.before-save',
  'snapshot.after-save',
];

const WHILE_STARTING: readonly Failpoint[] = [
  'lease.before-claim',
  'lease.after-claim',
  'takeover.before',
  'takeover.after',
];

const ORDERS = 12;
/** Older leases, requests and the venue's delay are over, and doubts are settled. */
const SETTLE_MS = 60_000;

/** Places, replaces, cancels and fills; what was acknowledged is noted. Ends when the gateway dies or all is done. */
async function trade(world: TradingWorld, gateway: GatewayProcess, account: string): Promise<Set<string>> {
  const acknowledged = new Set<string>();
  for (let index = 0; index < ORDERS && !gateway.isDead; index += 1) {
    const command = world.placeOrder({ clientOrderId: `client-${String(index)}` });
    const { orderId } = command;
    gateway.runtime.execute(account, command, world.meta()).then(
      (reply) => {
        if (!gateway.isDead && reply.result.kind === 'orderPlaced') {
          acknowledged.add(reply.result.orderId);
        }
      },
      () => undefined,
    );
    await world.clock.advance(5);
    if (index % 3 === 0) {
      const replace = {
        kind: 'replaceOrder' as const,
        orderId,
        requestId: `r-${orderId}`,
        limitPrice: '179',
      };
      gateway.runtime.execute(account, replace, world.meta()).catch(() => undefined);
      await world.clock.advance(5);
    }
    if (index % 3 === 1) {
      gateway.runtime
        .execute(account, { kind: 'cancelOrder', orderId, reason: null }, world.meta())
        .catch(() => undefined);
      await world.clock.advance(5);
    }
    if (index % 3 === 2 && world.venue.orders.get(`oq-${orderId}-0`)?.status === 'WORKING') {
      world.venue.fill(`oq-${orderId}-0`, '10', '180');
      await world.clock.advance(5);
    }
  }
  return acknowledged;
}

/** What must hold when everything has come to rest. */
function expectTruth(world: TradingWorld, account: string, acknowledged: ReadonlySet<string>): void {
  const stored = world.store.accounts.get(account);
  const sequences = world.events(account).map(({ seq }) => seq);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));

  // None lost: every acknowledged order is there, and settled in the venue's truth.
  for (const orderId of acknowledged) {
    expect(world.order(account, orderId)).toBeDefined();
  }
  for (const { record } of stored?.orders.values() ?? []) {
    const there = [...world.venue.orders.values()].filter(({ venueOrderId }) =>
      venueOrderId.startsWith(`oq-${record.id}-`),
    );
    const working = there.filter(({ status }) => status === 'WORKING');
    expect([record.id, record.lifecycle, record.pendingCancel, record.pendingReplace]).toEqual([
      record.id,
      working.length === 1 ? 'WORKING' : 'DONE',
      false,
      null,
    ]);
    // None doubled: a revision arrives at most once, and one of them works.
    expect(working.length).toBeLessThanOrEqual(1);
    const arrivals = world.venue.arrived.filter(
      ({ kind, venueOrderId }) => kind !== 'cancel' && venueOrderId.startsWith(`oq-${record.id}-`),
    );
    const filled = there.reduce(
      (sum, { status, filled: quantity }) => (status === 'REPLACED' ? sum : sum + quantity),
      0n,
    );
    expect(BigInt(record.filledQuantity) * 10n ** 18n).toBe(filled);
    expect(new Set(there.map(({ venueOrderId }) => venueOrderId)).size).toBe(there.length);
    expect(arrivals.length).toBeGreaterThanOrEqual(there.length);
  }
  // None invented: nothing at the venue that the journal does not know.
  for (const { venueOrderId } of world.venue.orders.values()) {
    const orderId = venueOrderId.slice('oq-'.length, venueOrderId.lastIndexOf('-'));
    expect(stored?.orders.has(orderId)).toBe(true);
  }
  const bought = [...world.venue.orders.values()].reduce(
    (sum, { status, filled }) => (status === 'REPLACED' ? sum : sum + filled),
    0n,
  );
  expect(BigInt(stored?.positions.get('AAPL')?.quantity ?? '0') * 10n ** 18n).toBe(bought);
}

describe('a gateway that dies while it trades', () => {
  it.each(WHILE_TRADING.flatMap((point) => [1, 2, 7].map((passage) => ({ point, passage }))))(
    'loses, doubles and invents nothing: $point, passage $passage',
    async ({ point, passage }) => {
      const world = createTradingWorld();
      const first = await world.start('gateway-1', { snapshotEvery: 10 });
      const account = await world.openAccount(first);
      first.dieAt(point, passage);
      const acknowledged = await trade(world, first, account);
      first.kill();

      const second = await world.start('gateway-2', { snapshotEvery: 10 });
      await world.clock.advance(SETTLE_MS);
      expectTruth(world, account, acknowledged);
      const { brokers } = second.runtime.status();
      expect(brokers.map(({ inDoubt, differences }) => ({ inDoubt, differences }))).toEqual([
        { inDoubt: 0, differences: 0 },
      ]);

      // The same requests asked again are the same orders.
      const replies = await world.run(
        Promise.all(
          [...acknowledged].map((orderId) => {
            const clientOrderId = world.order(account, orderId)?.clientOrderId ?? '';
            return second.runtime.execute(account, world.placeOrder({ clientOrderId }), world.meta());
          }),
        ),
      );
      expect(replies.map(({ result }) => result)).toEqual(
        [...acknowledged].map((orderId) => ({ kind: 'orderPlaced', orderId, replayed: true })),
      );
    },
  );

  it('finishes what it had begun when the venue does not refuse duplicates: never sent twice', async () => {
    const world = createTradingWorld();
    world.venue.capabilities = { ...world.venue.capabilities, refusesDuplicates: false };
    const first = await world.start('gateway-1');
    const account = await world.openAccount(first);
    first.dieAt('broker.after-submit');
    await trade(world, first, account);
    first.kill();
    await world.start('gateway-2');
    await world.clock.advance(SETTLE_MS);
    const submits = world.venue.arrived
      .filter(({ kind }) => kind === 'submit')
      .map(({ venueOrderId }) => venueOrderId);
    expect(new Set(submits).size).toBe(submits.length);
  });
});

describe('orders that end at the venue while nobody owns the account', () => {
  it('end here as soon as the next owner has looked, not with a later look at the list', async () => {
    const world = createTradingWorld();
    const first = await world.start('gateway-1');
    const account = await world.openAccount(first);
    const command = world.placeOrder();
    await world.run(first.runtime.execute(account, command, world.meta()));
    await world.clock.advance(1_000);
    expect(world.order(account, command.orderId)?.lifecycle).toBe('WORKING');
    first.kill();
    world.venue.end(`oq-${command.orderId}-0`, 'EXPIRED');
    await world.start('gateway-2');
    await world.clock.advance(8_000);
    expect(world.order(account, command.orderId)).toMatchObject({ lifecycle: 'DONE', doneReason: 'EXPIRED' });
  });
});

describe('a gateway that dies while it starts', () => {
  it.each(WHILE_STARTING)('is followed by one that serves: %s', async (point) => {
    const world = createTradingWorld();
    const opener = await world.start('gateway-0');
    const account = await world.openAccount(opener);
    opener.kill();

    const next = await world.start('gateway-2');
    next.dieAt(point);
    await world.clock.advance(10_000);
    next.kill();

    const last = await world.start('gateway-3');
    await world.clock.advance(12_000);
    const reply = await world.run(last.runtime.execute(account, world.placeOrder(), world.meta()));
    expect(reply.result.kind).toBe('orderPlaced');
  });
});
