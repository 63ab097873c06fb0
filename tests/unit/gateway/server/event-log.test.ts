import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createEventLog, type LogReader } from '../../../../gateway/server/subscriptions/event-log.ts';

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
    fc.record({ kind: fc.constant('block' as const), reader: fc.nat(5), blocked: fc.boolean() }),
    fc.record({ kind: fc.constant('close' as const), reader: fc.nat(5) }),
  ),
  { maxLength: 60 },
);

interface Follower {
  readonly reader: LogReader<Entry>;
  readonly seen: number[];
  readonly from: number;
  /** It began with more than the log had. */
  readonly ahead: boolean;
  closed: boolean;
  blocked: boolean;
  /** Events that came up while it was blocked. */
  missed: number;
}

describe('the log that live subscribers share', () => {
  it('gives each one everything after its place in order, as long as its place is there', () => {
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
            for (const follower of followers) if (follower.blocked) follower.missed += added.length;
          } else if (step.kind === 'follow') {
            const from = Math.max(log.floor, seq - step.back);
            const reader = log.follow(from, () => undefined);
            followers.push({
              reader,
              seen: [],
              from,
              ahead: from > seq,
              closed: false,
              blocked: false,
              missed: 0,
            });
          } else {
            const follower = followers[step.reader % Math.max(1, followers.length)];
            if (follower === undefined) continue;
            if (step.kind === 'close') {
              follower.reader.close();
              follower.closed = true;
            } else if (step.kind === 'block') {
              follower.reader.setBlocked(step.blocked);
              if (!step.blocked) follower.missed = 0;
              follower.blocked = step.blocked;
            } else {
              for (let count = 0; count < step.count; count++) {
                const entry = follower.reader.take();
                if (entry !== null) follower.seen.push(entry.seq);
              }
            }
          }
          for (const { reader, seen, from, ahead, closed, missed } of followers) {
            const due = all.filter((each) => each > from);
            // Nothing is left out, given twice or given out of order.
            expect(seen).toEqual(due.slice(0, seen.length));
            if (closed || reader.end !== null) continue;
            // Too slow is who was blocked for more than the capacity, and nobody else.
            expect(missed).toBeLessThanOrEqual(capacity);
            if (!ahead && due.length - seen.length <= capacity) expect(reader.lost).toBe(false);
          }
          for (const { reader, closed, missed } of followers) {
            if (closed || reader.end === null) continue;
            expect(reader.end).toMatchObject({ extensions: { code: 'SLOW_CONSUMER' } });
            expect(missed === 0 || missed > capacity).toBe(true);
          }
        }
        for (const { reader, seen, from, closed } of followers) {
          if (closed || reader.end !== null || reader.lost) continue;
          for (let entry = reader.take(); entry !== null; entry = reader.take()) seen.push(entry.seq);
          expect(seen).toEqual(all.filter((each) => each > from));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('ends whose consumer takes nothing for too long, and lets go of whom we have served too slowly', () => {
    const log = createEventLog<Entry>(10, 3);
    const woken: string[] = [];
    const blocked = log.follow(null, () => woken.push('blocked'));
    const behind = log.follow(null, () => woken.push('behind'));
    const quick = log.follow(null, () => woken.push('quick'));
    blocked.setBlocked(true);
    for (let seq = 11; seq <= 14; seq++) {
      expect(blocked.end).toBeNull();
      log.append([{ seq }], seq);
      expect(quick.take()).toEqual({ seq });
    }
    expect(blocked.end).toMatchObject({ extensions: { code: 'SLOW_CONSUMER' } });
    expect(blocked.take()).toBeNull();
    expect(woken.filter((name) => name === 'blocked')).toHaveLength(4);
    expect(behind.take()).toEqual({ seq: 11 });
    for (let seq = 15; seq <= 30; seq++) log.append([{ seq }], seq);
    expect(behind.end).toBeNull();
    expect(behind.lost).toBe(true);
    expect(behind.take()).toBeNull();
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
