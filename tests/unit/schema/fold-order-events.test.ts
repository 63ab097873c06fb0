import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { JournaledEvent } from '../../../core/engine/account-event.ts';
import { createOrderFold, type OrderMoment } from '../../../schema/order/fold-order-events.ts';
import { createTradingWorld, type GatewayProcess } from '../../support/trading-world.ts';

let gateway: GatewayProcess;
let events: JournaledEvent[];

beforeAll(async () => {
  const world = createTradingWorld();
  gateway = await world.start();
  const accountId = await world.openAccount(gateway);
  for (let index = 0; index < 4; index += 1) {
    const command = world.placeOrder(index === 3 ? { takeProfit: { limitPrice: '200' } } : {});
    await world.run(gateway.runtime.execute(accountId, command, world.meta()));
    await world.clock.advance(50);
    if (index > 0) world.venue.fill(`oq-${command.orderId}-0`, '4', '180');
    if (index > 1) world.venue.fill(`oq-${command.orderId}-0`, '6', '181');
    await world.clock.advance(50);
  }
  events = world.events(accountId);
});
afterAll(() => gateway.kill());

const idOf = ({ event }: JournaledEvent): unknown => ('orderId' in event ? event.orderId : null);

/** Follows in pieces, forgetting all but `capacity` orders in between and learning again what is missing. */
function followInPieces(sizes: readonly number[], capacity: number): OrderMoment[] {
  const fold = createOrderFold(capacity);
  const moments: OrderMoment[] = [];
  for (let from = 0, piece = 0; from < events.length; piece += 1) {
    const until = from + (sizes[piece % sizes.length] ?? 1);
    const next = events.slice(from, until);
    const missing = fold.missing(next);
    fold.learn(events.slice(0, from).filter((event) => missing.includes(String(idOf(event)))));
    moments.push(...fold.follow(next));
    from = until;
  }
  return moments;
}

it('shows the same in one piece or many, however much was forgotten in between', () => {
  const whole = createOrderFold().follow(events);
  expect(new Set(whole.map(({ record }) => record.id)).size).toBe(5);
  expect(whole.filter(({ fill }) => fill !== null)).toHaveLength(5);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), fc.nat(6), (sizes, capacity) => {
      expect(followInPieces(sizes, capacity)).toEqual(whole);
    }),
  );
});

it('shows no event of the account itself', () => {
  const types = createOrderFold()
    .follow(events)
    .map(({ type }) => type as string);
  expect(types).not.toContain('ACCOUNT_OPENED');
  expect(types.filter((type) => type === 'INITIALIZED')).toHaveLength(5);
});
