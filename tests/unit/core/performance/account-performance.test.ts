import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { calendarOf } from '../../../../core/market/calendars.ts';
import type { AccountPresent, DayOpening } from '../../../../core/performance/account-days.ts';
import {
  type AccountHistory,
  performanceOfAccount,
} from '../../../../core/performance/account-performance.ts';
import type { TradeFill } from '../../../../core/performance/round-trips.ts';

const money = parseDecimal;
const calendar = calendarOf('US_EQUITY');
/** Some minutes into the trading day, as the clock ticks. */
const began = (day: string): number => calendar.open(day)! - 3_600_000;
const noon = (day: string): number => calendar.open(day)! + 2 * 3_600_000;

const opening = (day: string, equity: string, previous: string | null): DayOpening => ({
  ...{ day, at: began(day), equity: money(equity) },
  previous: previous === null ? null : money(previous),
});

/** Monday to Thursday: +10 %, then 1000 come in and nothing is earned, then -5 %. */
const OPENINGS = [
  opening('2024-03-04', '1000', null),
  opening('2024-03-05', '1100', '1000'),
  opening('2024-03-06', '2100', '2100'),
  opening('2024-03-07', '1995', '2100'),
];
const PRESENT: AccountPresent = {
  at: noon('2024-03-07'),
  sinceOpening: money('1995'),
  equity: money('2194.5'),
};

const fill = (at: number, side: 'BUY' | 'SELL', quantity: string, price: string): TradeFill => ({
  ...{ at, symbol: 'AAPL', side, fee: money('1') },
  ...{ quantity: money(quantity), price: money(price) },
});
const FILLS = [
  fill(noon('2024-03-04'), 'BUY', '10', '50'),
  fill(noon('2024-03-05'), 'SELL', '4', '55'),
  fill(noon('2024-03-06'), 'SELL', '6', '45'),
];

const of = (change: Partial<AccountHistory> = {}) =>
  performanceOfAccount({
    ...{
      calendar,
      openings: OPENINGS,
      present: PRESENT,
      from: null,
      to: null,
      fills: FILLS,
      benchmark: null,
    },
    ...change,
  });
const returnsOf = ({ report }: ReturnType<typeof of>): readonly (string | undefined)[] =>
  report.series.returns.map((value) => value?.toFixed(6));

describe('the performance of an account', () => {
  it('ends a day with the opening of the next, and has flows in no return', () => {
    const account = of();
    expect(account.report.series.days).toEqual(['2024-03-04', '2024-03-05', '2024-03-06', '2024-03-07']);
    expect(returnsOf(account)).toEqual(['0.100000', '0.000000', '-0.050000', '0.100000']);
    const { endEquity, netProfit, startEquity, totalFees, totalReturn, trades } = account.report.summary;
    expect({ endEquity, netProfit, startEquity, totalFees, trades }).toEqual({
      ...{ startEquity: '1000', endEquity: '2194.5', netProfit: '194.5', totalFees: '3', trades: 1 },
    });
    expect(totalReturn).toBeCloseTo(1.1 * 0.95 * 1.1 - 1, 12);
    expect(account.days.dayUnderWay).toBe('2024-03-07');
  });

  it('counts money that came in today from the beginning of today', () => {
    const present = { ...PRESENT, sinceOpening: money('3990'), equity: money('3990') };
    const account = of({ present });
    expect(returnsOf(account).at(-1)).toBe('0.000000');
    expect(account.report.summary.netProfit).toBe('-5');
  });

  it('leaves a day out whose equity cannot be told', () => {
    const account = of({ present: { ...PRESENT, equity: null } });
    expect(account.report.series.days.at(-1)).toBe('2024-03-06');
    expect(account.days).toMatchObject({ dayUnderWay: null, isPresentMissing: true });
    expect(account.report.summary.endEquity).toBe('1995');
  });

  it('is of whole trading days, with the entries of what was held before', () => {
    const account = of({ from: noon('2024-03-06'), to: began('2024-03-07') - 86_400_000 });
    expect(account.report.series.days).toEqual(['2024-03-06']);
    expect(account.report.summary).toMatchObject({ startEquity: '2100', endEquity: '1995', totalFees: '1' });
    const [trade] = account.report.trades.closed;
    expect(account.report.trades.closed).toHaveLength(1);
    expect(trade).toMatchObject({ direction: 'LONG', openedAt: FILLS[0]!.at, quantity: money('10') });
    // From flat to flat: 4 of them had been sold before.
    expect(trade!.netPnl).toBe(money('-13'));
    expect(account.report.summary.exposure).toBeGreaterThan(0);
    expect(account.fills).toEqual([FILLS[2]]);
  });

  it('counts no trade that was closed before', () => {
    const earlier = [
      fill(noon('2024-03-04'), 'BUY', '1', '9'),
      fill(noon('2024-03-04') + 1, 'SELL', '1', '8'),
    ];
    const account = of({ from: began('2024-03-06'), fills: [...earlier, ...FILLS.slice(2)] });
    expect(account.report.summary).toMatchObject({ trades: 0, totalFees: '1' });
    expect(account.report.trades.open).toHaveLength(1);
  });

  it('ends with a day whose close is known where a gateway was down for days', () => {
    const openings = [OPENINGS[0]!, opening('2024-03-08', '1200', '1000')];
    const whole = of({ openings, present: null, fills: [] });
    expect(whole.report.series.days.at(-1)).toBe('2024-03-07');
    expect(returnsOf(whole)).toEqual(['0.000000', '0.000000', '0.000000', '0.200000']);
    expect(whole.report.basis.carriedDays).toBe(2);
    const cut = of({ openings, present: null, fills: [], to: noon('2024-03-05') });
    expect(cut.report.series.days).toEqual([]);
    expect(cut.report.summary).toMatchObject({ startEquity: '1000', endEquity: '1000', sharpe: null });
  });

  it.each([
    ['before it was opened', { to: began('2024-03-04') - 7 * 86_400_000 }, '1000'],
    ['without a day', { openings: [], fills: [] }, '2194.5'],
    ['of nothing known', { openings: [], fills: [], present: null }, '0'],
  ])('%s has no return, and what it is worth next', (_name, change, equity) => {
    const { report } = of(change);
    expect(report.summary).toMatchObject({ startEquity: equity, endEquity: equity, totalReturn: null });
    expect(report.series.days).toEqual([]);
  });

  it('has no gain and no ruin of an account that began with nothing', () => {
    const openings = [opening('2024-03-04', '0', null), opening('2024-03-05', '500', '500')];
    const account = of({ openings, present: null, fills: [] });
    expect(account.report.summary).toMatchObject({ netProfit: '0', startEquity: '0', endEquity: '500' });
    expect(returnsOf(account)).toEqual(['0.000000']);
  });
});
