import { describe, expect, it } from '@jest/globals';
import { cancel } from '@omniquant/plugin-sdk';

import type { FillSettings } from '../../../../../core/backtest/fills-schema.ts';
import { buy, fillsOf, limit, runTicks, sell } from '../../../../support/backtest/run-ticks.ts';
import type { LevelRow } from '../../../../support/backtest/tick-rows.ts';

const walk = (replenish: 'UPDATE' | 'ADDED' | 'EMPTIED' = 'UPDATE'): { fills: FillSettings } => ({
  fills: { model: 'L2_WALK', path: 'ADAPTIVE', replenish },
});
const BOOK: readonly LevelRow[] = [
  [0, 'SNAPSHOT'],
  [0, 1, 100, 5],
  [0, 1, 99.98, 5],
  [0, -1, 100.01, 3],
  [0, -1, 100.02, 4],
  [0, -1, 100.05, 10],
];
const END: LevelRow = [200, 1, 90, 1];

describe('orders in a book of levels', () => {
  it('walk it, and find gone what others have taken', () => {
    const result = runTicks({ levels: [...BOOK, END] }, { 10: [buy(9)], 20: [buy(10)] }, walk());
    expect(fillsOf(result)).toEqual([
      ...['BUY 3 @ 100.01 +10', 'BUY 4 @ 100.02 +10', 'BUY 2 @ 100.05 +10'],
      'BUY 8 @ 100.05 +20',
    ]);
  });

  it('walk no further than their limit', () => {
    const run = (effect: ReturnType<typeof buy>) =>
      fillsOf(runTicks({ levels: [...BOOK, END] }, { 10: [effect] }, walk()));
    expect(run(buy(9, limit('100.02')))).toEqual(['BUY 3 @ 100.01 +10', 'BUY 4 @ 100.02 +10']);
    expect(run(sell(7, limit('99.98')))).toEqual(['SELL 5 @ 100 +10', 'SELL 2 @ 99.98 +10']);
  });

  it.each([
    // The level shows 3, 2, 6; three of it are gone.
    ['UPDATE', ['BUY 6 @ 100.01 +40']],
    ['ADDED', ['BUY 4 @ 100.01 +40']],
    ['EMPTIED', ['BUY 3 @ 100.01 +40']],
  ] as const)('find a level again as %s says', (replenish, later) => {
    const levels: LevelRow[] = [...BOOK, [20, -1, 100.01, 2], [30, -1, 100.01, 6], END];
    const script = {
      10: [buy(3, limit('100.01'))],
      40: [buy(7, limit('100.01', { timeInForce: 'IOC' }))],
    };
    expect(fillsOf(runTicks({ levels }, script, walk(replenish)))).toEqual(['BUY 3 @ 100.01 +10', ...later]);
  });

  it.each(['ADDED', 'EMPTIED'] as const)('find a level whole that was empty in between (%s)', (replenish) => {
    const levels: LevelRow[] = [...BOOK, [20, -1, 100.01, 0], [30, -1, 100.01, 6], END];
    const script = { 10: [buy(3, limit('100.01'))], 40: [buy(6, limit('100.01'))] };
    expect(fillsOf(runTicks({ levels }, script, walk(replenish)))).toEqual([
      'BUY 3 @ 100.01 +10',
      'BUY 6 @ 100.01 +40',
    ]);
  });

  it('rest until the other side comes to them, and no row of a message is looked at before its last', () => {
    const levels: LevelRow[] = [
      ...BOOK,
      // The ask at 100 is there and gone within one message.
      [20, -1, 100, 9],
      [20, -1, 100, 0],
      [20, -1, 100.03, 9],
      [30, -1, 100, 2],
      END,
    ];
    const result = runTicks(
      { levels },
      { 10: [buy(4, limit('100', { ref: 'a' }))], 50: [cancel('a')] },
      walk(),
    );
    expect(fillsOf(result)).toEqual(['BUY 2 @ 100 +30']);
    expect(result.orders[0]?.status).toBe('CANCELED');
  });

  it('trade nothing from a gap in the numbers of messages to the next snapshot', () => {
    const numbered = BOOK.map((row): LevelRow => {
      return row[1] === 'SNAPSHOT' ? [0, 'SNAPSHOT', 7] : [0, row[1], row[2], row[3], 7];
    });
    const levels: LevelRow[] = [
      ...numbered,
      [10, 1, 100, 6, 8],
      [20, -1, 100.01, 1, 10],
      [30, -1, 100, 50, 11],
      [60, 'SNAPSHOT', 40],
      [60, 1, 99, 5, 40],
      [60, -1, 100.5, 7, 40],
      [200, 1, 90, 1, 41],
    ];
    const result = runTicks({ levels }, { 15: [buy(1)], 25: [buy(2)], 35: [buy(3, limit('101'))] }, walk());
    expect(fillsOf(result)).toEqual(['BUY 1 @ 100.01 +15', ...['BUY 2 @ 100.5 +60', 'BUY 3 @ 101 +60']]);
    expect(result.logs).toMatchObject([
      { level: 'WARN', message: expect.stringContaining('L2 of X are missing') },
    ]);
  });
});
