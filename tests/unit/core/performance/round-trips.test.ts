import { describe, expect, it } from '@jest/globals';
import { type Fixed, formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { timeInMarket } from '../../../../core/performance/exposure.ts';
import { type TradeFill, tradesOf } from '../../../../core/performance/round-trips.ts';
import { tradeStatisticsOf } from '../../../../core/performance/trade-statistics.ts';
import { foldPosition } from '../../../../core/portfolio/apply-fill.ts';

const money = parseDecimal;
const SECOND = 1_000;

const fill = (
  at: number,
  side: 'BUY' | 'SELL',
  quantity: string,
  price: string,
  more: Partial<TradeFill> = {},
): TradeFill => ({
  at: at * SECOND,
  symbol: 'AAPL',
  side,
  quantity: money(quantity),
  price: money(price),
  ...more,
});

const sum = (amounts: readonly Fixed[]): Fixed => amounts.reduce((total, amount) => total + amount, 0n);

const anyFills = fc
  .array(
    fc.record({
      symbol: fc.constantFrom('A', 'B'),
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      quantity: fc.integer({ min: 1, max: 6 }).map((lots) => BigInt(lots) * 10n ** 18n),
      price: fc.bigInt({ min: 1n, max: 10n ** 21n }),
      fee: fc.bigInt({ min: -(10n ** 16n), max: 10n ** 18n }),
    }),
    { maxLength: 40 },
  )
  .map((fills): TradeFill[] => fills.map((one, index) => ({ ...one, at: index })));

describe('round trips', () => {
  it('go from flat to flat, with every part and every fee', () => {
    const { closed, open } = tradesOf([
      fill(0, 'BUY', '10', '100', { fee: money('1') }),
      fill(1, 'BUY', '10', '110', { fee: money('1') }),
      fill(2, 'SELL', '5', '120', { fee: money('0.5') }),
      fill(3, 'SELL', '15', '90', { fee: money('1.5') }),
    ]);
    expect(open).toEqual([]);
    expect(closed).toHaveLength(1);
    const [trade] = closed;
    expect(trade).toMatchObject({ symbol: 'AAPL', direction: 'LONG', openedAt: 0, closedAt: 3 * SECOND });
    const { quantity, entryPrice, exitPrice, entryValue, grossPnl, fees, netPnl } = trade!;
    expect([quantity, entryPrice, exitPrice, entryValue, grossPnl, fees, netPnl].map(formatDecimal)).toEqual([
      '20',
      '105',
      '97.5',
      '2100',
      '-150',
      '4',
      '-154',
    ]);
    expect(trade!.return).toBeCloseTo(-154 / 2100, 12);
  });

  it('ends one and begins the next where a fill flips the position, its fee shared', () => {
    const { closed, open } = tradesOf([
      fill(0, 'SELL', '4', '50'),
      fill(5, 'BUY', '10', '40', { fee: money('1') }),
      fill(9, 'SELL', '2', '45', { fee: money('0.1') }),
    ]);
    expect(closed.map(({ direction, netPnl }) => [direction, formatDecimal(netPnl)])).toEqual([
      ['SHORT', '39.6'],
    ]);
    expect(open).toMatchObject([{ direction: 'LONG', openedAt: 5 * SECOND }]);
    expect([open[0]!.quantity, open[0]!.realizedPnl, open[0]!.fees].map(formatDecimal)).toEqual([
      '4',
      '10',
      '0.7',
    ]);
  });

  it('may count each reduction, for a position that is never left', () => {
    const { closed, open } = tradesOf(
      [
        fill(0, 'BUY', '10', '100', { fee: money('1') }),
        fill(1, 'SELL', '3', '110'),
        fill(2, 'BUY', '3', '90'),
        fill(3, 'SELL', '5', '95', { fee: money('0.2') }),
      ],
      'REDUCTION',
    );
    expect(closed.map(({ quantity, netPnl }) => [quantity, netPnl].map(formatDecimal))).toEqual([
      ['3', '29.7'],
      // Seven at 100 and three at 90 cost 97; half of 0.7 of the entry's fee goes along.
      ['5', '-10.55'],
    ]);
    expect(formatDecimal(open[0]!.quantity)).toBe('5');
  });

  it('values contracts by multiplier and rate', () => {
    const terms = { multiplier: money('50'), rate: money('0.5') };
    const { closed } = tradesOf([
      fill(0, 'BUY', '2', '10', terms),
      fill(1, 'SELL', '2', '11', { ...terms, rate: money('0.25') }),
    ]);
    expect([closed[0]!.entryValue, closed[0]!.grossPnl, closed[0]!.exitPrice].map(formatDecimal)).toEqual([
      '500',
      '25',
      '11',
    ]);
  });

  it('refuses fills out of order or without a quantity', () => {
    expect(() => tradesOf([fill(1, 'BUY', '1', '1'), fill(0, 'SELL', '1', '1')])).toThrow(
      expect.objectContaining({ code: 'OUT_OF_ORDER' }),
    );
    expect(() => tradesOf([fill(1, 'BUY', '0', '1')])).toThrow(
      expect.objectContaining({ code: 'INVALID_NUMBER' }),
    );
  });

  it('adds up to the ledger, exactly, however trades are counted', () => {
    fc.assert(
      fc.property(anyFills, fc.constantFrom('POSITION' as const, 'REDUCTION' as const), (fills, grouping) => {
        const { closed, open } = tradesOf(fills, grouping);
        const ledger = ['A', 'B'].map((symbol) =>
          foldPosition(
            { symbol, currency: 'USD', multiplier: 10n ** 18n },
            fills.filter((one) => one.symbol === symbol),
          ),
        );
        const pnl =
          sum(closed.map(({ grossPnl }) => grossPnl)) + sum(open.map(({ realizedPnl }) => realizedPnl));
        expect(pnl).toBe(sum(ledger.map(({ realizedPnl }) => realizedPnl)));
        const fees = sum(closed.map((trade) => trade.fees)) + sum(open.map((trade) => trade.fees));
        expect(fees).toBe(sum(fills.map(({ fee }) => fee!)));
        expect(open).toHaveLength(ledger.filter(({ quantity }) => quantity !== 0n).length);
        expect(closed.every(({ quantity, openedAt, closedAt }) => quantity > 0n && closedAt > openedAt)).toBe(
          true,
        );
      }),
    );
  });
});

describe('statistics of trades', () => {
  /** Bought for 100, sold with this PnL, a minute later each. */
  const statisticsOf = (...pnls: readonly number[]) =>
    tradeStatisticsOf(
      tradesOf(
        pnls.flatMap((pnl, index) => [
          fill(index * 120, 'BUY', '1', '100'),
          fill(index * 120 + 60 + index, 'SELL', '1', String(100 + pnl)),
        ]),
      ).closed,
    );
  const shown = (amount: Fixed | null) => (amount === null ? null : formatDecimal(amount));

  it('count wins and losses, flat trades apart', () => {
    const stats = statisticsOf(10, -4, 0, 5, 6, -2);
    expect(stats).toMatchObject({
      trades: 6,
      wins: 3,
      losses: 2,
      flats: 1,
      winRate: 0.6,
      longs: 6,
      shorts: 0,
    });
    expect(stats).toMatchObject({ profitFactor: 3.5, maxConsecutiveWins: 2, maxConsecutiveLosses: 1 });
    expect([stats.grossProfit, stats.grossLoss, stats.averageWin, stats.averageLoss].map(shown)).toEqual([
      '21',
      '-6',
      '7',
      '-3',
    ]);
    expect([stats.expectancy, stats.largestWin, stats.largestLoss].map(shown)).toEqual(['2.5', '10', '-4']);
    expect(stats.payoffRatio).toBeCloseTo(7 / 3, 12);
    expect(stats.kelly).toBeCloseTo(0.6 - 0.4 / (7 / 3), 12);
    expect(stats.averageDurationSeconds).toBeCloseTo(62.5, 12);
    expect(stats).toMatchObject({
      longestDurationSeconds: 65,
      shortestDurationSeconds: 60,
      medianDurationSeconds: 62.5,
    });
  });

  it('are null without what they need: no trade, only wins, only losses', () => {
    const none = statisticsOf();
    expect([none.winRate, none.profitFactor, none.expectancy, none.averageDurationSeconds]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect([none.trades, none.maxConsecutiveWins]).toEqual([0, 0]);
    const won = statisticsOf(1, 2);
    expect([won.winRate, won.profitFactor, won.payoffRatio, won.kelly, won.averageLoss]).toEqual([
      1,
      null,
      null,
      null,
      null,
    ]);
    const lost = statisticsOf(-1, -2, -3);
    expect([lost.winRate, lost.profitFactor, lost.payoffRatio, lost.kelly, lost.averageWin]).toEqual([
      0,
      0,
      null,
      null,
      null,
    ]);
    expect(lost.maxConsecutiveLosses).toBe(3);
    expect(statisticsOf(0, 0).winRate).toBeNull();
  });
});

describe('time in the market', () => {
  it('counts time that trades share once, and open ones to the end', () => {
    const trades = tradesOf([
      fill(10, 'BUY', '1', '1'),
      fill(15, 'BUY', '1', '1', { symbol: 'MSFT' }),
      fill(20, 'SELL', '1', '1'),
      fill(30, 'SELL', '1', '1', { symbol: 'MSFT' }),
      fill(90, 'BUY', '1', '1'),
    ]);
    expect(timeInMarket(trades, 0, 100 * SECOND)).toBeCloseTo(0.3, 12);
    expect(timeInMarket(trades, 25 * SECOND, 95 * SECOND)).toBeCloseTo(10 / 70, 12);
    expect(timeInMarket(trades, 5, 5)).toBeNull();
  });
});
