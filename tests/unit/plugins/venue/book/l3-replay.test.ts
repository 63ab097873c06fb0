import { describe, expect, it } from '@jest/globals';
import { depthOf, topOfBook } from '@omniquant/venue/book/book-views';
import { publishL3 } from '@omniquant/venue/book/l3-publisher';
import { L3Replay } from '@omniquant/venue/book/l3-replay';
import { MatchingEngine } from '@omniquant/venue/book/matching-engine';
import fc from 'fast-check';

import { type EngineCommand, engineCommand, runCommand } from '../../../../support/venue/engine-commands.ts';

describe('L3Replay', () => {
  it('rebuilds a book from adds, reductions, executions, deletions and replacements', () => {
    const replay = new L3Replay();
    replay.add(1, 'BUY', 100, 5);
    replay.add(2, 'BUY', 100, 3);
    replay.add(3, 'SELL', 102, 4);
    replay.reduce(1, 1);
    replay.execute(1, 2);
    replay.replace(2, 4, 101, 6);
    replay.delete(3);
    expect(topOfBook(replay.book)).toEqual({ bid: 101, bidLots: 6, ask: null, askLots: 0 });
    expect(depthOf(replay.book, 'BUY')).toEqual([
      { price: 101, lots: 6, orders: 1 },
      { price: 100, lots: 2, orders: 1 },
    ]);
    replay.execute(1, 2);
    expect(replay.has(1)).toBe(false);
  });

  it.each([
    ['an order that is not there', 'UNKNOWN_ORDER', (replay: L3Replay) => replay.execute(9, 1)],
    ['an id that is there', 'DUPLICATE_ORDER', (replay: L3Replay) => replay.add(1, 'SELL', 105, 1)],
    [
      'a replacement by an id that is there',
      'DUPLICATE_ORDER',
      (replay: L3Replay) => replay.replace(1, 2, 99, 1),
    ],
    ['more than there is', 'OVER_EXECUTED', (replay: L3Replay) => replay.execute(1, 6)],
    ['nothing', 'OVER_EXECUTED', (replay: L3Replay) => replay.reduce(1, 0)],
    ['a price that is no integer', 'INVALID_VALUE', (replay: L3Replay) => replay.add(3, 'BUY', 1.5, 1)],
    [
      'more than a side may hold',
      'QUANTITY_OVERFLOW',
      (replay: L3Replay) => replay.add(3, 'BUY', 1, 2 ** 52),
    ],
    ['a number that was left out', 'SEQUENCE_GAP', (replay: L3Replay) => replay.checkSequence(9)],
    ['a number that came already', 'SEQUENCE_GAP', (replay: L3Replay) => replay.checkSequence(7)],
  ])('refuses %s and leaves the book as it is', (_, code, send) => {
    const replay = new L3Replay();
    replay.checkSequence(7);
    replay.add(1, 'BUY', 100, 5);
    replay.add(2, 'BUY', 100, 5);
    expect(() => send(replay)).toThrow(expect.objectContaining({ code }));
    expect(depthOf(replay.book, 'BUY')).toEqual([{ price: 100, lots: 10, orders: 2 }]);
    replay.checkSequence(8);
  });

  it('shows what the engine shows, rebuilt from what it publishes', () => {
    fc.assert(
      fc.property(fc.array(engineCommand, { maxLength: 150, size: 'max' }), (commands) => {
        expectSameView(commands);
      }),
      { numRuns: 200 },
    );
  });
});

function expectSameView(commands: readonly EngineCommand[]): void {
  const engine = new MatchingEngine();
  const replay = new L3Replay();
  for (const command of commands) {
    runCommand(engine, command);
    publishL3(engine.events, replay);
    for (const side of ['BUY', 'SELL'] as const) {
      expect(JSON.stringify(depthOf(replay.book, side))).toBe(JSON.stringify(depthOf(engine.book, side)));
    }
  }
}
