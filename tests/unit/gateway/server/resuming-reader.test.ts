import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { JournaledEvent } from '../../../../core/engine/account-event.ts';
import type { OrderReader } from '../../../../core/ports/order-reader.ts';
import type { AccountTail } from '../../../../gateway/server/subscriptions/account-tail.ts';
import { createEventLog } from '../../../../gateway/server/subscriptions/event-log.ts';
import {
  openResumingReader,
  orderHistory,
} from '../../../../gateway/server/subscriptions/resuming-reader.ts';
import { createOrderFold, type OrderMoment } from '../../../../schema/order/fold-order-events.ts';
import { batchOf } from '../../../support/journal-fixtures.ts';
import { orderLife } from '../../../support/server/scripted-journal.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A journal of orders whose events are interleaved, and a tail that takes in what it is told to. */
function createJournal(capacity: number) {
  const events: JournaledEvent[] = [];
  const fold = createOrderFold();
  const orders = createEventLog<OrderMoment>(0, capacity);
  const reader = {
    accountEvents: (_: string, afterSeq: number, first: number) =>
      Promise.resolve(events.slice(afterSeq, afterSeq + Math.min(first, 7))),
    eventsOfOrders: (_: string, ids: readonly string[], upTo: number) =>
      Promise.resolve(
        events.filter(
          ({ seq, event }) => seq <= upTo && 'orderId' in event && ids.includes(event.orderId ?? ''),
        ),
      ),
  } as unknown as OrderReader;
  const tail: AccountTail = {
    orders,
    alerts: createEventLog(0, capacity),
    read: (query) => query(reader),
    catchUp: () => Promise.resolve(),
    close: () => undefined,
  };
  let made = 0;
  return {
    tail,
    events,
    /** Two orders at a time, their events in turn. */
    write() {
      const [one, two] = [orderLife(`o${String(made)}`), orderLife(`o${String(made + 1)}`)];
      made += 2;
      const mixed = one.flatMap((event, index) => [event, two[index] ?? event]);
      const terms = { accountId: 'a', workspaceId: 'w', shard: 0, epoch: 1, expectedSeq: events.length };
      events.push(...batchOf({ ...terms, events: mixed }).events);
    },
    follow(count: number) {
      const page = events.slice(orders.position, orders.position + count);
      const last = page.at(-1);
      if (last !== undefined) orders.append(fold.follow(page), last.seq);
    },
  };
}

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('write' as const) }),
    fc.record({ kind: fc.constant('follow' as const), count: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ kind: fc.constant('take' as const), count: fc.integer({ min: 1, max: 15 }) }),
  ),
  { maxLength: 40 },
);

describe('a stream that resumes', () => {
  it('gives everything after its cursor once, in order and as it was, however journal and tail race', async () => {
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.nat(40),
        fc.integer({ min: 2, max: 20 }),
        async (script, cursor, capacity) => {
          const journal = createJournal(capacity);
          for (let index = 0; index < 4; index++) journal.write();
          journal.follow(1_000);
          const reader = openResumingReader(
            Promise.resolve(journal.tail),
            () => undefined,
            cursor,
            () => orderHistory('a'),
            () => undefined,
          );
          await settle();
          const seen: OrderMoment[] = [];
          const take = async (count: number): Promise<void> => {
            for (let index = 0; index < count; index++) {
              const moment = reader.take();
              if (moment !== null) seen.push(moment);
              else await settle();
            }
          };
          for (const step of script) {
            if (step.kind === 'write') journal.write();
            else if (step.kind === 'follow') journal.follow(step.count);
            else await take(step.count);
          }
          journal.follow(1_000);
          await take(journal.events.length * 3);

          const whole = createOrderFold().follow(journal.events);
          expect(seen).toEqual(whole.filter(({ seq }) => seq > cursor));
          reader.close();
        },
      ),
      { numRuns: 200 },
    );
  });
});
