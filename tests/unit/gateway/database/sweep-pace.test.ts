import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';

import {
  batchSize,
  etaSeconds,
  pickBatch,
  type SweepPace,
} from '../../../../gateway/database/sweeps/sweep-pace.ts';

const PACE: SweepPace = { status: 'RUNNING', total: 100, evaluated: 40, busyMs: 20_000, batchesAtOnce: 2 };

describe('the time that is left', () => {
  it('is that of the runs that are left, by as many as work on it', () => {
    // 60 runs of half a second by two.
    expect(etaSeconds(PACE)).toBe(15);
    expect(etaSeconds({ ...PACE, batchesAtOnce: 6 })).toBe(5);
    expect(etaSeconds({ ...PACE, evaluated: 100 })).toBe(0);
  });

  it('is not known before the first run, without a total, and for what does not go on', () => {
    expect(etaSeconds({ ...PACE, evaluated: 0 })).toBeNull();
    expect(etaSeconds({ ...PACE, total: null })).toBeNull();
    expect(etaSeconds({ ...PACE, status: 'COMPLETED' })).toBeNull();
  });
});

describe('a batch', () => {
  it('is one run while nobody knows how long one takes, and then as many as take two seconds', () => {
    const many = { waiting: 10_000, underWay: 3 };
    expect(batchSize({ ...many, evaluated: 0, busyMs: 0 })).toBe(1);
    expect(batchSize({ ...many, evaluated: 10, busyMs: 1_000 })).toBe(20);
    expect(batchSize({ ...many, evaluated: 10, busyMs: 10 })).toBe(200);
    expect(batchSize({ ...many, evaluated: 1, busyMs: 60_000 })).toBe(1);
  });

  it('leaves the last ones to all who work on it', () => {
    expect(batchSize({ waiting: 40, underWay: 1, evaluated: 10, busyMs: 10 })).toBe(10);
    expect(batchSize({ waiting: 3, underWay: 4, evaluated: 10, busyMs: 10 })).toBe(1);
  });

  const tasks = fc.array(fc.record({ attempts: fc.constantFrom(0, 0, 0, 1, 2) }), { maxLength: 12 });

  test('has the first tasks in their order, and one that was begun before alone', () => {
    fc.assert(
      fc.property(tasks, fc.integer({ min: 1, max: 8 }), (waiting, size) => {
        const batch = pickBatch(waiting, size);
        expect(batch).toEqual(waiting.slice(0, batch.length));
        expect(batch.length).toBeLessThanOrEqual(size);
        expect(batch.length > 0).toBe(waiting.length > 0);
        expect(batch.length > 1 && batch.some(({ attempts }) => attempts > 0)).toBe(false);
        // Nothing but its size, the end or a task that is done alone cuts it short.
        const next = waiting[batch.length];
        const isCut = next !== undefined && batch.length < size;
        expect(isCut && next.attempts === 0 && batch[0]?.attempts === 0).toBe(false);
      }),
    );
  });
});
