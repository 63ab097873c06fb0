import { describe, expect, it, test } from '@jest/globals';
import type { Notification } from '@omniquant/plugin-sdk';
import fc from 'fast-check';

import {
  type ChannelQueue,
  condense,
  type CondenseLimits,
  MOST_IN_WINDOW,
  MOST_WAITING,
  type QueuedDelivery,
} from '../../../../core/notifications/condense.ts';
import { toSent } from '../../../../core/notifications/summary.ts';

const LIMITS: CondenseLimits = { windowMs: 60_000, mostInWindow: MOST_IN_WINDOW, mostWaiting: MOST_WAITING };
const NOTHING: ChannelQueue = { recent: [], waiting: 0 };

let made = 0;
const alert = (
  code: string,
  accountId: string | null = 'a',
  more: Partial<Notification> = {},
): Notification => ({
  id: `n${String((made += 1))}`,
  at: 1_000,
  severity: 'WARNING',
  code,
  title: `Something: ${accountId ?? 'gateway'}`,
  message: `message of ${code}`,
  accountId,
  orderId: null,
  details: {},
  ...more,
});

const countOf = ({ content }: QueuedDelivery): number => content.summary?.count ?? 1;

describe('alerts of one kind and account', () => {
  it('are told at once the first time, and summed up at the end of the window', () => {
    const [first, ...more] = Array.from({ length: 5_000 }, () => alert('ORDER_IN_DOUBT'));
    const { added, grown } = condense(NOTHING, [first!, ...more], 1_000, LIMITS);
    expect(grown).toEqual([]);
    expect(added.map((row) => [row.id, countOf(row), row.nextAttemptAt, row.isOpen])).toEqual([
      [first!.id, 1, 1_000, false],
      [`${more[0]!.id}:summary`, 4_999, 61_000, true],
    ]);
  });

  it('join the summary that is open, and begin another when it was sent', () => {
    const before = condense(NOTHING, [alert('X'), alert('X')], 1_000, LIMITS).added;
    const { added, grown } = condense({ recent: before, waiting: 1 }, [alert('X')], 2_000, LIMITS);
    expect([added.length, grown.map(countOf)]).toEqual([0, [2]]);
    const sent = before.map((row) => ({ ...row, isOpen: false }));
    const next = condense({ recent: sent, waiting: 0 }, [alert('X')], 2_000, LIMITS);
    expect(next.added.map((row) => row.isOpen)).toEqual([true]);
  });

  it('are told at once again when the window has passed', () => {
    const recent = condense(NOTHING, [alert('X')], 1_000, LIMITS).added;
    const { added } = condense({ recent, waiting: 0 }, [alert('X')], 61_001, LIMITS);
    expect(added.map((row) => row.isOpen)).toEqual([false]);
  });

  it('do not hide what is more severe or of another account', () => {
    const alerts = [alert('X'), alert('X', 'a', { severity: 'CRITICAL' }), alert('X', 'b'), alert('Y')];
    expect(condense(NOTHING, alerts, 0, LIMITS).added.every((row) => !row.isOpen)).toBe(true);
  });
});

test('alerts of a thousand accounts come down to a few at once and one summary', () => {
  const alerts = Array.from({ length: 1_000 }, (_, index) => alert('DAILY_LOSS', `account-${String(index)}`));
  const { added } = condense(NOTHING, alerts, 0, LIMITS);
  expect(added.length).toBe(MOST_IN_WINDOW + 1);
  const last = added.at(-1)!;
  expect([last.accountId, countOf(last)]).toEqual([null, 1_000 - MOST_IN_WINDOW]);
  const sent = toSent(last.id, last.content);
  expect(sent).toMatchObject({ title: '980 times: Something', accountId: null, details: { count: 980 } });
});

test('a channel whose receiver is away for a day keeps a bounded number of messages, and every alert', () => {
  let queue: QueuedDelivery[] = [];
  let count = 0;
  for (let now = 0; now < 86_400_000; now += 30_000) {
    const arriving = Array.from({ length: 5 }, (_, index) => alert('X', `account-${String(index)}`));
    count += arriving.length;
    const recent = queue.filter((row) => row.createdAt > now - LIMITS.windowMs || row.isOpen);
    const { added, grown } = condense({ recent, waiting: queue.length }, arriving, now, LIMITS);
    queue = [...queue.map((row) => grown.find(({ id }) => id === row.id) ?? row), ...added];
  }
  expect(queue.length).toBeLessThanOrEqual(MOST_WAITING + 30);
  expect(queue.reduce((sum, row) => sum + countOf(row), 0)).toBe(count);
});

test('whatever comes, every alert is in one delivery, and the deliveries of a window are bounded', () => {
  const codes = ['A', 'B', 'C'];
  const burst = fc.array(fc.tuple(fc.constantFrom(...codes), fc.integer({ min: 0, max: 60 })), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(fc.array(burst, { maxLength: 8 }), (bursts) => {
      let queue: QueuedDelivery[] = [];
      let count = 0;
      for (const [index, each] of bursts.entries()) {
        const arriving = each.map(([code, account]) => alert(code, String(account)));
        count += arriving.length;
        const { added, grown } = condense({ recent: queue, waiting: queue.length }, arriving, index, LIMITS);
        queue = [...queue.map((row) => grown.find(({ id }) => id === row.id) ?? row), ...added];
      }
      expect(queue.reduce((sum, row) => sum + countOf(row), 0)).toBe(count);
      expect(new Set(queue.map(({ id }) => id)).size).toBe(queue.length);
      expect(queue.length).toBeLessThanOrEqual(MOST_IN_WINDOW + codes.length);
    }),
  );
});

describe('what is sent', () => {
  it('is the alert itself, under the delivery’s id, when it is alone', () => {
    const one = alert('X');
    expect(toSent('d', { notification: one, summary: null })).toEqual({ ...one, id: 'd' });
  });

  it('says of several how many, from when to when, and some of what was said', () => {
    const said = (message: string, at: number): Notification => alert('X', 'a', { message, at });
    const alerts = [said('zero', 0), said('one', 1_000), said('two', 3_000), said('one', 2_000)];
    const summary = condense(NOTHING, alerts, 0, LIMITS).added[1]!;
    expect(toSent(summary.id, summary.content)).toMatchObject({
      title: '3 times: Something: a',
      at: 3_000,
      accountId: 'a',
      message: '3 alerts from 1970-01-01T00:00:01.000Z to 1970-01-01T00:00:03.000Z. Among them: one / two',
      details: { count: 3 },
    });
  });
});
