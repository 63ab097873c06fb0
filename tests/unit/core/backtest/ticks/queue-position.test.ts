import { describe, expect, it } from '@jest/globals';

import type { FillSettings } from '../../../../../core/backtest/fills-schema.ts';
import {
  cancelledBehind,
  frontAfter,
  type QueueModel,
} from '../../../../../core/backtest/ticks/queue-models.ts';
import { buy, fillsOf, limit, runTicks } from '../../../../support/backtest/run-ticks.ts';
import type { LevelRow, QuoteRow, TradeRow } from '../../../../support/backtest/tick-rows.ts';

const queued = (queue: QueueModel, exponent = 1): { fills: FillSettings } => ({
  fills: { model: 'QUEUE_POSITION', path: 'ADAPTIVE', replenish: 'UPDATE', queue, exponent },
});
const BOOK: readonly LevelRow[] = [
  [0, 'SNAPSHOT'],
  [0, 1, 100, 10],
  [0, -1, 100.05, 20],
];
const END: LevelRow = [200, 1, 90, 1];

describe('the place of an order in a queue', () => {
  const change = { front: 10, before: 14, after: 8, traded: 0 };
  // Of 6 lots that were cancelled, with 10 before the order and 4 behind it.
  it.each([
    ['RISK_AVERSE', 1, 8],
    ['POWER', 1, 10 - (10 / 14) * 6],
    ['POWER', 2, 10 - (100 / 116) * 6],
    ['POWER_2', 2, 10 - (180 / 196) * 6],
    ['POWER_3', 2, 10 - (100 / 196) * 6],
    ['LOG', 1, 10 - (Math.log(11) / (Math.log(11) + Math.log(5))) * 6],
    ['LOG_2', 1, 10 - (1 - Math.log(5) / Math.log(15)) * 6],
  ] as const)('moves by the share that %s with exponent %s gives it', (model, exponent, front) => {
    expect(frontAfter(change, cancelledBehind(model, exponent), 1)).toBeCloseTo(front, 12);
  });

  it('is reckoned in units, whatever a lot is', () => {
    const behind = cancelledBehind('LOG', 1);
    const inLots = frontAfter({ front: 1_000, before: 1_400, after: 800, traded: 0 }, behind, 0.01);
    expect(inLots / 100).toBeCloseTo(frontAfter(change, behind, 1), 9);
  });

  it('moves by what cannot have been behind it', () => {
    // All 9 that are behind go, and 3 more.
    expect(frontAfter({ front: 5, before: 14, after: 2, traded: 0 }, () => 1, 1)).toBe(2);
  });

  it('stays where a level grows, and counts what traded once', () => {
    expect(frontAfter({ front: 6, before: 14, after: 20, traded: 0 }, () => 0.5, 1)).toBe(6);
    expect(frontAfter({ front: 6, before: 14, after: 10, traded: 4 }, () => 0, 1)).toBe(6);
  });
});

describe('an order that rests in a queue', () => {
  const levels: LevelRow[] = [...BOOK, [20, 1, 100, 14], [30, 1, 100, 8], END];
  const trades: TradeRow[] = [
    [40, 100, 7, -1],
    [50, 100, 3, -1],
  ];
  // By hand: 8 are before it when 7 trade (RISK_AVERSE), 5.71 (POWER), 4.83, 4.49, 6.94, 6.41 and 7.57.
  it.each([
    ['RISK_AVERSE', 1, ['BUY 2 @ 100 +50']],
    ['POWER', 1, ['BUY 1 @ 100 +40', 'BUY 3 @ 100 +50']],
    ['POWER', 2, ['BUY 2 @ 100 +40', 'BUY 2 @ 100 +50']],
    ['POWER_2', 2, ['BUY 2 @ 100 +40', 'BUY 2 @ 100 +50']],
    ['POWER_3', 2, ['BUY 3 @ 100 +50']],
    ['LOG', 1, ['BUY 3 @ 100 +50']],
    ['LOG_2', 1, ['BUY 2 @ 100 +50']],
  ] as const)('is filled by trades as %s with exponent %s has it', (model, exponent, fills) => {
    const result = runTicks({ levels, trades }, { 10: [buy(4, limit('100'))] }, queued(model, exponent));
    expect(fillsOf(result)).toEqual(fills);
  });

  it('is not brought forward twice by a trade and the level that it leaves', () => {
    const result = runTicks(
      {
        levels: [...BOOK, [21, 1, 100, 4], END],
        trades: [
          [20, 100, 6, -1],
          [30, 100, 5, -1],
        ],
      },
      { 10: [buy(4, limit('100'))] },
      queued('POWER', 3),
    );
    expect(fillsOf(result)).toEqual(['BUY 1 @ 100 +30']);
  });

  it('stands behind others of the run that came before it', () => {
    const result = runTicks(
      { levels: [...BOOK, [15, 1, 100, 12], END], trades: [[20, 100, 15, -1]] },
      { 10: [buy(2, limit('100', { ref: 'a' }))], 16: [buy(4, limit('100', { ref: 'b' }))] },
      queued('RISK_AVERSE'),
    );
    // 10 before the first, 2 between them: of 15 the first gets 2 and the second 1.
    expect(fillsOf(result)).toEqual(['BUY 2 @ 100 +20', 'BUY 1 @ 100 +20']);
  });

  it('is passed by nothing that trades beyond it, or takes from the other side', () => {
    const result = runTicks(
      {
        levels: [...BOOK, END],
        trades: [
          [20, 100, 50, 1],
          [30, 99.99, 3, -1],
        ],
      },
      { 10: [buy(4, limit('100'))] },
      queued('RISK_AVERSE'),
    );
    expect(fillsOf(result)).toEqual(['BUY 3 @ 100 +30']);
  });

  it('of quotes begins when its price is quoted', () => {
    const quotes: QuoteRow[] = [
      [0, 100, 10, 100.05, 20],
      [20, 99.99, 20, 100.05, 20],
      [31, 99.99, 5, 100.05, 20],
      [200, 99.99, 5, 100.05, 20],
    ];
    const seen: TradeRow[] = [
      [30, 99.99, 15, -1],
      [40, 99.99, 8, -1],
    ];
    const result = runTicks({ quotes, trades: seen }, { 10: [buy(9, limit('99.99'))] }, queued('POWER'));
    expect(fillsOf(result)).toEqual(['BUY 3 @ 99.99 +40']);
  });

  it('is the first at a price that nobody had before', () => {
    const result = runTicks(
      { levels: [...BOOK, END], trades: [[20, 100.02, 3, -1]] },
      { 10: [buy(4, limit('100.02'))] },
      queued('RISK_AVERSE'),
    );
    expect(fillsOf(result)).toEqual(['BUY 3 @ 100.02 +20']);
  });
});
