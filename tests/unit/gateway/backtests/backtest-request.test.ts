import { describe, expect, it } from '@jest/globals';

import { DEFAULT_LIMITS } from '../../../../core/risk/limits.ts';
import {
  type BacktestRequest,
  parseBacktestRequest,
} from '../../../../gateway/backtests/backtest-request.ts';

const REQUEST: BacktestRequest = { strategy: 'sma-cross', symbols: ['AAPL'], interval: 'DAY_1' };

describe('a request for a backtest', () => {
  it('has defaults for all that it leaves out', () => {
    expect(parseBacktestRequest(REQUEST)).toEqual({
      ...{ strategy: 'sma-cross', config: {}, symbols: ['AAPL'], interval: 'DAY_1', from: null, to: null },
      data: null,
      ...{ startingCash: '100000', baseCurrency: null, seed: 0, benchmark: null, limits: DEFAULT_LIMITS },
      fees: { model: 'NONE' },
      fills: { model: 'BEST_PRICE', path: 'ADAPTIVE' },
      latency: { model: 'CONSTANT', ms: 0 },
      ...{ buyingPowerMultiplier: '2', calendar: null, orderHours: 'ANY', riskFree: 0 },
      ...{ borrowRate: null, maintenanceMargin: null },
      ...{ dividends: null, corporateActions: null, prices: 'RAW' },
    });
    expect(parseBacktestRequest({ ...REQUEST, interval: 'MINUTE_5' }).orderHours).toBe('SESSION');
  });

  it('takes null for what is left out, and null for a limit as none', () => {
    const nothing = { config: null, from: null, fees: null, latency: null, seed: null, limits: null };
    expect(parseBacktestRequest({ ...REQUEST, ...nothing })).toEqual(parseBacktestRequest(REQUEST));
    const limits = { maxLeverage: null, maxOpenOrders: 5 };
    expect(parseBacktestRequest({ ...REQUEST, limits }).limits).toEqual({
      ...DEFAULT_LIMITS,
      maxLeverage: null,
      maxOpenOrders: 5,
    });
  });

  it.each([
    [{ strategy: undefined }, 'strategy', 'strategy has to be a text'],
    [{ symbols: [] }, 'symbols', 'symbols have to be at least one'],
    [{ symbols: ['AAPL', ''] }, 'symbols.1', 'symbols.1 is empty'],
    [{ interval: 'MINUTE' }, 'interval', 'the nearest is MINUTE_1'],
    [{ intervall: 'DAY_1' }, 'intervall', 'is not a known setting: the nearest is interval'],
    [{ from: '2016-02-30' }, 'from', 'from has to be a day'],
    [{ from: '2016-02-03T10:00:00' }, 'from', 'a time with its offset'],
    [{ from: 5 }, 'from', 'from has to be a text'],
    [{ startingCash: '0' }, 'startingCash', 'startingCash has to be a decimal above 0'],
    [{ startingCash: 1000 }, 'startingCash', 'startingCash has to be a decimal in quotes'],
    [{ baseCurrency: 'usd' }, 'baseCurrency', 'has to be a code such as USD'],
    [{ fees: { model: 'PERCENTAGE', rate: '-1' } }, 'fees.rate', 'fees.rate has to be a decimal from 0'],
    [{ fills: { model: 'LUCK' } }, 'fills.model', 'has to be one of BEST_PRICE'],
    [{ latency: -5 }, 'latency', 'latency has to be at least 0'],
    [{ seed: 0.5 }, 'seed', 'seed has to be a whole number'],
    [{ limits: { maxLeverage: '-1' } }, 'limits.maxLeverage', 'has to be a decimal from 0'],
    [{ limits: { maxLever: '1' } }, 'limits.maxLever', 'the nearest is maxLeverage'],
    [{ limits: { maxOpenOrders: 1.5 } }, 'limits.maxOpenOrders', 'has to be a whole number'],
    [{ borrowRate: '-0.1' }, 'borrowRate', 'has to be a decimal from 0'],
    [{ maintenanceMargin: 0.25 }, 'maintenanceMargin', 'has to be a decimal in quotes'],
    [{ dividends: ['AAPL'] }, 'dividends.0', 'has to be an object with symbol, exDay and amount'],
    [
      { dividends: [{ symbol: 'AAPL', exDay: '5 May', amount: '0.57' }] },
      'dividends.0.exDay',
      'has to be a day such as 2016-05-05',
    ],
    [
      { corporateActions: [{ kind: 'SPLIT', symbol: 'AAPL', exDay: '2016-02-30', to: 2, from: 1 }] },
      'corporateActions.0.exDay',
      'has to be a day such as 2016-05-05',
    ],
    [{ config: 'fast=10' }, 'config', 'config has to be an object'],
  ])('names the field that is wrong: %j', (change, field, message) => {
    const parse = () => parseBacktestRequest({ ...REQUEST, ...change });
    expect(parse).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT', field }));
    expect(parse).toThrow(message);
  });

  it('is refused when it is no object at all', () => {
    expect(() => parseBacktestRequest('sma-cross')).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    );
  });
});
