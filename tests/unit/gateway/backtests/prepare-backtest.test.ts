import { describe, expect, it } from '@jest/globals';
import equalWeight from '@omniquant/optimizer-equal-weight';
import { defineStrategy, type Extension, T } from '@omniquant/plugin-sdk';
import rebalance from '@omniquant/strategy-rebalance';
import smaCross from '@omniquant/strategy-sma-cross';

import {
  backtestExtensionsOf,
  loadBacktestExtensions,
} from '../../../../gateway/backtests/backtest-extensions.ts';
import type { BacktestRequest } from '../../../../gateway/backtests/backtest-request.ts';
import { recordedMarketData } from '../../../../gateway/backtests/market-data/recorded-market-data.ts';
import { prepareBacktest } from '../../../../gateway/backtests/prepare-backtest.ts';
import { runBacktest } from '../../../../gateway/backtests/run-backtest.ts';
import { flatRows, memoryMarketData } from './memory-market-data.ts';

const { signal } = new AbortController();
const extensions = backtestExtensionsOf(
  [smaCross, rebalance, equalWeight].flatMap((plugin) => plugin.extensions as readonly Extension[]),
);
const REQUEST: BacktestRequest = { strategy: 'sma-cross', symbols: ['AAPL'], interval: 'DAY_1' };
const DAY = 86_400_000;

const prepare = (change: Partial<BacktestRequest> | object = {}, data = recordedMarketData()) =>
  prepareBacktest({ ...REQUEST, ...change }, { extensions, data }, signal);

describe('a backtest that is prepared', () => {
  it('has settings that are JSON, with the defaults of the strategy', async () => {
    const { spec } = await prepare({ config: { fast: 5 } });
    const { settings } = spec;
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
    expect(settings).toMatchObject({
      config: { fast: 5, slow: 30, quantity: '1', allowShort: false },
      ...{ baseCurrency: 'USD', calendar: 'US_EQUITY', from: null, to: null },
      instruments: [{ symbol: 'AAPL', tickSize: '0.01' }],
    });
  });

  it('takes days as those of the market, the last one with it', async () => {
    const { spec } = await prepare({ from: '2016-01-04', to: '2016-07-01' });
    expect(spec.settings).toMatchObject({ from: Date.UTC(2016, 0, 4, 5), to: Date.UTC(2016, 6, 2, 4) });
    const times = { from: '2016-01-04T09:30:00-05:00', to: '2016-07-01T20:00Z' };
    const { settings } = (await prepare(times)).spec;
    expect([settings.from, settings.to]).toEqual([Date.UTC(2016, 0, 4, 14, 30), Date.UTC(2016, 6, 1, 20)]);
  });

  it.each([
    [{ strategy: 'sma-crss' }, 'strategy', 'the nearest is sma-cross'],
    [{ strategy: 'momentum-of-the-month' }, 'strategy', 'there are rebalance, sma-cross'],
    [{ config: { fsat: 3 } }, 'config.fsat', 'is not a known option: the nearest is fast'],
    [{ config: { fast: 501 } }, 'config.fast', 'must be <= 500'],
    [{ config: { fast: '5' } }, 'config.fast', 'must be integer'],
    [{ config: { fast: 30 } }, 'config.fast', 'has to be less than slow'],
    [{ symbols: ['AAPL', 'SPQ'] }, 'symbols[1]', 'the nearest is SPX'],
    [{ symbols: ['GOOGLE'] }, 'symbols[0]', 'there are bars of AAPL, SPX'],
    [{ symbols: ['SPX', 'SPX'] }, 'symbols[1]', 'is SPX a second time'],
    [{ interval: 'HOUR_1' }, 'interval', 'the nearest is DAY_1'],
    [{ benchmark: 'SPY' }, 'benchmark', 'the nearest is SPX'],
    [{ from: '2017-01-01', to: '2016-01-01' }, 'from', 'is not before to, 2016-01-01'],
    [{ from: '2018-06-01' }, 'from', 'AAPL has bars of DAY_1 from 2013-05-13 to 2018-05-11'],
    [{ to: '2012-01-01' }, 'to', 'AAPL has bars of DAY_1 from 2013-05-13'],
    [
      { dividends: [{ symbol: 'APL', exDay: '2016-05-05', amount: '0.57' }] },
      'dividends[0].symbol',
      'the nearest is AAPL',
    ],
    [{ baseCurrency: 'EUR' }, 'symbols[0]', 'import bars of USD/EUR, or set baseCurrency to USD'],
    [
      { strategy: 'rebalance', symbols: ['AAPL', 'SPX'], config: { optimizer: 'equal-wait' } },
      'config.optimizer',
      'the nearest is equal-weight',
    ],
  ])('is refused with the field and the nearest valid value: %j', async (change, field, message) => {
    const preparing = prepare(change);
    await expect(preparing).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field });
    await expect(preparing).rejects.toThrow(message);
  });

  it('says which plugins could not be loaded when a strategy is missing', async () => {
    const loaded = await loadBacktestExtensions([
      { specifier: '@omniquant/strategy-sma-cross', grants: [], required: false },
      { specifier: '@acme/strategies', grants: [], required: false },
    ]);
    expect(loaded.strategies).toEqual(['sma-cross']);
    const surroundings = { extensions: loaded, data: recordedMarketData() };
    await expect(prepareBacktest({ ...REQUEST, strategy: 'acme' }, surroundings, signal)).rejects.toThrow(
      /not loaded: @acme\/strategies: .*it or a module that it needs is not there/,
    );
  });

  it('says what a strategy, a benchmark or a currency asks for that there are no bars of', async () => {
    const hourly = defineStrategy({
      id: 'hourly',
      description: 'Looks at hours, too',
      config: T.Object({}),
      inputs: () => ({ intervals: ['HOUR_1'] }),
      create: () => ({}),
    });
    const surroundings = { extensions: backtestExtensionsOf([hourly]), data: recordedMarketData() };
    await expect(
      prepareBacktest({ ...REQUEST, strategy: 'hourly' }, surroundings, signal),
    ).rejects.toMatchObject({
      field: 'strategy',
      message: expect.stringContaining('also asks for bars of HOUR_1, and AAPL has no bars of it'),
    });
    const start = Date.UTC(2020, 0, 6);
    const data = memoryMarketData([
      { symbol: 'BTC/USD', interval: 'HOUR_1', rows: flatRows(start, DAY / 24, 240) },
      { symbol: 'INDEX', interval: 'WEEK_1', rows: flatRows(start, 7 * DAY, 10) },
    ]);
    await expect(
      prepare({ symbols: ['BTC/USD'], interval: 'HOUR_1', benchmark: 'INDEX' }, data),
    ).rejects.toThrow('benchmark needs bars of INDEX in DAY_1, and INDEX has no bars of it or of finer ones');
  });

  it('is of optimizers, too', async () => {
    const prepared = await prepare({ strategy: 'rebalance', symbols: ['AAPL', 'SPX'] });
    expect((await runBacktest(prepared, { signal })).status).toBe('COMPLETED');
  });

  it('reads a benchmark no further than what is traded, and as days where there are no finer bars', async () => {
    const start = Date.UTC(2020, 0, 6);
    const data = memoryMarketData([
      { symbol: 'BTC/USD', interval: 'HOUR_1', rows: flatRows(start, DAY / 24, 240) },
      { symbol: 'INDEX', interval: 'DAY_1', rows: flatRows(start - 30 * DAY, DAY, 1_000) },
    ]);
    const prepared = await prepare({ symbols: ['BTC/USD'], interval: 'HOUR_1', benchmark: 'INDEX' }, data);
    expect(prepared.bars.map(({ series }) => series)).toEqual([
      { symbol: 'BTC/USD', interval: 'HOUR_1' },
      { symbol: 'INDEX', interval: 'DAY_1' },
    ]);
    const result = await runBacktest(prepared, { signal });
    expect(result).toMatchObject({ status: 'COMPLETED', endedAt: start + 10 * DAY });
    expect(result.benchmark?.length).toBeGreaterThan(5);
    expect(result.settings.orderHours).toBe('SESSION');
  });

  it('converts what is quoted in another currency with the pair that there is', async () => {
    const start = Date.UTC(2020, 0, 6);
    const data = memoryMarketData([
      { symbol: 'SAP', interval: 'DAY_1', rows: flatRows(start, DAY, 60), instrument: { currency: 'EUR' } },
      {
        ...{ symbol: 'EUR/USD', interval: 'DAY_1', rows: flatRows(start, DAY, 60, () => 1.25) },
        instrument: { assetClass: 'FX', tickSize: '0.0001' },
      },
    ]);
    const { spec, bars } = await prepare({ symbols: ['SAP'], baseCurrency: 'USD' }, data);
    expect(spec.settings.instruments.map(({ symbol }) => symbol)).toEqual(['SAP', 'EUR/USD']);
    expect(bars.map(({ series }) => series.symbol)).toEqual(['SAP', 'EUR/USD']);
    expect((await prepare({ symbols: ['SAP'] }, data)).spec.settings.baseCurrency).toBe('EUR');
  });
});
