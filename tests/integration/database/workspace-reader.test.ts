import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { DomainEvent } from '../../../core/engine/account-event.ts';
import type { OrderQuery, WorkspaceReader, WorkspaceReaders } from '../../../core/ports/order-reader.ts';
import { createWorkspaceReaders } from '../../../gateway/database/order-reader/workspace-readers.ts';
import { accountOpened, accountRow, batchOf, fillRow, orderRecord } from '../../support/journal-fixtures.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';

const signal = AbortSignal.timeout(120_000);
const ORDERS = 7;

let store: TestStore;
let readers: WorkspaceReaders;
let workspaceId: string;
let stranger: string;
let reader: WorkspaceReader;
const accountId = randomUUID();
const orderIds = Array.from({ length: ORDERS }, () => randomUUID());
const [parent = '', leg = ''] = orderIds;

beforeAll(async () => {
  store = await openTestStore();
  workspaceId = await store.workspace();
  stranger = await store.workspace();
  readers = createWorkspaceReaders(store.connect('app'));
  await write();
  reader = readers.open(workspaceId, signal);
});
afterAll(async () => {
  await reader.close();
  await store.close();
});

/** Order n is created by event 2 + 2n and filled by the next; even ones are open, every third is MSFT. */
async function write(): Promise<void> {
  const epoch = await store.lease(1, randomUUID());
  const events: DomainEvent[] = orderIds.flatMap((orderId) => [
    { type: 'EXPIRED', orderId },
    { type: 'CANCELED', orderId, reason: null },
  ]);
  const seqOf = (index: number): number => 2 + 2 * index;
  const audits = [1, 2].map((seq) => ({
    seq,
    at: seq,
    actor: 'user:1',
    action: 'limits',
    target: accountId,
    details: { b: 1, a: 'x' },
  }));
  const batch = batchOf({
    accountId,
    workspaceId,
    shard: 1,
    epoch,
    expectedSeq: 0,
    events: [
      accountOpened(accountId, workspaceId),
      ...events,
      { type: 'DAY_OPENED', day: '2024-01-02', equity: '10.5', previous: '9.5' },
    ],
    changes: {
      orders: orderIds.map((id, index) => ({
        record: orderRecord(id, {
          firstSeq: seqOf(index),
          createdAt: 1_000 + index,
          symbol: index % 3 === 0 ? 'MSFT' : 'AAPL',
          parentId: id === leg ? parent : null,
          strategyId: index === 5 ? 's-1' : null,
        }),
        status: index % 2 === 0 ? 'ACCEPTED' : 'FILLED',
        open: index % 2 === 0,
      })),
      fills: orderIds.flatMap((id, index) => [
        fillRow(id, 'a', seqOf(index), { price: '0.000000000000000001', at: 5_000 + index }),
        fillRow(id, 'b', seqOf(index) + 1, { at: 5_000 + index }),
      ]),
      positions: [
        {
          symbol: 'AAPL',
          currency: 'USD',
          multiplier: '1',
          quantity: '-1.5',
          cost: '-285.375',
          realizedPnl: '0',
        },
      ],
      balances: [{ currency: 'USD', total: '99999999999999999999.5', fees: '0', transfers: '1' }],
      alerts: [3, 4, 5].map((seq) => ({
        seq,
        at: seq,
        recordedAt: seq,
        severity: 'WARNING',
        code: 'DRAWDOWN',
        message: `no. ${String(seq)}`,
      })),
      audits,
    },
  });
  expect((await store.journal.append([batch], signal)).committed).toEqual([accountId]);
}

const idsOf = async (query: Partial<OrderQuery>): Promise<string[]> =>
  (await reader.orders({ accountId, first: 100, ...query })).items.map((record) => record.id);
const newestFirst = (keep: (index: number) => boolean): string[] =>
  orderIds.filter((_, index) => keep(index)).toReversed();

describe('open orders', () => {
  it('leave the list when they are done, and come back when they turn out not to be', async () => {
    const own = await store.workspace();
    const account = randomUUID();
    const orderId = randomUUID();
    const epoch = await store.lease(2, randomUUID());
    const base = { accountId: account, workspaceId: own, shard: 2, epoch };
    const turn = async (expectedSeq: number, open: boolean): Promise<string[]> => {
      const orders = [
        { record: orderRecord(orderId, { firstSeq: 2 }), status: open ? 'ACCEPTED' : 'FILLED', open },
      ];
      const events: DomainEvent[] = [{ type: 'EXPIRED', orderId }];
      const opening = [accountOpened(account, own), ...events];
      const batch = batchOf({
        ...base,
        expectedSeq,
        events: expectedSeq === 0 ? opening : events,
        changes: { orders },
      });
      expect((await store.journal.append([batch], signal)).committed).toEqual([account]);
      const reading = readers.open(own, signal);
      const page = await reading.orders({ accountId: account, open: true, first: 10 });
      await reading.close();
      return page.items.map((record) => record.id);
    };
    expect(await turn(0, true)).toEqual([orderId]);
    expect(await turn(2, true)).toEqual([orderId]);
    expect(await turn(3, false)).toEqual([]);
    expect(await turn(4, true)).toEqual([orderId]);
  });
});

describe('a reader of a workspace', () => {
  it('gives accounts with exact balances and positions', async () => {
    const [view] = await reader.accounts();
    expect(view?.account).toEqual(accountRow(accountId, workspaceId, 2 + 2 * ORDERS));
    expect(view?.balances).toEqual([
      { currency: 'USD', total: '99999999999999999999.5', fees: '0', transfers: '1' },
    ]);
    expect(view?.positions.map(({ quantity, cost }) => [quantity, cost])).toEqual([['-1.5', '-285.375']]);
    expect(await reader.accountsByIds([accountId, 'no-such'])).toEqual([view]);
    expect(await reader.head(accountId)).toEqual({ seq: 2 + 2 * ORDERS });
  });

  it('pages through orders, newest first, each once', async () => {
    const seen: string[] = [];
    let before: OrderQuery['before'];
    for (;;) {
      const page = await reader.orders({ accountId, first: 3, ...(before === undefined ? {} : { before }) });
      seen.push(...page.items.map((record) => record.id));
      const last = page.items.at(-1);
      if (!page.hasNextPage || last === undefined) break;
      before = { seq: last.firstSeq, id: last.id };
    }
    expect(seen).toEqual(orderIds.toReversed());
  });

  it('filters orders by all that the API offers', async () => {
    expect(await idsOf({ open: true })).toEqual(newestFirst((index) => index % 2 === 0));
    expect(await idsOf({ open: false })).toEqual(newestFirst((index) => index % 2 === 1));
    expect(await idsOf({ symbol: 'MSFT' })).toEqual(newestFirst((index) => index % 3 === 0));
    expect(await idsOf({ statuses: ['FILLED'] })).toEqual(newestFirst((index) => index % 2 === 1));
    expect(await idsOf({ statuses: [] })).toEqual([]);
    expect(await idsOf({ from: 1_002, to: 1_004 })).toEqual([orderIds[3], orderIds[2]]);
    expect(await idsOf({ strategyId: 's-1' })).toEqual([orderIds[5]]);
  });

  it('finds orders by id, client id and parent', async () => {
    expect((await reader.ordersByIds([leg, 'no-such'])).map(({ record }) => record.id)).toEqual([leg]);
    expect((await reader.orderByClientId(accountId, `client-${leg}`))?.id).toBe(leg);
    expect(await reader.orderByClientId(accountId, 'no-such')).toBeNull();
    const legs = await reader.legsOf([parent, leg]);
    expect(legs.map(({ accountId: of, record }) => [of, record.id])).toEqual([[accountId, leg]]);
  });

  it('pages through fills of the account and of many orders at once', async () => {
    const page = await reader.fills({ accountId, first: 2 });
    expect(page.items.map((fill) => fill.seq)).toEqual([15, 14]);
    expect(page.hasNextPage).toBe(true);
    const next = await reader.fills({ accountId, first: 100, beforeSeq: 14 });
    expect([next.items.length, next.hasNextPage]).toEqual([2 * ORDERS - 2, false]);
    const early = await reader.fills({ accountId, first: 100, from: 5_000, to: 5_001 });
    expect(early.items.map((fill) => fill.price)).toEqual(['190.25', '0.000000000000000001']);

    const firsts = await reader.fillsOfOrders(orderIds, 1, null);
    expect(
      [...firsts.values()].map(({ items, hasNextPage }) => [items[0]?.executionId, hasNextPage]),
    ).toEqual(orderIds.map(() => ['a', true]));
    const rest = await reader.fillsOfOrders([parent], 1, firsts.get(parent)?.items[0]?.seq ?? 0);
    expect(rest.get(parent)?.items.map((fill) => fill.executionId)).toEqual(['b']);
    expect(rest.get(parent)?.hasNextPage).toBe(false);
  });

  it('gives events of an order, of an account, and of some orders up to a point', async () => {
    const page = await reader.orderEvents(accountId, leg, 1, null);
    expect(page.items.map((event) => event.event.type)).toEqual(['EXPIRED']);
    const rest = await reader.orderEvents(accountId, leg, 5, page.items[0]?.seq ?? 0);
    expect([rest.items.map((event) => event.event.type), rest.hasNextPage]).toEqual([['CANCELED'], false]);
    expect((await reader.accountEvents(accountId, 3, 2)).map((event) => event.seq)).toEqual([4, 5]);
    const upTo = await reader.eventsOfOrders(accountId, [parent, leg], 4);
    expect(upTo.map((event) => event.seq)).toEqual([2, 3, 4]);
  });

  it('gives alerts from both ends, the audit log, and days of equity', async () => {
    const newest = await reader.alerts(accountId, 2, null);
    expect([newest.items.map((alert) => alert.seq), newest.hasNextPage]).toEqual([[5, 4], true]);
    expect((await reader.alerts(accountId, 2, 4)).items.map((alert) => alert.seq)).toEqual([3]);
    expect((await reader.alertsAfter(accountId, 3, 10)).map((alert) => alert.message)).toEqual([
      'no. 4',
      'no. 5',
    ]);
    const audits = await reader.audits(accountId, 10, null);
    expect(audits.items.map(({ sequence, details }) => [sequence, details])).toEqual([
      ['2', { a: 'x', b: 1 }],
      ['1', { a: 'x', b: 1 }],
    ]);
    expect(audits.items[0]?.previousHash).toBe(audits.items[1]?.hash);
    expect((await reader.audits(null, 10, '2')).items.map(({ sequence }) => sequence)).toEqual(['1']);
    const days = await reader.equityDays([accountId, 'no-such'], 5);
    expect(days.get(accountId)?.map(({ day, equity, previous }) => [day, equity, previous])).toEqual([
      ['2024-01-02', '10.5', '9.5'],
    ]);
  });

  it('finds nothing of another workspace', async () => {
    const other = readers.open(stranger, signal);
    expect(await other.accounts()).toEqual([]);
    expect(await other.accountsByIds([accountId])).toEqual([]);
    expect(await other.ordersByIds(orderIds)).toEqual([]);
    expect((await other.orders({ accountId, first: 10 })).items).toEqual([]);
    expect(await other.accountEvents(accountId, 0, 10)).toEqual([]);
    expect(await other.head(accountId)).toBeNull();
    await other.close();
  });

  it('takes what is asked at the same time one after the other, in one state of the database', async () => {
    const own = readers.open(workspaceId, signal);
    const [accounts, head] = await Promise.all([own.accounts(), own.head(accountId)]);
    expect([accounts.length, head?.seq]).toEqual([1, 2 + 2 * ORDERS]);
    await store.admin('UPDATE account_head SET seq = seq + 1 WHERE account_id = $1', [accountId]);
    expect(await own.head(accountId)).toEqual(head);
    await store.admin('UPDATE account_head SET seq = seq - 1 WHERE account_id = $1', [accountId]);
    await own.close();
    await own.close();
    await expect(own.head(accountId)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });

  it('ends with the request, also when that is given up in the middle', async () => {
    const request = new AbortController();
    const own = readers.open(workspaceId, request.signal);
    await own.head(accountId);
    request.abort();
    await expect(own.head(accountId)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await own.close();
    const fresh = readers.open(workspaceId, signal);
    expect(await fresh.accounts()).toHaveLength(1);
    await fresh.close();
  });

  it('that nobody closed keeps the pool from closing for a time only', async () => {
    const pool = store.connect('app');
    const kept = createWorkspaceReaders(pool).open(workspaceId, signal);
    await kept.head(accountId);
    await pool.close();
    await expect(kept.head(accountId)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await kept.close();
  });

  it('costs nothing when nothing is asked', async () => {
    await readers.open(workspaceId, signal).close();
  });
});
