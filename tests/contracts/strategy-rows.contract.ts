import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Journal } from '../../core/ports/journal.ts';
import type { OrderReader, WorkspaceReaders } from '../../core/ports/order-reader.ts';
import type { StrategyRow } from '../../core/ports/read-model.ts';
import { accountOpened, batchOf, strategyRow } from '../support/journal-fixtures.ts';
import type { JournalHarness } from './journal.contract.ts';

export interface StrategyRowsHarness extends JournalHarness {
  /** Of what the journal's store holds. */
  readonly readers: WorkspaceReaders;
}

/** What every store must hold to about strategies: rows are there with the commit that they came with. */
export function describeStrategyRows(name: string, open: () => Promise<StrategyRowsHarness>): void {
  describe(`rows of strategies: ${name}`, () => {
    const SHARD = 9;
    const signal = AbortSignal.timeout(60_000);
    let harness: StrategyRowsHarness;
    let journal: Journal;
    let epoch: number;

    beforeAll(async () => {
      harness = await open();
      journal = harness.journal;
      epoch = await harness.lease(SHARD);
      await journal.takeOver(SHARD, epoch, signal);
    });
    afterAll(() => harness.close());

    async function write(
      accountId: string,
      expectedSeq: number,
      strategies: readonly StrategyRow[],
    ): Promise<readonly string[]> {
      const { workspaceId } = harness;
      const events = [accountOpened(accountId, workspaceId)];
      const base = { accountId, workspaceId, shard: SHARD, epoch, expectedSeq, events };
      return (await journal.append([batchOf({ ...base, changes: { strategies } })], signal)).committed;
    }

    async function read<T>(
      query: (reader: OrderReader) => Promise<T>,
      workspaceId = harness.workspaceId,
    ): Promise<T> {
      const reader = harness.readers.open(workspaceId, signal);
      try {
        return await query(reader);
      } finally {
        await reader.close();
      }
    }

    it('come back as they were written', async () => {
      const [accountId, strategyId] = [randomUUID(), randomUUID()];
      const row = strategyRow(accountId, strategyId, {
        config: { fast: 10, nested: { levels: ['1.5', null, true] }, text: 'a "b" \\ ü \u001f' },
        error: 'threw “no”',
        realizedPnl: '-12345678901234567890.123456789012345678',
        restarts: 3,
      });
      await write(accountId, 0, [row]);
      expect(await read((reader) => reader.strategiesByIds([strategyId, 'no-such']))).toEqual([row]);
    });

    it('change in what a life changes, and keep what it began with', async () => {
      const [accountId, strategyId] = [randomUUID(), randomUUID()];
      const row = strategyRow(accountId, strategyId, { status: 'STARTING' });
      await write(accountId, 0, [row]);
      const ended: StrategyRow = {
        ...{ ...row, status: 'FAILED', error: 'it threw', restarts: 2 },
        ...{ stoppedAt: row.startedAt + 5, realizedPnl: '1.5' },
      };
      await write(accountId, 1, [ended]);
      expect(await read((reader) => reader.strategiesByIds([strategyId]))).toEqual([ended]);
    });

    it('are not written with a batch that is fenced off', async () => {
      const [accountId, strategyId] = [randomUUID(), randomUUID()];
      await write(accountId, 0, []);
      expect(await write(accountId, 0, [strategyRow(accountId, strategyId)])).toEqual([]);
      expect(await read((reader) => reader.strategiesByIds([strategyId]))).toEqual([]);
    });

    it('are listed with those that run first, each part newest first', async () => {
      const [accountId, other] = [randomUUID(), randomUUID()];
      const ids = Array.from({ length: 4 }, () => randomUUID());
      const [one = '', two = '', three = '', four = ''] = ids;
      const rows = ids.map((id, index) =>
        strategyRow(accountId, id, {
          startedSeq: 10 + index,
          ...(id === two || id === four ? { status: 'STOPPED', stoppedAt: 1 } : {}),
        }),
      );
      await write(accountId, 0, rows);
      await write(other, 0, [strategyRow(other, randomUUID())]);
      const list = (first: number): Promise<readonly StrategyRow[]> =>
        read((reader) => reader.strategies(accountId, first));
      expect((await list(10)).map(({ strategyId }) => strategyId)).toEqual([three, one, four, two]);
      expect((await list(3)).map(({ strategyId }) => strategyId)).toEqual([three, one, four]);
    });

    it('are not there for another workspace', async () => {
      const [accountId, strategyId] = [randomUUID(), randomUUID()];
      await write(accountId, 0, [strategyRow(accountId, strategyId)]);
      const stranger = randomUUID();
      expect(await read((reader) => reader.strategiesByIds([strategyId]), stranger)).toEqual([]);
      expect(await read((reader) => reader.strategies(accountId, 10), stranger)).toEqual([]);
      expect(await read((reader) => reader.strategies(accountId, 10))).toHaveLength(1);
    });
  });
}
