import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { merge, type Timed } from '../../../../plugins/feed-replay/src/merge.ts';
import { createPace } from '../../../../plugins/feed-replay/src/pace.ts';

interface Mark {
  readonly source: number;
  readonly place: number;
}

async function* from(
  source: number,
  times: readonly number[],
  onEnd = (): void => undefined,
): AsyncGenerator<Timed<Mark>> {
  try {
    for (const [place, at] of times.entries()) yield await Promise.resolve({ at, event: { source, place } });
  } finally {
    onEnd();
  }
}

describe('sources put together', () => {
  it('lose nothing, are in the order of time, and of an instant in the order of the list', async () => {
    const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(times, { maxLength: 5 }), async (all) => {
        const sorted = all.map((each) => [...each].sort((a, b) => a - b));
        const merged: Timed<Mark>[] = [];
        for await (const each of merge(sorted.map((times, index) => from(index, times)))) merged.push(each);
        const expected = sorted
          .flatMap((each, source) => each.map((at, place) => ({ at, event: { source, place } })))
          .sort((a, b) => a.at - b.at || a.event.source - b.event.source || a.event.place - b.event.place);
        expect(merged).toEqual(expected);
      }),
    );
  });

  it('are all ended when nobody reads on', async () => {
    let ended = 0;
    const sources = [1, 2, 3].map((index) => from(index, [1, 2, 3], () => (ended += 1)));
    for await (const _ of merge(sources)) break;
    expect(ended).toBe(3);
  });
});

describe('the pace of a replay', () => {
  const signal = new AbortController().signal;
  const paceAt = (speed: number, longestGapMs: number | null = null) => {
    const time = { now: 0 };
    return { time, pace: createPace({ start: 1_000, speed, longestGapMs, monotonic: () => time.now }) };
  };

  it('stands still until it is known what comes, and is never ahead of that', async () => {
    const { pace, time } = paceAt(60);
    time.now = 5_000;
    expect(pace.now()).toBe(1_000);
    expect(await pace.wait(2_000, signal)).toBe(true);
    expect(pace.now()).toBe(2_000);
  });

  it('does not hurry after it was kept waiting', async () => {
    const { pace, time } = paceAt(1);
    time.now = 100_000;
    expect(await pace.wait(2_000, signal)).toBe(true);
    pace.reached(2_000);
    time.now += 500;
    const next = pace.wait(3_000, AbortSignal.abort());
    expect(await next).toBe(false);
    expect(pace.now()).toBe(2_500);
  });

  it('skips the rest of a long gap', async () => {
    const { pace, time } = paceAt(1, 1_000);
    expect(await pace.wait(90_000, AbortSignal.abort())).toBe(false);
    time.now = 1_000;
    expect(await pace.wait(90_000, signal)).toBe(true);
    pace.reached(90_000);
    expect(pace.now()).toBe(90_000);
  });

  it('goes on from where it is at another speed, and at none waits for nothing', async () => {
    const { pace, time } = paceAt(1);
    await pace.wait(60_000, AbortSignal.abort());
    time.now = 1_000;
    pace.setSpeed(10);
    time.now = 2_000;
    expect(pace.now()).toBe(12_000);
    pace.setSpeed(0);
    expect(await pace.wait(1e9, signal)).toBe(true);
  });
});
