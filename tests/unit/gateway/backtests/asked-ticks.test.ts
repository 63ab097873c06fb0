import { describe, expect, it } from '@jest/globals';
import { defineStrategy, T } from '@omniquant/plugin-sdk';

import { BacktestError } from '../../../../core/backtest/backtest-error.ts';
import type { TickKind } from '../../../../core/backtest/tick-source.ts';
import { backtestExtensionsOf } from '../../../../gateway/backtests/backtest-extensions.ts';
import type { BacktestRequest } from '../../../../gateway/backtests/backtest-request.ts';
import type { MarketDataSource } from '../../../../gateway/backtests/market-data/market-data-source.ts';
import { prepareBacktest } from '../../../../gateway/backtests/prepare-backtest.ts';
import { flatRows, memoryMarketData } from './memory-market-data.ts';

const DAY = 86_400_000;
const { signal } = new AbortController();

/** What it asks for is a parameter. */
const listener = defineStrategy({
  ...{ kind: 'strategy', id: 'listener', version: '1.0.0', description: 'listens' },
  config: T.Object({
    ...{ quotes: T.Boolean({ default: false }), trades: T.Boolean({ default: false }) },
  }),
  inputs: ({ quotes, trades }) => ({ quotes, trades }),
  create: () => ({ onBar: () => [] }),
});

/** Days of A and B, with ticks of kinds beside them. */
function dataWith(kinds: Readonly<Partial<Record<'A' | 'B', readonly TickKind[]>>>): MarketDataSource {
  const rows = flatRows(0, DAY, 10);
  return {
    ...memoryMarketData(['A', 'B'].map((symbol) => ({ symbol, interval: 'DAY_1', rows }))),
    ticks: () =>
      Object.entries(kinds).flatMap(([symbol, all]) =>
        all.map((kind) => ({ symbol, kind, rows: 1, first: 0, last: DAY, source: 'a test' })),
      ),
  };
}

const prepare = (request: Partial<BacktestRequest>, data: MarketDataSource) =>
  prepareBacktest(
    { strategy: 'listener', symbols: ['A'], interval: 'DAY_1', ...request },
    { extensions: backtestExtensionsOf([listener]), data },
    signal,
  );
const refusal = (request: Partial<BacktestRequest>, data: MarketDataSource): Promise<string> =>
  prepare(request, data).then(
    () => 'nothing is wrong',
    (error: unknown) => {
      if (!(error instanceof BacktestError)) throw error;
      expect(error).toMatchObject({ code: 'BAD_USER_INPUT' });
      expect(error.message.startsWith(String(error.field))).toBe(true);
      return error.message;
    },
  );
const [quotes, trades] = [{ config: { quotes: true } }, { config: { trades: true } }];

describe('a strategy that asks for quotes or trades', () => {
  it('is refused where there are only bars, with what there is and what to do', async () => {
    expect(await refusal(quotes, dataWith({}))).toBe(
      'strategy is listener, which asks for quotes, and of A there are BARS: import QUOTES, L2, L3 of it (omniquant data import --kind quotes)',
    );
    expect(await refusal(trades, dataWith({ A: ['QUOTES', 'L2'] }))).toBe(
      'strategy is listener, which asks for trades, and of A there are BARS, QUOTES, L2: import TRADES, L3 of it (omniquant data import --kind trades)',
    );
  });

  it('is refused when one of its symbols has none', async () => {
    const request = { ...quotes, symbols: ['A', 'B'] };
    expect(await refusal(request, dataWith({ A: ['QUOTES'], B: ['TRADES'] }))).toContain(
      'of B there are BARS, TRADES',
    );
    expect(await refusal(request, dataWith({ A: ['QUOTES'], B: ['L2'] }))).toBe('nothing is wrong');
  });

  it('is told which kind the data that are named leave out', async () => {
    const there = dataWith({ A: ['QUOTES', 'TRADES', 'L2'] });
    expect(await refusal({ ...quotes, data: ['BARS'] }, there)).toBe(
      'data is BARS, and listener asks for quotes: add QUOTES or L2, which there are of A',
    );
    expect(await refusal({ ...quotes, data: ['TRADES'] }, there)).toContain('data is TRADES, and');
    expect(await refusal({ ...quotes, data: ['L2'] }, there)).toBe('nothing is wrong');
  });

  it.each<[typeof quotes | typeof trades, TickKind]>([
    [quotes, 'QUOTES'],
    [quotes, 'L2'],
    [quotes, 'L3'],
    [trades, 'TRADES'],
    [trades, 'L3'],
  ])('is given them by what tells them: %j by %s', async (request, kind) => {
    const { ticks } = await prepare(request, dataWith({ A: [kind] }));
    expect(ticks.map(({ series }) => series)).toEqual([{ symbol: 'A', kind }]);
  });

  it('may have splits, but for single orders that they turn into fractions', async () => {
    const split = { kind: 'SPLIT', symbol: 'A', exDay: '1970-01-05', to: 3, from: 2 } as const;
    const request = { ...quotes, corporateActions: [split] };
    expect(await refusal(request, dataWith({ A: ['QUOTES'] }))).toBe('nothing is wrong');
    expect(await refusal(request, dataWith({ A: ['L3'] }))).toBe(
      'data takes single orders (L3) of A, which its splits turn into fractions: take QUOTES, TRADES or L2 instead, or prices ADJUSTED',
    );
    expect(await refusal({ ...request, prices: 'ADJUSTED' }, dataWith({ A: ['L3'] }))).toBe(
      'nothing is wrong',
    );
    const whole = [{ ...split, from: 1 }];
    expect(await refusal({ ...request, corporateActions: whole }, dataWith({ A: ['L3'] }))).toBe(
      'nothing is wrong',
    );
  });

  it('runs on bars when it asks for neither', async () => {
    expect(await refusal({}, dataWith({}))).toBe('nothing is wrong');
  });
});
