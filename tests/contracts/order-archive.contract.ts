import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Journal } from '../../core/ports/journal.ts';
import type { OrderArchive } from '../../core/ports/order-archive.ts';
import { accountOpened, batchOf, fillRow, orderRecord } from '../support/journal-fixtures.ts';
import type { JournalHarness } from './journal.contract.ts';

export interface OrderArchiveHarness extends JournalHarness {
  readonly archive: OrderArchive;
}

/** What every archive must hold to; it reads what a journal of the same store has committed. */
export function describeOrderArchive(name: string, open: () => Promise<OrderArchiveHarness>): void {
  describe(`order archive: ${name}`, () => {
    let harness: OrderArchiveHarness;
    let journal: Journal;
    let archive: OrderArchive;
    const signal = AbortSignal.timeout(60_000);
    const [one, two] = [randomUUID(), randomUUID()];
    const orderId = randomUUID();
    const other = randomUUID();
    const record = orderRecord(orderId, { clientOrderId: 'mine' });

    beforeAll(async () => {
      harness = await open();
      ({ journal, archive } = harness);
      const epoch = await harness.lease(7);
      await journal.takeOver(7, epoch, signal);
      const base = { workspaceId: harness.workspaceId, shard: 7, epoch, expectedSeq: 0 };
      await journal.append(
        [one, two].sort().map((accountId) =>
          batchOf({
            ...base,
            accountId,
            events: [accountOpened(accountId, harness.workspaceId)],
            changes: {
              orders: [
                {
                  record: accountId === one ? record : orderRecord(other, { clientOrderId: 'mine' }),
                  status: 'FILLED',
                  open: false,
                },
              ],
              fills:
                accountId === one
                  ? [
                      fillRow(orderId, 'x-1', 3),
                      fillRow(orderId, 'x-2', 4, { price: '190.5', liquidity: 'MAKER' }),
                    ]
                  : [],
            },
          }),
        ),
        signal,
      );
      const update = { orderId, executionId: 'x-2', fee: '1.25', feeCurrency: 'USD', busted: true };
      await journal.append(
        [
          batchOf({
            ...base,
            accountId: one,
            expectedSeq: 1,
            events: [{ type: 'FEE_CHARGED', orderId, executionId: 'x-2', currency: 'USD', amount: '1.25' }],
            changes: { fillUpdates: [update] },
          }),
        ],
        signal,
      );
    });
    afterAll(async () => {
      await harness.close();
    });

    const fills = [
      {
        executionId: 'x-1',
        seq: 3,
        price: '190.25',
        quantity: '5',
        liquidity: 'TAKER',
        fee: null,
        feeCurrency: null,
        busted: false,
      },
      {
        executionId: 'x-2',
        seq: 4,
        price: '190.5',
        quantity: '5',
        liquidity: 'MAKER',
        fee: '1.25',
        feeCurrency: 'USD',
        busted: true,
      },
    ].map((fill) => ({ ...fill, at: expect.any(Number) }));

    it('finds an order by client id in its own account only', async () => {
      const found = await archive.byClientIds([{ accountId: one, clientOrderId: 'mine' }], signal);
      expect(found).toEqual([{ accountId: one, record: { ...record, fills } }]);
    });

    it('finds orders of several accounts in one go and leaves out what is not there', async () => {
      const wanted = [
        { accountId: one, clientOrderId: 'mine' },
        { accountId: two, clientOrderId: 'mine' },
        { accountId: two, clientOrderId: 'unheard of' },
      ];
      const found = await archive.byClientIds(wanted, signal);
      expect(found.map(({ accountId, record: { id } }) => [accountId, id]).sort()).toEqual(
        [
          [one, orderId],
          [two, other],
        ].sort(),
      );
    });

    it('finds an order by id with its fills, late fee and bust included', async () => {
      const wanted = [
        { accountId: one, orderId },
        { accountId: two, orderId },
        { accountId: one, orderId: randomUUID() },
      ];
      expect(await archive.byIds(wanted, signal)).toEqual([{ accountId: one, record: { ...record, fills } }]);
    });

    it('takes an id that no order could have for one that is not there', async () => {
      expect(await archive.byIds([{ accountId: one, orderId: 'not-an-id' }], signal)).toEqual([]);
    });

    it('lists the fills of a symbol in booking order with currency and multiplier', async () => {
      const found = await archive.fillsOf(one, 'AAPL', signal);
      expect(
        found.map(({ executionId, busted, currency, multiplier }) => [
          executionId,
          busted,
          currency,
          multiplier,
        ]),
      ).toEqual([
        ['x-1', false, 'USD', '1'],
        ['x-2', true, 'USD', '1'],
      ]);
      expect(await archive.fillsOf(one, 'MSFT', signal)).toEqual([]);
    });
  });
}
