import { crc32 as crc32OfNode } from 'node:zlib';

import { describe, expect, it } from '@jest/globals';
import { crc32 } from '@omniquant/venue/book/crc32';
import { L2Replay } from '@omniquant/venue/book/l2-replay';
import fc from 'fast-check';

describe('L2Replay', () => {
  const opened = (): L2Replay => {
    const replay = new L2Replay();
    replay.snapshot(10);
    replay.set('BUY', 100, 5);
    replay.set('SELL', 102, 4);
    return replay;
  };

  it('sets the size of a level, and removes one of size 0', () => {
    const replay = opened();
    replay.set('BUY', 101, 7);
    replay.set('BUY', 100, 0);
    replay.set('BUY', 99, 0);
    expect(replay.depth('BUY')).toEqual([{ price: 101, lots: 7 }]);
    expect(replay.lotsAt('SELL', 102)).toBe(4);
    expect(replay.lotsAt('SELL', 103)).toBe(0);
  });

  it('leaves out what the snapshot contains, and takes what reaches over it and then follows', () => {
    const replay = opened();
    expect(replay.accepts({ first: 5, last: 9 })).toBe(false);
    expect(replay.accepts({ first: 8, last: 12 })).toBe(true);
    expect(replay.accepts({ first: 13, last: 13 })).toBe(true);
    expect(replay.accepts({ first: 20, last: 21, previous: 13 })).toBe(true);
  });

  it.each([
    ['begins behind the snapshot', [], { first: 12, last: 13 }],
    ['leaves out an update', [{ first: 11, last: 12 }], { first: 14, last: 15 }],
    ['repeats one', [{ first: 11, last: 12 }], { first: 12, last: 13 }],
    ['names another before it', [{ first: 11, last: 12 }], { first: 13, last: 15, previous: 11 }],
  ])('is stale until the next snapshot when a message %s', (_, before, gap) => {
    const replay = opened();
    for (const numbers of before) replay.accepts(numbers);
    expect(() => replay.accepts(gap)).toThrow(expect.objectContaining({ code: 'SEQUENCE_GAP' }));
    expect(replay.isStale).toBe(true);
    expect(() => replay.accepts({ first: 13, last: 13 })).toThrow(
      expect.objectContaining({ code: 'NO_SNAPSHOT' }),
    );
    replay.snapshot(20);
    expect(replay.depth('BUY')).toEqual([]);
    expect(replay.accepts({ first: 21, last: 21 })).toBe(true);
  });

  it('refuses levels before a snapshot, and sizes that are none', () => {
    const empty = new L2Replay();
    expect(() => empty.set('BUY', 1, 1)).toThrow(expect.objectContaining({ code: 'NO_SNAPSHOT' }));
    expect(() => opened().set('BUY', 1, -1)).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }));
    expect(() => opened().set('BUY', 0.5, 1)).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }));
  });

  it('drops the worst levels beyond a depth', () => {
    const replay = opened();
    for (const far of [1, 50_000, 3_000_000]) {
      replay.set('BUY', 100 - far, far);
      replay.set('SELL', 102 + far, far);
    }
    replay.truncate(2);
    expect(replay.depth('BUY').map(({ price }) => price)).toEqual([100, 99]);
    expect(replay.depth('SELL').map(({ price }) => price)).toEqual([102, 103]);
  });

  it('grows without losing a level', () => {
    const replay = opened();
    for (let price = 1; price < 1_000; price += 1) replay.set('BUY', -price * 300, price);
    expect(replay.depth('BUY').slice(1)).toEqual(
      Array.from({ length: 999 }, (_, index) => ({ price: -(index + 1) * 300, lots: index + 1 })),
    );
  });

  it('has the levels of a map, whatever is set', () => {
    const price = fc.oneof(fc.integer({ min: -600, max: 600 }), fc.maxSafeInteger());
    const change = fc.tuple(
      fc.constantFrom('BUY' as const, 'SELL' as const),
      price,
      fc.integer({ min: 0, max: 3 }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200, size: 'max' }), (changes) => {
        const replay = new L2Replay();
        replay.snapshot();
        const levels = { BUY: new Map<number, number>(), SELL: new Map<number, number>() };
        for (const [side, at, lots] of changes) {
          replay.set(side, at, lots);
          if (lots > 0) levels[side].set(at, lots);
          else levels[side].delete(at);
        }
        for (const [side, sign] of [
          ['BUY', -1],
          ['SELL', 1],
        ] as const) {
          const expected = [...levels[side]].sort(([a], [b]) => sign * (a - b));
          expect(replay.depth(side)).toEqual(expected.map(([at, lots]) => ({ price: at, lots })));
        }
      }),
    );
  });
});

describe('crc32', () => {
  it('is that of zlib, for any ASCII text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(crc32(text)).toBe(crc32OfNode(text));
      }),
    );
  });
});
