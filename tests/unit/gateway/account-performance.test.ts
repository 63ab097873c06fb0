import { describe, expect, it } from '@jest/globals';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import type { AccountHistoryData, DailyClose } from '../../../gateway/account-performance/history-data.ts';
import { chartInterval } from '../../../gateway/account-performance/market-bars.ts';
import { readHistory } from '../../../gateway/account-performance/read-history.ts';

const DAY = 86_400_000;
const held = (symbol: string, currency: string, quantity = '0', multiplier = '1') => ({
  ...{ symbol, currency, quantity, multiplier },
});
const data = (change: Partial<AccountHistoryData> = {}): AccountHistoryData => ({
  account: { accountId: 'a', name: 'Main', broker: 'b', environment: 'LIVE', baseCurrency: 'USD' },
  calendar: 'ALWAYS',
  range: { from: null, to: null, benchmark: null },
  openings: '[]',
  fills: JSON.stringify([
    [DAY / 2, 'SAP', 'BUY', '100', '2', '1', 'EUR'],
    [DAY + 5, 'SAP', 'SELL', '110', '2', '3', 'USD'],
  ]),
  instruments: [held('SAP', 'EUR')],
  present: null,
  closes: {},
  ...change,
});

const finding =
  (closes: Readonly<Record<string, readonly DailyClose[]>>) =>
  (symbol: string): Promise<readonly DailyClose[] | null> =>
    Promise.resolve(closes[symbol] ?? null);
const RATES: readonly DailyClose[] = [
  [DAY, '1.10'],
  [2 * DAY, '1.20'],
];

describe('fills in other currencies', () => {
  it('are converted by the close of their day, fees by that of their own currency', async () => {
    const { history, unknownCurrencies } = await readHistory(data(), finding({ 'EUR/USD': RATES }));
    expect(history.fills.map(({ fee, rate }) => [formatDecimal(rate!), formatDecimal(fee!)])).toEqual([
      ['1.1', '1.1'],
      ['1.2', '3'],
    ]);
    expect(unknownCurrencies).toEqual([]);
  });

  it('are converted by the inverse pair where there is no other, and by the last close on a day without', async () => {
    const inverse = await readHistory(data(), finding({ USDEUR: [[DAY, '0.8']] }));
    expect(inverse.history.fills.map(({ rate }) => formatDecimal(rate!))).toEqual(['1.25', '1.25']);
  });

  it('are left out where nobody knows a rate, which is said', async () => {
    const { adopted, history, unknownCurrencies } = await readHistory(data(), finding({}));
    expect(history.fills).toEqual([]);
    expect([unknownCurrencies, adopted]).toEqual([['EUR'], []]);
  });
});

describe('positions that were taken over', () => {
  const usd = { instruments: [held('SAP', 'USD', '5'), held('X', 'USD')] };

  it('are those whose fills do not add up to what is held', async () => {
    const fills = JSON.stringify([[1, 'SAP', 'BUY', '100', '2', null, null]]);
    expect((await readHistory(data({ ...usd, fills }), finding({}))).adopted).toEqual(['SAP']);
    const range = { from: null, to: 5, benchmark: null };
    expect((await readHistory(data({ ...usd, fills, range }), finding({}))).adopted).toEqual([]);
  });
});

describe('the present of an account', () => {
  it('is not before its last fill, which its equity has', async () => {
    const present = { at: 7, sinceOpening: '10', equity: '11' };
    const { history } = await readHistory(data({ present }), finding({ 'EUR/USD': RATES }));
    expect(history.present).toMatchObject({ at: DAY + 5 });
  });
});

describe('bars of a chart', () => {
  it.each([
    [1, 'MINUTE_1'],
    [6, 'MINUTE_15'],
    [31, 'HOUR_1'],
    [2_000, 'DAY_1'],
  ])('of %d days are those of %s', (days, interval) => {
    expect(chartInterval({ from: 0, to: days * DAY })).toBe(interval);
  });
});
