import { describe, expect, it } from '@jest/globals';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { evaluateLimits } from '../../../../core/risk/post-trade.ts';
import { compareWithVenue } from '../../../../core/risk/reconciliation.ts';
import { NO_LIMITS } from '../../../support/engine-fixture.ts';
import { createDesk } from './desk.ts';

const d = parseDecimal;

describe('the loss limits after a trade', () => {
  const state = {
    limits: { ...NO_LIMITS, maxDailyLoss: '1000', maxDrawdown: '0.1' },
    baseCurrency: 'USD',
    dayOpenEquity: d('10000'),
    peakEquity: d('10000'),
  };

  it('are kept at the limit itself', () => {
    expect(evaluateLimits(state, { equity: d('9000') })).toEqual([]);
  });

  it('are broken a cent beyond, each with its numbers', () => {
    expect(evaluateLimits(state, { equity: d('8999.99') })).toEqual([
      {
        limit: 'DAILY_LOSS',
        message: 'the account has lost 1000.01 USD today, more than the limit maxDailyLoss of 1000',
        details: {
          loss: '1000.01',
          limit: '1000',
          equity: '8999.99',
          dayOpenEquity: '10000',
          currency: 'USD',
        },
      },
      expect.objectContaining({
        limit: 'DRAWDOWN',
        details: {
          drawdown: '0.100001',
          limit: '0.1',
          equity: '8999.99',
          peakEquity: '10000',
          currency: 'USD',
        },
      }),
    ]);
  });

  it('say nothing without equity, a day, a peak or a limit', () => {
    const equity = d('1');
    expect(evaluateLimits(state, { equity: null })).toEqual([]);
    expect(evaluateLimits({ ...state, dayOpenEquity: null, peakEquity: null }, { equity })).toEqual([]);
    expect(evaluateLimits({ ...state, limits: NO_LIMITS }, { equity })).toEqual([]);
    expect(evaluateLimits({ ...state, peakEquity: null }, { equity }).map(({ limit }) => limit)).toEqual([
      'DAILY_LOSS',
    ]);
  });
});

describe('the comparison with the venue', () => {
  const desk = createDesk();
  desk.instrument({ symbol: 'MSFT' });
  desk.hold('AAPL', '10', '100');
  desk.hold('MSFT', '-5', '10');
  const { state } = desk;
  const cash = [{ currency: 'USD', total: '99050' }];
  const positions = [
    { symbol: 'AAPL', quantity: '10' },
    { symbol: 'MSFT', quantity: '-5' },
  ];

  it('finds nothing where both agree, zeros listed or not', () => {
    expect(compareWithVenue(state, positions, cash)).toEqual([]);
    expect(compareWithVenue(state, [...positions, { symbol: 'IBM', quantity: '0' }], cash)).toEqual([]);
  });

  it('finds each difference to the last digit, on either side', () => {
    const theirs = [
      { symbol: 'AAPL', quantity: '10.000000000000000001' },
      { symbol: 'IBM', quantity: '1' },
    ];
    expect(compareWithVenue(state, theirs, [{ currency: 'EUR', total: '1' }])).toEqual([
      { symbol: 'AAPL', currency: null, ours: d('10'), theirs: d('10.000000000000000001') },
      { symbol: 'IBM', currency: null, ours: 0n, theirs: d('1') },
      { symbol: 'MSFT', currency: null, ours: d('-5'), theirs: 0n },
      { symbol: null, currency: 'EUR', ours: 0n, theirs: d('1') },
      { symbol: null, currency: 'USD', ours: d('99050'), theirs: 0n },
    ]);
  });

  it('adds up what the venue lists in parts, and refuses what is no number', () => {
    const parts = [positions[1]!, { symbol: 'AAPL', quantity: '4' }, { symbol: 'AAPL', quantity: '6' }];
    expect(compareWithVenue(state, parts, cash)).toEqual([]);
    expect(() => compareWithVenue(state, [{ symbol: 'AAPL', quantity: 'ten' }], cash)).toThrow(
      'not a decimal',
    );
  });
});
