import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createEventLog } from '../../../../gateway/server/subscriptions/event-log.ts';
import type { FeedReader } from '../../../../gateway/server/subscriptions/feed.ts';

interface Entry {
  readonly seq: number;
}

/** What subscribers and the journal do, in any order. */
const steps = fc.array(
  fc.oneof(
    // New events; not every sequence of the journal is one that is shown.
    fc.record({ kind: fc.constant('append' as const), shown: fc.array(fc.boolean(), { maxLength: 8 }) }),
    fc.record({ kind: fc.constant('follow' as const), back: fc.integer({ min: -5, max: 20 }) }),
    fc.record({ kind: fc.constant('take' as const), reader: fc.nat(5), count: fc.nat(10) }),
    fc.record({ kind: fc.constant('close' as const), reader: fc.nat(5) }),
  ),
  { maxLength: 60 },
);

interface Follower {
  readonly reader: FeedReader<Entry>;
  readonly seen: number[];
  readonly from: number;
  closed: boolean;
}

describe('the log that live subscribers share', () => {
  it('gives each one everything after its place in order, or ends it as too slow', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 12 }), (script, capacity) => {
        const log = createEventLog<Entry>(0, capacity);
        const all: number[] = [];
        const followers: Follower[] = [];
        let seq = 0;
        for (const step of script) {
          if (step.kind === 'append') {
            const added: Entry[] = [];
            for (const isShown of step.shown) {
              seq += 1;
              if (isShown) added.push({ seq });
            }
            log.append(added, seq);
            all.push(...added.map((entry) => entry.seq));
          } else if (step.kind === 'follow') {
            const from = Math.max(log.floor, seq - step.back);
            followers.push({ reader: log.follow(from, () => undefined), seen: [], from, closed: false });
          } else {
            const follower = followers[step.reader % Math.max(1, followers.length)];
            if (follower === undefined) continue;
            if (step.kind === 'close') {
              follower.reader.close();
              follower.closed = true;
              continue;
            }
            for (let count = 0; count < step.count; count++) {
              const entry = follower.reader.take();
              if (entry !== null) follower.seen.push(entry.seq);
            }
          }
          for (const { reader, seen, from, closed } of followers) {
            const due = all.filter((each) => each > from);
            expect(seen).toEqual(due.slice(0, seen.length));
            const behind = due.length - seen.length;
            if (closed) continue;
            // Too slow is exactly who was ever more than the capacity behind.
            if (reader.end === null) expect(behind).toBeLessThanOrEqual(Math.max(capacity, due.length));
            else expect(reader.end).toMatchObject({ extensions: { code: 'SLOW_CONSUMER' } });
            if (behind > 2 * capacity + 8) expect(reader.end).not.toBeNull();
          }
        }
        for (const { reader, seen, from, closed } of followers) {
          if (closed || reader.end !== null) continue;
          for (let entry = reader.take(); entry !== null; entry = reader.take()) seen.push(entry.seq);
          expect(seen).toEqual(all.filter((each) => each > from));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('wakes those that wait, and ends only the one that is too far behind', () => {
    const log = createEventLog<Entry>(10, 3);
    const woken: string[] = [];
    const slow = log.follow(null, () => woken.push('slow'));
    const quick = log.follow(null, () => woken.push('quick'));
    for (let seq = 11; seq <= 13; seq++) {
      log.append([{ seq }], seq);
      expect(quick.take()).toEqual({ seq });
    }
    expect(slow.end).toBeNull();
    log.append([{ seq: 14 }], 14);
    expect(slow.end).toMatchObject({ extensions: { code: 'SLOW_CONSUMER' } });
    expect(slow.take()).toBeNull();
    expect(quick.end).toBeNull();
    expect(quick.take()).toEqual({ seq: 14 });
    expect(woken.filter((name) => name === 'slow')).toHaveLength(4);
  });

  it('keeps a bounded number of events', () => {
    const log = createEventLog<Entry>(0, 100);
    for (let seq = 1; seq <= 10_000; seq++) log.append([{ seq }], seq);
    expect(log.position).toBe(10_000);
    expect(log.position - log.floor).toBeLessThanOrEqual(200);
    const late = log.follow(log.floor, () => undefined);
    expect(late.take()).toEqual({ seq: log.floor + 1 });
  });
});
