import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { FillRow } from '../../../core/ports/read-model.ts';
import {
  type AccountHistories,
  createAccountHistories,
} from '../../../gateway/database/account-histories.ts';
import { accountOpened, batchOf, fillRow } from '../../support/journal-fixtures.ts';
import { openTestStore, type TestStore } from '../../support/postgres-store.ts';

const signal = AbortSignal.timeout(120_000);
const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER };

let store: TestStore;
let histories: AccountHistories;
let mine: string;
let stranger: string;
const [first, second] = [randomUUID(), randomUUID()];

/** Bought and sold flat by 30, then a flip at 50 and what follows it; of MSFT one buy at 20, and one that was busted. */
const FILLS: readonly (readonly [
  at: number,
  side: 'BUY' | 'SELL',
  quantity: string,
  more?: Partial<FillRow>,
])[] = [
  [10, 'BUY', '5'],
  [20, 'BUY', '2', { symbol: 'MSFT', fee: '0.25', feeCurrency: 'USD' }],
  [25, 'BUY', '9', { symbol: 'MSFT', busted: true }],
  [30, 'SELL', '5'],
  [40, 'BUY', '0.000000000000000001', { price: '12345678901234567890.5' }],
  [50, 'SELL', '3'],
  [60, 'BUY', '1'],
];

async function write(accountId: string, workspaceId: string, shard: number): Promise<void> {
  const batch = batchOf({
    ...{ accountId, workspaceId, shard, expectedSeq: 0, epoch: await store.lease(shard, randomUUID()) },
    events: [
      accountOpened(accountId, workspaceId),
      { type: 'DAY_OPENED', day: '2024-01-02', equity: '10.5', previous: null },
      { type: 'DAY_OPENED', day: '2024-01-03', equity: '11.5', previous: '12.000000000000000001' },
    ],
    changes: {
      fills: FILLS.map(([at, side, quantity, more], index) =>
        fillRow(randomUUID(), 'x', index + 1, { at, side, quantity, ...more }),
      ),
    },
  });
  expect(await store.journal.append([batch], signal)).toMatchObject({ committed: [accountId] });
}

beforeAll(async () => {
  store = await openTestStore();
  histories = createAccountHistories(store.connect('app'));
  [mine, stranger] = [await store.workspace(), await store.workspace()];
  await write(first, mine, 1);
  await write(second, mine, 2);
});
afterAll(() => store.close());

const fillsOf = async (span: { from: number; to: number }, most = 100): Promise<readonly unknown[][]> => {
  const [found] = await histories.read(mine, [first], span, most, signal);
  return JSON.parse(found!.fills) as unknown[][];
};

describe('what an account has done', () => {
  it('is every opening of a day and every fill that stands, to the last digit', async () => {
    const [found] = await histories.read(mine, [first], ALL, 100, signal);
    expect(JSON.parse(found!.openings)).toEqual([
      ['2024-01-02', expect.any(Number), '10.5', null],
      ['2024-01-03', expect.any(Number), '11.5', '12.000000000000000001'],
    ]);
    expect(found!.view.account.accountId).toBe(first);
    const fills = await fillsOf(ALL);
    expect(fills.map(([at]) => at)).toEqual([10, 20, 30, 40, 50, 60]);
    expect(found!.fillCount).toBe(6);
    expect(fills[1]).toEqual([20, 'MSFT', 'BUY', '190.25', '2', '0.25', 'USD']);
    expect(fills[3]).toEqual([
      ...[40, 'AAPL', 'BUY', '12345678901234567890.5', '0.000000000000000001', null, null],
    ]);
  });

  it.each([
    ['what came before a flat position is left out', { from: 35, to: 100 }, [20, 40, 50, 60]],
    ['a flip is no flat position', { from: 55, to: 100 }, [20, 40, 50, 60]],
    ['what comes later is left out', { from: 15, to: 30 }, [10, 20]],
    ['a position that is closed within keeps its entry', { from: 30, to: 40 }, [10, 20, 30]],
  ])('%s', async (_what, span, wanted) => {
    expect((await fillsOf(span)).map(([at]) => at)).toEqual(wanted);
  });

  it('is as much as is asked for, and says that there may be more', async () => {
    expect(await fillsOf(ALL, 4)).toHaveLength(4);
    const both = await histories.read(mine, [second, first], ALL, 7, signal);
    expect(both.reduce((sum, { fillCount }) => sum + fillCount, 0)).toBe(7);
  });

  it('names what was traded most in the span', async () => {
    expect(await histories.mostTraded(mine, first, ALL, 5, signal)).toEqual(['AAPL', 'MSFT']);
    expect(await histories.mostTraded(mine, first, { from: 30, to: 100 }, 5, signal)).toEqual(['AAPL']);
    expect(await histories.mostTraded(mine, first, ALL, 1, signal)).toEqual(['AAPL']);
  });

  it('is not there for another workspace', async () => {
    expect(await histories.read(stranger, [first], ALL, 100, signal)).toEqual([]);
    expect(await histories.mostTraded(stranger, first, ALL, 5, signal)).toEqual([]);
  });
});
