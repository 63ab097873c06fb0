import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defineStrategy, type Extension, place, T } from '@omniquant/plugin-sdk';
import smaCross from '@omniquant/strategy-sma-cross';

import type { BacktestResult } from '../../../core/backtest/backtest-result.ts';
import type { CorporateAction } from '../../../core/backtest/corporate-actions.ts';
import { backtestExtensionsOf } from '../../../gateway/backtests/backtest-extensions.ts';
import { runBacktestTask } from '../../../gateway/backtests/jobs/backtest-task.ts';
import { importActions } from '../../../gateway/backtests/market-data/import-actions.ts';
import { importBars } from '../../../gateway/backtests/market-data/import-bars.ts';
import { marketDataFolder, openMarketData } from '../../../gateway/backtests/market-data/open-market-data.ts';
import { prepareBacktest } from '../../../gateway/backtests/prepare-backtest.ts';
import { runBacktest } from '../../../gateway/backtests/run-backtest.ts';
import { summaryTable } from '../../../gateway/cli/backtest/summary-table.ts';
import { actionsOfFactors, LEAN, leanRows } from '../../support/backtest/lean.ts';
import { type DataFolder, makeDataFolder } from '../../support/market-files.ts';

const { signal } = new AbortController();

/** Buys once and holds, or does nothing. */
const holder = defineStrategy({
  ...{ id: 'holder', description: 'buys once' },
  config: T.Object({ idle: T.Boolean({ default: false }) }),
  create({ idle }) {
    let bars = 0;
    return {
      *onBar({ symbol }) {
        bars += 1;
        if (bars === 1 && !idle) yield place({ symbol, side: 'BUY', quantity: '100' });
      },
    };
  },
});
const extensions = backtestExtensionsOf([holder, ...(smaCross.extensions as readonly Extension[])]);

/** The fifteenth is a holiday. */
const DAYS = ['08', '09', '10', '11', '12', '16', '17', '18', '19', '22'];

let folder: DataFolder;
let dataDir: string;
beforeEach(async () => {
  folder = makeDataFolder();
  dataDir = join(folder.path, 'data');
  const prices = [100, 101, 102, 51.5, 52, 52.5, 53, 53.5, 54, 54.5];
  folder.write('acme.csv', [
    'date,open,high,low,close,volume',
    ...DAYS.map((day, index) => {
      const price = prices[index] ?? 0;
      return `2024-01-${day},${[price, price, price, price].join(',')},1000`;
    }),
  ]);
  await importSeries('acme.csv', 'ACME');
});
afterEach(() => {
  folder.remove();
});

const importSeries = (file: string, symbol: string) =>
  importBars(
    marketDataFolder(dataDir),
    {
      files: [join(folder.path, file)],
      ...{ reading: { symbol, interval: 'DAY_1' }, instrument: {}, replace: false },
    },
    openMarketData(dataDir),
    signal,
  );

async function importLines(lines: readonly string[], symbol = 'ACME'): Promise<void> {
  folder.write('actions.csv', ['date,type,value', ...lines]);
  const request = { files: [join(folder.path, 'actions.csv')], reading: { symbol } };
  await importActions(marketDataFolder(dataDir), request, signal);
}

const REQUEST = {
  ...{ strategy: 'holder', symbols: ['ACME'], interval: 'DAY_1' },
  limits: { maxConcentration: null, priceCollar: null },
};
async function run(change: object = {}): Promise<BacktestResult> {
  const surroundings = { extensions, data: openMarketData(dataDir) };
  const prepared = await prepareBacktest({ ...REQUEST, ...change }, surroundings, signal);
  return runBacktest(prepared, { signal });
}

const SPLIT: CorporateAction = { kind: 'SPLIT', symbol: 'ACME', exDay: '2024-01-11', to: 2, from: 1 };
const DIVIDEND: CorporateAction = { kind: 'DIVIDEND', symbol: 'ACME', exDay: '2024-01-16', amount: '0.5' };
const LINES = ['2024-01-11,split,2:1', '2024-01-16,dividend,0.5'];

describe('a backtest over a series with stored splits and dividends', () => {
  it('applies them without being asked to, as if they had been given', async () => {
    const before = await run();
    await importLines(LINES);
    const [stored, given] = [await run(), await run({ corporateActions: [DIVIDEND, SPLIT] })];
    expect(stored.resultHash).toBe(given.resultHash);
    expect(stored.resultHash).not.toBe(before.resultHash);
    expect(stored.fills).toMatchObject([{ price: '50.5', quantity: '100' }]);
    expect(stored.charges).toMatchObject([{ kind: 'DIVIDEND', amount: '50' }]);
    expect(stored.settings).toMatchObject({
      splits: [{ symbol: 'ACME', to: 2, from: 1 }],
      storedActions: [{ symbol: 'ACME', source: 'actions.csv', actions: [SPLIT, DIVIDEND] }],
    });
    expect(summaryTable(stored, 1)).toMatch(
      /Corporate actions +1 split, 1 dividend; stored: ACME \(actions\.csv\)$/m,
    );
    expect(summaryTable(given, 1)).toMatch(
      /Corporate actions +1 split, 1 dividend; given with the request$/m,
    );
    expect(summaryTable(before, 1)).not.toContain('Corporate actions');
  });

  it('leaves them alone when others are given, and when prices are adjusted', async () => {
    const before = await run();
    await importLines(LINES);
    const given = await run({ corporateActions: [SPLIT] });
    expect(given.settings.storedActions).toBeUndefined();
    expect(given.charges).toBeUndefined();
    for (const change of [{ corporateActions: [] }, { prices: 'ADJUSTED' }]) {
      expect((await run(change)).resultHash).toBe(before.resultHash);
    }
    // Dividends that are given go before those that are stored.
    const dividends = await run({ dividends: [{ symbol: 'ACME', exDay: '2024-01-17', amount: '1' }] });
    expect(dividends.charges).toMatchObject([{ amount: '100' }]);
    expect(summaryTable(dividends, 1)).toContain(
      '1 split, 1 dividend; stored: ACME (actions.csv); given with the request',
    );
  });

  it('has another hash with others, even where nothing is traded', async () => {
    const hashes = new Set<string>();
    for (const lines of [LINES, ['2024-01-11,split,4:1'], ['2024-01-16,dividend,0.6']]) {
      await importLines(lines);
      hashes.add((await run({ config: { idle: true } })).resultHash);
    }
    expect(hashes.add((await run({ config: { idle: true }, corporateActions: [] })).resultHash).size).toBe(4);
  });

  it('compares with a benchmark that was split as its price went, not as it was counted', async () => {
    await importLines(LINES);
    folder.write('flat.csv', [
      'date,open,high,low,close,volume',
      ...['08', '09', '10', '11', '12'].map((day) => `2024-01-${day},10,10,10,10,1`),
    ]);
    await importSeries('flat.csv', 'FLAT');
    const { benchmark, charges } = await run({ symbols: ['FLAT'], benchmark: 'ACME' });
    expect(benchmark?.map(({ value }) => Number(value))).toEqual([50, 50.5, 51, 51.5, 52]);
    expect(charges).toBeUndefined();
  });

  it('runs with those that there were when it was checked, wherever it is run', async () => {
    await importLines(LINES);
    const request = { ...REQUEST, strategy: 'sma-cross', config: { fast: 2, slow: 3 } };
    const { settings } = await run(request);
    await importLines(['2024-01-12,split,3:1']);
    const plugins = [{ specifier: '@omniquant/strategy-sma-cross', grants: [] }];
    const task = { request, plugins, dataDir, storedActions: settings.storedActions ?? [] };
    const telling = { progress: () => undefined, saved: () => undefined, isSaveAsked: () => false };
    const packed = await runBacktestTask(task, { saved: null, everyMs: 60_000 }, telling);
    expect(JSON.parse(packed.summary)).toMatchObject({ settings });
  });
});

const reasonToSkip = existsSync(LEAN) ? '' : ' (skipped: ../shared/data is not here)';
(existsSync(LEAN) ? describe : describe.skip)(`AAPL of Lean, raw${reasonToSkip}`, () => {
  it('is the same with its actions imported as with them given', async () => {
    const rows = leanRows('AAPL');
    const actions = actionsOfFactors('AAPL', rows);
    folder.write('aapl.csv', [
      'date,open,high,low,close,volume',
      ...rows.map(({ bar, day }) => [day, bar.open, bar.high, bar.low, bar.close, bar.volume].join(',')),
    ]);
    await importSeries('aapl.csv', 'AAPL');
    await importLines(
      actions.map((action) =>
        action.kind === 'SPLIT'
          ? `${action.exDay},split,${String(action.to)}:${String(action.from)}`
          : `${action.exDay},dividend,${action.amount}`,
      ),
      'AAPL',
    );
    const request = { strategy: 'sma-cross', symbols: ['AAPL'], config: { quantity: '100' } };
    const stored = await run(request);
    expect(stored.settings.splits?.length).toBeGreaterThan(1);
    expect(stored.charges?.length).toBeGreaterThan(5);
    expect((await run({ ...request, corporateActions: actions })).resultHash).toBe(stored.resultHash);
    expect((await run({ ...request, corporateActions: [] })).resultHash).not.toBe(stored.resultHash);
  });
});
