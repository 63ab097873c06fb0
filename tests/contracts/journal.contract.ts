import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { DomainEvent, JournaledEvent } from '../../core/engine/account-event.ts';
import type { AccountBatch, Journal } from '../../core/ports/journal.ts';
import { accountOpened, batchOf } from '../support/journal-fixtures.ts';

/** A journal with what its accounts need around them. */
export interface JournalHarness {
  readonly journal: Journal;
  /** A workspace that accounts may be opened in. */
  readonly workspaceId: string;
  /** Makes a new owner the holder of "shard:<n>" and answers with the lease's epoch. */
  lease(shard: number): Promise<number>;
  close(): Promise<void>;
}

const deposit = (reference: string): DomainEvent => ({
  type: 'TRANSFER_BOOKED',
  reference,
  currency: 'USD',
  amount: '100.5',
  reason: 'deposit',
  marks: null,
});

/** What every journal must hold to. Each test has a shard of its own, so that one store serves all. */
export function describeJournal(name: string, open: () => Promise<JournalHarness>): void {
  describe(`journal: ${name}`, () => {
    let harness: JournalHarness;
    let journal: Journal;
    let shard = 0;
    const signal = AbortSignal.timeout(60_000);

    beforeAll(async () => {
      harness = await open();
      journal = harness.journal;
    });
    afterAll(async () => {
      await harness.close();
    });

    async function account(): Promise<{ first: AccountBatch; epoch: number; accountId: string }> {
      shard += 1;
      const epoch = await harness.lease(shard);
      await journal.takeOver(shard, epoch, signal);
      const accountId = randomUUID();
      return { first: batchOf({ ...base(accountId, epoch), expectedSeq: 0 }), epoch, accountId };
    }

    const base = (
      accountId: string,
      epoch: number,
    ): Pick<AccountBatch, 'accountId' | 'workspaceId' | 'shard' | 'epoch'> => ({
      accountId,
      workspaceId: harness.workspaceId,
      shard,
      epoch,
    });

    async function readAll(accountId: string, afterSeq = 0): Promise<JournaledEvent[]> {
      const events: JournaledEvent[] = [];
      for await (const page of journal.read(accountId, afterSeq, signal)) {
        events.push(...page);
      }
      return events;
    }

    it('opens an account with its first batch and gives back the same events', async () => {
      const { first, accountId } = await account();
      expect(await journal.append([first], signal)).toEqual({ committed: [accountId], fenced: [] });
      expect(await readAll(accountId)).toEqual(first.events);
    });

    it('gives back what came after a sequence, in order over several pages', async () => {
      const { first, accountId, epoch } = await account();
      await journal.append([first], signal);
      const events = Array.from({ length: 2_500 }, (_, index) => deposit(`d-${String(index)}`));
      await journal.append([batchOf({ ...base(accountId, epoch), expectedSeq: 1, events })], signal);
      const read = await readAll(accountId, 1);
      expect(read.map((event) => event.seq)).toEqual(events.map((_, index) => index + 2));
      expect(read.at(-1)?.event).toEqual(events.at(-1));
      expect(await readAll(accountId, 2_501)).toEqual([]);
    });

    it('leaves out an account whose expected sequence is not its last, and commits the rest', async () => {
      const a = await account();
      const b = await account();
      await journal.append(
        [a.first, b.first].sort((x, y) => (x.accountId < y.accountId ? -1 : 1)),
        signal,
      );
      const stale = batchOf({ ...base(a.accountId, a.epoch), shard: shard - 1, expectedSeq: 0 });
      const good = batchOf({ ...base(b.accountId, b.epoch), expectedSeq: 1, events: [deposit('good')] });
      expect(await journal.append([stale, good], signal)).toEqual({
        committed: [b.accountId],
        fenced: [a.accountId],
      });
      expect(await readAll(a.accountId)).toHaveLength(1);
      expect(await readAll(b.accountId)).toHaveLength(2);
    });

    it('fences the earlier owner off once another has taken the shard over', async () => {
      const { first, accountId, epoch } = await account();
      await journal.append([first], signal);
      const newer = await harness.lease(shard);
      expect(await journal.takeOver(shard, newer, signal)).toEqual([accountId]);

      const late = batchOf({ ...base(accountId, epoch), expectedSeq: 1, events: [deposit('late')] });
      expect(await journal.append([late], signal)).toEqual({ committed: [], fenced: [accountId] });
      const mine = batchOf({ ...base(accountId, newer), expectedSeq: 1, events: [deposit('mine')] });
      expect(await journal.append([mine], signal)).toEqual({ committed: [accountId], fenced: [] });
      expect((await readAll(accountId)).map((event) => event.event)).toEqual([
        accountOpened(accountId, harness.workspaceId),
        deposit('mine'),
      ]);
    });

    it('refuses a takeover under an epoch that is not current', async () => {
      const { first, epoch, accountId } = await account();
      await journal.append([first], signal);
      await harness.lease(shard);
      await expect(journal.takeOver(shard, epoch, signal)).rejects.toMatchObject({ code: 'NOT_COMMITTED' });
      const next = batchOf({ ...base(accountId, epoch), expectedSeq: 1, events: [deposit('still mine')] });
      expect((await journal.append([next], signal)).committed).toEqual([accountId]);
    });

    it('may be taken over again by the same owner, who then goes on', async () => {
      const { first, epoch, accountId } = await account();
      await journal.append([first], signal);
      expect(await journal.takeOver(shard, epoch, signal)).toEqual([accountId]);
      const next = batchOf({ ...base(accountId, epoch), expectedSeq: 1, events: [deposit('on')] });
      expect((await journal.append([next], signal)).committed).toEqual([accountId]);
    });

    it('does not let an earlier owner open an account', async () => {
      const { first, accountId } = await account();
      const newer = await harness.lease(shard);
      await journal.takeOver(shard, newer, signal);
      expect(await journal.append([first], signal)).toEqual({ committed: [], fenced: [accountId] });
      expect(await readAll(accountId)).toEqual([]);
    });

    it('opens an account once', async () => {
      const { first, accountId } = await account();
      await journal.append([first], signal);
      expect(await journal.append([first], signal)).toEqual({ committed: [], fenced: [accountId] });
      expect(await readAll(accountId)).toHaveLength(1);
    });

    it('writes nothing when the signal has been aborted before', async () => {
      const { first, accountId } = await account();
      await expect(journal.append([first], AbortSignal.abort())).rejects.toMatchObject({
        code: 'NOT_COMMITTED',
      });
      expect(await readAll(accountId)).toEqual([]);
    });

    it('keeps the latest snapshot, and takes none from an earlier owner', async () => {
      const { first, accountId, epoch } = await account();
      await journal.append([first], signal);
      expect(await journal.latestSnapshot(accountId, signal)).toBeNull();
      const text = (seq: number): string => JSON.stringify({ seq, name: 'Müller' });
      await journal.saveSnapshot({ accountId, seq: 1, state: text(1) }, epoch, signal);
      const next = batchOf({ ...base(accountId, epoch), expectedSeq: 1, events: [deposit('one more')] });
      await journal.append([next], signal);
      await journal.saveSnapshot({ accountId, seq: 2, state: text(2) }, epoch, signal);
      expect(await journal.latestSnapshot(accountId, signal)).toEqual({ accountId, seq: 2, state: text(2) });

      const newer = await harness.lease(shard);
      await journal.takeOver(shard, newer, signal);
      await journal.saveSnapshot({ accountId, seq: 3, state: text(3) }, epoch, signal).catch(() => undefined);
      expect((await journal.latestSnapshot(accountId, signal))?.seq).toBe(2);
    });
  });
}
