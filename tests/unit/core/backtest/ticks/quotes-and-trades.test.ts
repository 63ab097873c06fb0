import { describe, expect, it } from '@jest/globals';

import { statuses } from '../../../../support/backtest/place-at.ts';
import { buy, fillsOf, limit, runTicks, sell } from '../../../../support/backtest/run-ticks.ts';
import type { QuoteRow, TradeRow } from '../../../../support/backtest/tick-rows.ts';

const QUOTES: readonly QuoteRow[] = [
  [0, 100, 10, 100.02, 5],
  [20, 100, 10, 100.02, 5],
  [30, 100, 10, 100.02, 8],
  [40, 100.03, 4, 100.05, 7],
  [90, 100.03, 4, 100.05, 7],
];

describe('orders in a symbol with quotes', () => {
  it('take what is quoted at once, and what they took is gone until another size is quoted', () => {
    const result = runTicks({ quotes: QUOTES }, { 10: [buy(12)] });
    // The quote of 20 ms says nothing new, that of 30 ms 8 lots.
    expect(fillsOf(result)).toEqual(['BUY 5 @ 100.02 +10', 'BUY 7 @ 100.02 +30']);
  });

  it('sell at the bid', () => {
    expect(fillsOf(runTicks({ quotes: QUOTES }, { 10: [sell(3)] }))).toEqual(['SELL 3 @ 100 +10']);
  });

  it('rest until the other side comes to their price, and trade there', () => {
    const result = runTicks({ quotes: QUOTES }, { 10: [sell(6, limit('100.03'))] });
    expect(fillsOf(result)).toEqual(['SELL 4 @ 100.03 +40']);
    expect(result.fills[0]?.liquidity).toBe('MAKER');
  });

  it('are filled up to a size by IOC, and whole or not at all by FOK', () => {
    const orders = [
      buy(9, limit('100.02', { timeInForce: 'FOK' })),
      buy(4, limit('100.02', { timeInForce: 'FOK' })),
      buy(9, limit('100.02', { timeInForce: 'IOC' })),
    ];
    const result = runTicks({ quotes: QUOTES }, { 10: orders });
    expect(fillsOf(result)).toEqual(['BUY 4 @ 100.02 +10', 'BUY 1 @ 100.02 +10']);
    expect(statuses(result)).toEqual([
      expect.stringContaining('CANCELED'),
      'FILLED',
      expect.stringContaining('CANCELED'),
    ]);
  });

  it('find nothing on a side that is empty, and as much as they want where no size is known', () => {
    const quotes: QuoteRow[] = [
      [0, 100, NaN, NaN, NaN],
      [30, 100, NaN, 100.01, NaN],
      [90, 100, NaN, 100.01, NaN],
    ];
    const result = runTicks({ quotes }, { 10: [sell(500)], 20: [buy(300, limit('100.5'))] });
    expect(fillsOf(result)).toEqual(['SELL 500 @ 100 +10', 'BUY 300 @ 100.5 +30']);
  });

  it('are set off by the side at which they would trade, where no trades are known', () => {
    const stop = (price: string) => ({ type: 'STOP', stopPrice: price }) as const;
    const quotes: QuoteRow[] = [
      [0, 100, 50, 100.1, 50],
      [20, 99.95, 50, 100.04, 50],
      [30, 99.9, 50, 100.2, 50],
      [90, 99.9, 50, 100.2, 50],
    ];
    const result = runTicks({ quotes }, { 10: [buy(1, stop('100.15')), sell(1, stop('99.95'))] });
    expect(fillsOf(result)).toEqual(['SELL 1 @ 99.95 +20', 'BUY 1 @ 100.2 +30']);
  });

  it('slip by ticks as the model says', () => {
    const fills = { model: 'SLIPPAGE', path: 'ADAPTIVE', ticks: 2 } as const;
    const result = runTicks({ quotes: QUOTES }, { 10: [buy(2), buy(2, limit('100.03'))] }, { fills });
    expect(fillsOf(result)).toEqual(['BUY 2 @ 100.04 +10', 'BUY 2 @ 100.03 +10']);
  });

  it('arrive after their latency, and meet the quote of that moment', () => {
    const latency = { model: 'CONSTANT', ms: 25 } as const;
    const result = runTicks({ quotes: QUOTES }, { 10: [buy(1)], 20: [buy(1)] }, { latency });
    expect(fillsOf(result)).toEqual(['BUY 1 @ 100.02 +35', 'BUY 1 @ 100.05 +45']);
  });
});

const TRADES: readonly TradeRow[] = [
  [5, 100.01, 3, 0],
  [15, 100, 4, -1],
  [25, 99.99, 6, -1],
  [35, 100.02, 9, 1],
  [95, 100.02, 1, 0],
];

describe('orders in a symbol with trades alone', () => {
  it('trade with the next trades, as much as those were of', () => {
    const result = runTicks({ trades: TRADES }, { 10: [buy(7)] });
    expect(fillsOf(result)).toEqual(['BUY 4 @ 100 +15', 'BUY 3 @ 99.99 +25']);
  });

  it('rest until a trade comes to their price from the other side', () => {
    const result = runTicks(
      { trades: TRADES },
      { 10: [buy(7, limit('100'))], 12: [sell(5, limit('100.02'))] },
    );
    expect(fillsOf(result)).toEqual(['BUY 4 @ 100 +15', 'BUY 3 @ 100 +25', 'SELL 5 @ 100.02 +35']);
    expect(result.fills.map(({ liquidity }) => liquidity)).toEqual(['MAKER', 'MAKER', 'MAKER']);
  });

  it('that are at once or not at all wait for a trade', () => {
    const result = runTicks(
      { trades: TRADES },
      { 10: [buy(7, { timeInForce: 'IOC' }), buy(5, { timeInForce: 'FOK' })] },
    );
    expect(fillsOf(result)).toEqual(['BUY 4 @ 100 +15']);
    expect(statuses(result)).toEqual([
      expect.stringContaining('CANCELED'),
      expect.stringContaining('it could not be filled whole'),
    ]);
  });
});

describe('orders in a symbol with quotes and trades', () => {
  it('do not trade with what their own side took', () => {
    const quotes: QuoteRow[] = [
      [0, 99.99, 50, 100.05, 50],
      [99, 99.99, 50, 100.05, 50],
    ];
    const trades: TradeRow[] = [
      [20, 100, 9, 1],
      [30, 100, 2, -1],
      [40, 100.02, 9, -1],
      [50, 100.02, 3, 0],
    ];
    const script = { 10: [buy(5, limit('100')), sell(5, limit('100.02'))] };
    expect(fillsOf(runTicks({ quotes, trades }, script))).toEqual(['BUY 2 @ 100 +30', 'SELL 3 @ 100.02 +50']);
  });

  it('rest until a trade reaches them, and share what traded', () => {
    const quotes: QuoteRow[] = [
      [0, 99.99, 50, 100.05, 50],
      [99, 99.99, 50, 100.05, 50],
    ];
    const result = runTicks(
      { quotes, trades: TRADES },
      { 10: [buy(3, limit('100')), buy(5, limit('100')), sell(4, limit('100.02'))] },
    );
    // 4 lots trade at 100, and 6 beyond.
    expect(fillsOf(result)).toEqual([
      'BUY 3 @ 100 +15',
      'BUY 1 @ 100 +15',
      'BUY 4 @ 100 +25',
      'SELL 4 @ 100.02 +35',
    ]);
  });
});
