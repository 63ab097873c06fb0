import { beforeEach, describe, expect, it } from '@jest/globals';

import type { JournaledEvent } from '../../../../core/engine/account-event.ts';
import { followAccount } from '../../../../core/strategies/account-events.ts';
import type { QueuedInput } from '../../../../core/strategies/input-queue.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';

const event = (seq: number): JournaledEvent => ({ seq }) as JournaledEvent;
const events = (...seqs: readonly number[]): readonly JournaledEvent[] => seqs.map(event);

describe("an account's events as a strategy is told of them", () => {
  let clock: VirtualClock;
  let journal: number[];
  let given: (number | undefined)[];
  let isLoaded: boolean;
  let isReachable: boolean;

  beforeEach(() => {
    clock = createVirtualClock();
    journal = [1, 2, 3];
    given = [];
    isLoaded = true;
    isReachable = true;
  });

  const follow = () =>
    followAccount({
      clock,
      async *journal(after) {
        await Promise.resolve();
        if (!isReachable) throw new Error('the store is away');
        for (const seq of journal) if (seq > after) yield events(seq);
      },
      inputsOf: (some) => (isLoaded ? some.map(({ seq }) => ({ seq }) as QueuedInput) : null),
      give: ({ seq }) => given.push(seq),
    });

  const begun = async () => {
    const account = follow();
    for (const { seq } of await account.read(1)) given.push(seq);
    account.committed([]);
    return account;
  };

  it('come once each when they are both read and told', async () => {
    const account = follow();
    const reading = account.read(1);
    account.committed(events(3, 4));
    journal.push(4);
    for (const { seq } of await reading) given.push(seq);
    account.committed([]);
    account.committed(events(5));
    await clock.advance(1_000);
    expect(given).toEqual([2, 3, 4, 5]);
  });

  it('are read where a commit was not heard of, before those that were', async () => {
    const account = await begun();
    journal.push(4, 5, 6);
    account.committed(events(6));
    await clock.advance(0);
    account.committed(events(7));
    expect(given).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it('are read when the account was loaded again, though nothing follows', async () => {
    const account = await begun();
    journal.push(4);
    account.reopened();
    await clock.advance(0);
    expect(given).toEqual([2, 3, 4]);
  });

  it('wait for the store and for the account', async () => {
    const account = await begun();
    journal.push(4);
    isReachable = false;
    account.reopened();
    await clock.advance(1_000);
    isReachable = true;
    isLoaded = false;
    await clock.advance(1_000);
    expect(given).toEqual([2, 3]);
    isLoaded = true;
    await clock.advance(1_000);
    expect(given).toEqual([2, 3, 4]);
  });

  it('end when nobody wants them any more', async () => {
    const account = await begun();
    isReachable = false;
    account.reopened();
    await clock.advance(100);
    account.close();
    isReachable = true;
    journal.push(4);
    account.committed(events(4));
    await clock.advance(10_000);
    expect(given).toEqual([2, 3]);
  });
});
