import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { defineStrategy, place, type StrategyEffect, type StrategyOrder, T } from '@omniquant/plugin-sdk';
import fc from 'fast-check';

import type { BacktestResult } from '../../../../core/backtest/backtest-result.ts';
import type { BarRow } from '../../../../core/backtest/bar-source.ts';
import type { CorporateAction } from '../../../../core/backtest/corporate-actions.ts';
import { dayBarStart } from '../../../../core/market/bar-interval.ts';
import { calendarOf } from '../../../../core/market/calendars.ts';
import { backtestExtensionsOf } from '../../../../gateway/backtests/backtest-extensions.ts';
import { readCorporateActions } from '../../../../gateway/backtests/market-data/corporate-actions-file.ts';
import { prepareBacktest } from '../../../../gateway/backtests/prepare-backtest.ts';
import { runBacktest } from '../../../../gateway/backtests/run-backtest.ts';
import { actionsOfFactors, LEAN, leanRows } from '../../../support/backtest/lean.ts';
import { memoryMarketData } from './memory-market-data.ts';

const { signal } = new AbortController();
const calendar = calendarOf('US_EQUITY');
const DAYS = ['2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05', '2024-01-08', '2024-01-09'];

const flat = (day: string, price: number): BarRow => ({
  ...{ at: dayBarStart(day, calendar), open: price, high: price, low: price, close: price, volume: 1_000 },
});
const rowsOf = (prices: readonly number[]): BarRow[] =>
  prices.map((price, index) => flat(DAYS[index] ?? '', price));

/** Places its orders after the first bar. */
const scripted = (orders: readonly Omit<StrategyOrder, 'symbol'>[]) =>
  defineStrategy({
    ...{ id: 'scripted', description: 'Places orders after the first bar', config: T.Object({}) },
    create() {
      let bars = 0;
      return {
        *onBar({ symbol }): Generator<StrategyEffect> {
          bars += 1;
          if (bars === 1) for (const order of orders) yield place({ symbol, ...order });
        },
      };
    },
  });

async function run(
  rows: readonly BarRow[],
  orders: readonly Omit<StrategyOrder, 'symbol'>[],
  corporateActions: readonly CorporateAction[],
  change: object = {},
): Promise<BacktestResult> {
  const strategy = scripted(orders);
  const request = {
    ...{ strategy: 'scripted', symbols: ['X'], interval: 'DAY_1', corporateActions },
    ...{ limits: { maxConcentration: null, priceCollar: null, maxOrderNotional: null }, ...change },
  };
  const data = memoryMarketData([
    { symbol: 'X', interval: 'DAY_1', rows, instrument: { calendar: 'US_EQUITY', tickSize: '0.01' } },
  ]);
  const prepared = await prepareBacktest(
    request,
    { extensions: backtestExtensionsOf([strategy]), data },
    signal,
  );
  return runBacktest(prepared, { signal });
}

const split = (exDay: string, to: number, from: number): CorporateAction => ({
  ...{ kind: 'SPLIT', symbol: 'X', exDay, to, from },
});
const dividend = (exDay: string, amount: string): CorporateAction => ({
  ...{ kind: 'DIVIDEND', symbol: 'X', exDay, amount },
});
const buy = { ref: 'in', side: 'BUY', quantity: '200' } as const;
const equityOf = ({ equity }: BacktestResult): string[] => equity.map((point) => point.equity);

describe('a split of raw prices', () => {
  it('2 for 1: a stop that rests over it fills where it means the same, and the equity knows nothing of it', async () => {
    // 100 old shares at 100 are 200 at 50; the stop at 45 is what 90 was before. The last bar goes from 50 to 44.
    const rows = [...rowsOf([100, 100, 100, 50, 50]), { ...flat(DAYS[5]!, 50), low: 44, close: 44 }];
    const stop = {
      ref: 'stop',
      side: 'SELL',
      type: 'STOP',
      quantity: '200',
      stopPrice: '45',
      timeInForce: 'GTC',
    } as const;
    const result = await run(rows, [buy, stop], [split('2024-01-05', 2, 1)]);
    expect(result.fills.map(({ price, quantity, side }) => [side, quantity, price])).toEqual([
      ['BUY', '200', '50'],
      ['SELL', '200', '45'],
    ]);
    expect(equityOf(result)).toEqual(['100000', '100000', '100000', '100000', '100000', '99000']);
    expect(result.settings.splits).toEqual([{ symbol: 'X', exDay: '2024-01-05', to: 2, from: 1 }]);
  });

  it('1 for 10: a position of any size is whole, and worth the same', async () => {
    const result = await run(
      rowsOf([5, 5.1, 5.2, 52, 53, 54]),
      [{ ...buy, quantity: '7' }],
      [split('2024-01-05', 1, 10)],
    );
    expect(result.fills).toMatchObject([{ price: '51', quantity: '7' }]);
    expect(equityOf(result)).toEqual(['100000', '100000', '100007', '100007', '100014', '100021']);
  });

  it('is not applied to prices that have it already, nor are dividends', async () => {
    const actions = [split('2024-01-05', 2, 1), dividend('2024-01-08', '1')];
    const result = await run(rowsOf([50, 50, 50, 50, 50, 50]), [buy], actions, { prices: 'ADJUSTED' });
    expect(result.charges).toBeUndefined();
    expect(new Set(equityOf(result))).toEqual(new Set(['100000']));
    expect(result.settings.splits).toBeUndefined();
  });

  it('moves no equity on its ex-day, whatever its ratio', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 5 }),
        async (to, from, place) => {
          // Prices that both units have on their tick.
          const prices = DAYS.map((_, index) => (index < place ? 7 * to : 7 * from));
          const result = await run(rowsOf(prices), [buy], [split(DAYS[place] ?? '', to, from)]);
          expect(result.fills).toHaveLength(1);
          expect(new Set(equityOf(result))).toEqual(new Set(['100000']));
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each([
    [{ data: ['QUOTES'] }, 'data[0]'],
    [
      { corporateActions: [{ kind: 'SPLIT', symbol: 'X', exDay: '2024-01-05', to: 0, from: 1 }] },
      'corporateActions.0.to',
    ],
    [{ prices: 'AS_IS' }, 'prices'],
  ])('refuses what cannot be: %j', async (change, field) => {
    const running = run(rowsOf([100, 100]), [], [split('2024-01-05', 2, 1)], change);
    await expect(running).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field });
  });
});

describe('a dividend of raw prices', () => {
  it('is paid by who is short, per unit as it was then', async () => {
    // Half a dollar for each old unit, of which there are half as many.
    const actions = [
      dividend('2024-01-04', '0.5'),
      split('2024-01-05', 2, 1),
      dividend('2024-01-08', '0.25'),
    ];
    const result = await run(rowsOf([100, 100, 100, 50, 50, 50]), [{ ...buy, side: 'SELL' }], actions);
    expect(result.charges?.map(({ amount, kind }) => [kind, amount])).toEqual([
      ['DIVIDEND', '-50'],
      ['DIVIDEND', '-50'],
    ]);
    expect(equityOf(result).at(-1)).toBe('99900');
  });
});

describe('a file of corporate actions', () => {
  const folder = mkdtempSync(join(tmpdir(), 'actions-'));
  const read = (text: string, symbols: readonly string[] = ['X']) => {
    const file = join(folder, 'actions');
    writeFileSync(file, text);
    return readCorporateActions(file, symbols);
  };
  const both = [split('2024-01-05', 4, 1), { ...dividend('2024-01-08', '0.57') }];

  it.each([
    ['CSV', 'Date,Type,Value\n2024-01-05,split,4:1\n2024-01-08,dividend,0.57\n'],
    ['CSV with symbols', 'symbol;ex_date;type;ratio\nX;2024-01-05;SPLIT;4\nX;2024-01-08;DIVIDEND;0.57\n'],
    [
      'JSON',
      '[{"symbol":"X","exDay":"2024-01-05","kind":"split","value":"4/1"},{"exDay":"2024-01-08","kind":"dividend","value":"0.57"}]',
    ],
  ])('may be %s', (_what, text) => {
    expect(read(text)).toEqual(both);
  });

  it('has reverse splits as fractions, exactly', () => {
    expect(read('date,type,value\n2009-07-01,split,0.05\n')).toMatchObject([{ to: 1, from: 20 }]);
  });

  it.each([
    ['date,type,value\n2024-01-05,split,0\n', 'row 2: the split "0" is no ratio'],
    ['date,type,value\n2024-01-05,spin-off,4\n', 'row 2: the type "SPIN-OFF" is neither split nor dividend'],
    ['date,type,value\n2024-01-05,split,4:1\n05/01/2024,split,4\n', 'row 3: the date "05/01/2024" is no day'],
    ['date,type,value\n2024-01-05,dividend,-1\n', 'row 2: the dividend "-1" is no decimal above 0'],
    ['date,type,value\n2024-01-05,split\n', 'row 2: has another number of cells'],
    ['[{"date"', 'is no list of objects'],
  ])('is told where it is wrong: %j', (text, problem) => {
    expect(() => read(text)).toThrow(problem);
  });

  it('has to name symbols where the run has several', () => {
    expect(() => read('date,type,value\n2024-01-05,split,4\n', ['X', 'Y'])).toThrow('names no symbol');
    rmSync(folder, { recursive: true });
  });
});

const reasonToSkip = existsSync(LEAN) ? '' : ' (skipped: ../shared/data is not here)';
(existsSync(LEAN) ? describe : describe.skip)(`raw prices of Lean${reasonToSkip}`, () => {
  it.each(['AAPL', 'IBM'])(
    'of %s, held, with their splits and dividends, grow as the adjusted prices do',
    async (symbol) => {
      const rows = leanRows(symbol);
      const actions = actionsOfFactors('X', rows);
      const result = await run(
        rows.map(({ bar }) => bar),
        [{ ...buy, quantity: '1000' }],
        actions,
        { startingCash: '10000000' },
      );
      const paid = result.charges ?? [];
      expect(paid.length).toBe(actions.filter(({ kind }) => kind === 'DIVIDEND').length);
      // Each dividend put into the position when it is paid: the total return.
      let growth = 1;
      result.equity.slice(1).forEach((point, index) => {
        const before = result.equity[index]!;
        const value = Number(before.grossExposure);
        const dividends = paid
          .filter(({ at }) => at >= before.at && at < point.at)
          .reduce((sum, { amount }) => sum + Number(amount), 0);
        if (value > 0) growth *= Number(point.grossExposure) / (value - dividends);
      });
      const held = rows.filter(({ bar }) => bar.at >= (rows[1]?.bar.at ?? 0));
      const [first, last] = [held[0]!, held.at(-1)!];
      const adjusted = (last.bar.close * last.factor) / (first.bar.close * first.factor);
      expect(growth / adjusted).toBeCloseTo(1, 3);
      expect(growth).toBeGreaterThan(2);
    },
  );
});
