import { describe, expect, it } from '@jest/globals';
import { defineStrategy, T } from '@omniquant/plugin-sdk';

import { optionOf } from '../../../../gateway/cli/backtest/backtest-options.ts';
import { parametersOf } from '../../../../gateway/cli/backtest/parameters.ts';
import { durationText } from '../../../../gateway/cli/backtest/progress-line.ts';
import { requestOf } from '../../../../gateway/cli/backtest/request-of.ts';

const strategy = defineStrategy({
  id: 'every-type',
  description: 'Parameters of all types',
  config: T.Object({
    count: T.Integer({ minimum: 1, maximum: 9, default: 3, description: 'How many' }),
    rate: T.Number(),
    isOn: T.Boolean({ default: false }),
    text: T.String(),
    levels: T.Array(T.Number()),
    side: T.Union([T.Literal('LONG'), T.Literal('SHORT')]),
    width: T.Union([T.Null(), T.Number()]),
  }),
  create: () => ({}),
});

describe('a command line', () => {
  it('gives parameters the types of the schema', () => {
    const set = ['count=5', 'rate=0.5', 'isOn=true', 'text=12', 'levels=[1,2]', 'side=LONG', 'width=null'];
    expect(requestOf({ set }, strategy)['config']).toEqual({
      ...{ count: 5, rate: 0.5, isOn: true, text: '12', levels: [1, 2], side: 'LONG', width: null },
    });
  });

  it('leaves a value of another type as it was written, so that checking it says so', () => {
    const set = ['count=many', 'isOn=1', 'levels=1', 'text="a"', 'empty='];
    expect(requestOf({ set }, strategy)['config']).toEqual({
      ...{ count: 'many', isOn: '1', levels: '1', text: '"a"', empty: '' },
    });
    expect(() => requestOf({ set: ['fast'] }, strategy)).toThrow('write --set name=value');
    expect(() => requestOf({ set: ['count=1', 'count=2'] }, strategy)).toThrow('--set count is there twice');
  });

  it('gives settings their forms', () => {
    const values = {
      ...{
        strategy: 'x',
        symbols: 'AAPL, SPX',
        interval: 'minute_5',
        cash: '5000',
        seed: '7',
        'risk-free': '0.02',
        'borrow-rate': '0.03',
        dividends: '[{"symbol":"AAPL","exDay":"2016-05-05","amount":"0.57"}]',
      },
      ...{
        fees: 'none',
        fills: '{"model":"SLIPPAGE","ticks":2}',
        latency: '250',
        limits: '{"maxLeverage":null}',
      },
    };
    expect(requestOf(values, null)).toEqual({
      ...{
        strategy: 'x',
        symbols: ['AAPL', 'SPX'],
        interval: 'MINUTE_5',
        startingCash: '5000',
        seed: 7,
        riskFree: 0.02,
        borrowRate: '0.03',
        dividends: [{ symbol: 'AAPL', exDay: '2016-05-05', amount: '0.57' }],
      },
      ...{ fees: { model: 'NONE' }, fills: { model: 'SLIPPAGE', ticks: 2 }, latency: 250 },
      ...{ limits: { maxLeverage: null }, config: {} },
    });
    expect(requestOf({ seed: 'five' }, null)['seed']).toBe('five');
    expect(() => requestOf({ limits: 'maxLeverage=1' }, null)).toThrow('--limits is JSON in single quotes');
  });

  it('has a name for each setting', () => {
    expect(
      ['config.fast', 'symbols[1]', 'startingCash', 'fees.rate', 'limits.maxLeverage'].map(optionOf),
    ).toEqual([...['--set fast', '--symbols', '--cash', '--fees rate', '--limits maxLeverage']]);
  });

  it('is told what parameters may be, and what they are by default', () => {
    expect(parametersOf(strategy.config).map(({ allowed, usual }) => [allowed, usual])).toEqual([
      ['integer 1..9', '3'],
      ['number', undefined],
      ['boolean', 'false'],
      ['string', undefined],
      ['json', undefined],
      ['LONG|SHORT', undefined],
      ['null|number', undefined],
    ]);
  });

  it('says how long something takes', () => {
    expect([850, 12_000, 185_000, 7_800_000, 3_723_840_000].map(durationText)).toEqual([
      ...['850 ms', '12 s', '3 min 5 s', '2 h 10 min', '43.1 days'],
    ]);
  });
});
