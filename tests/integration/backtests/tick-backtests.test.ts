import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defineStrategy, place, type Quote, T, type Trade } from '@omniquant/plugin-sdk';

import type { BacktestResult } from '../../../core/backtest/backtest-result.ts';
import { backtestExtensionsOf } from '../../../gateway/backtests/backtest-extensions.ts';
import type { BacktestRequest } from '../../../gateway/backtests/backtest-request.ts';
import { prepareBacktest } from '../../../gateway/backtests/prepare-backtest.ts';
import { runBacktest } from '../../../gateway/backtests/run-backtest.ts';
import {
  createTickImports,
  HEADERS,
  type TickImports,
  tickTime,
} from '../../support/backtest/tick-imports.ts';

const { signal } = new AbortController();

/** Buys 20 at the first bar, and tells what it is given. */
const buyer = defineStrategy({
  id: 'buyer',
  description: 'Buys at its first bar',
  config: T.Object({ hears: T.Boolean({ default: false }) }),
  inputs: ({ hears }) => ({ quotes: hears, trades: hears }),
  create: () => {
    let bars = 0;
    return {
      onBar: ({ symbol }) => ((bars += 1) === 1 ? [place({ symbol, side: 'BUY', quantity: '20' })] : []),
      onQuote: ({ bid }: Quote) => [
        { type: 'log', level: 'INFO', message: `bid ${String(bid)}`, data: null },
      ],
      onTrade: ({ price }: Trade) => [
        { type: 'log', level: 'INFO', message: `trade ${String(price)}`, data: null },
      ],
    };
  },
});

describe('backtests on imported ticks', () => {
  let world: TickImports;
  beforeEach(async () => {
    world = createTickImports();
    const seconds = Array.from({ length: 30 }, (_, second) => second);
    world.folder.write('trades.csv', [
      HEADERS.TRADES,
      ...seconds.map((second) => `${tickTime(second)},10.01,1,buy`),
    ]);
    await world.importFile('TRADES', 'trades.csv', { instrument: { assetClass: 'CRYPTO' } });
  });
  afterEach(() => {
    world.folder.remove();
  });

  const importBook = async (): Promise<void> => {
    world.folder.write('book.csv', [
      HEADERS.L2,
      `${tickTime(0)},snapshot,bid,10.00,50,1`,
      `${tickTime(0)},snapshot,ask,10.02,5,1`,
      `${tickTime(0)},snapshot,ask,10.04,100,1`,
      `${tickTime(20)},update,bid,9.99,7,2`,
    ]);
    await world.importFile('L2', 'book.csv');
  };

  const REQUEST: BacktestRequest = {
    ...{ strategy: 'buyer', symbols: ['ACME'], interval: 'SECOND_1', startingCash: '1000' },
    limits: { maxConcentration: null },
  };
  const prepare = (more: Partial<BacktestRequest>) =>
    prepareBacktest(
      { ...REQUEST, ...more },
      { extensions: backtestExtensionsOf([buyer]), data: world.open() },
      signal,
    );
  const run = async (more: Partial<BacktestRequest> = {}): Promise<BacktestResult> =>
    runBacktest(await prepare(more), { signal });

  const fillsOf = ({ fills }: BacktestResult) => fills.map(({ price, quantity }) => `${quantity} @ ${price}`);

  it('make their bars of trades, and fill from them where nothing more is asked for', async () => {
    const result = await run();
    expect([result.status, result.counts.bars, fillsOf(result)]).toEqual(['COMPLETED', 30, ['20 @ 10.01']]);
    const minutes = await run({ interval: 'MINUTE_1' }).catch((error: unknown) => error);
    expect(String(minutes)).toMatch(/no bar|too few|there are no/);
  });

  it('walk the book that the fill model asks for, and take no more than stands there', async () => {
    await importBook();
    const fills = { model: 'L2_WALK' };
    expect(fillsOf(await run({ fills }))).toEqual(['5 @ 10.02', '15 @ 10.04']);
    const twice = await Promise.all([run({ fills }), run({ fills, data: ['L2'] })]);
    expect(new Set(twice.map(({ resultHash }) => resultHash)).size).toBe(1);
    // Bars alone, when that is said.
    expect(fillsOf(await run({ data: ['BARS'] }))).toEqual(['20 @ 10.01']);
  });

  it('give a strategy the quotes and trades that it asks for', async () => {
    await importBook();
    const { logs } = await run({ config: { hears: true } });
    const messages = new Set(logs.map(({ message }) => message));
    expect([messages.has('bid 10'), messages.has('trade 10.01')]).toEqual([true, true]);
    await expect(prepare({ config: { hears: true }, data: ['BARS'] })).rejects.toMatchObject({
      ...{ code: 'BAD_USER_INPUT', field: 'data' },
      message: expect.stringMatching(/^data is BARS, and buyer asks for quotes: add L2, which .* of ACME$/),
    });
    const none = await run({ data: ['BARS'] });
    expect(none.logs.filter(({ message }) => /bid|trade/.test(message))).toEqual([]);
  });

  it.each<[Partial<BacktestRequest>, string, RegExp]>([
    [{ data: ['L3'] }, 'data[0]', /is L3, and there are no orders \(L3\) of ACME: there are BARS, TRADES/],
    [{ fills: { model: 'L2_WALK' } }, 'fills.model', /L2_WALK needs L2 or L3 .* of ACME there are/],
    [{ data: ['TICKS' as never] }, 'data.0', /has to be one of BARS, QUOTES, TRADES, L2, L3/],
    [{ data: [] }, 'data', /names nothing/],
  ])('name what is missing: %j', async (request, field, problem) => {
    await expect(prepare(request)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      field,
      message: expect.stringMatching(problem),
    });
  });

  it('are of another hash when the data are others', async () => {
    await importBook();
    const hashes = await Promise.all([run(), run({ fills: { model: 'L2_WALK' } })]);
    expect(new Set(hashes.map(({ resultHash }) => resultHash)).size).toBe(2);
  });
});
