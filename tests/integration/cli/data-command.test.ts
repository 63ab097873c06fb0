import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openMarketData } from '../../../gateway/backtests/market-data/open-market-data.ts';
import { dataCommand } from '../../../gateway/cli/data/data-command.ts';
import { type DataFolder, makeDataFolder, minuteLines } from '../../support/market-files.ts';

const COMMAND = fileURLToPath(new URL('../../../bin/omniquant.mjs', import.meta.url));

describe('omniquant data', () => {
  let folder: DataFolder;
  beforeAll(() => {
    folder = makeDataFolder();
    folder.write('minutes.csv', minuteLines(600));
    folder.write('bad.csv', ['date,open,high,low,close', '2018-01-02,1,2,1,1', '2018-01-03,1,2,one,1']);
  });
  afterAll(() => {
    folder.remove();
  });

  const omniquant = (...args: readonly string[]) =>
    spawnSync(process.execPath, [COMMAND, ...args], {
      encoding: 'utf8',
      env: { ...process.env, DATA_DIR: join(folder.path, 'data') },
    });

  it('imports bars that backtests then run on, lists and removes them', () => {
    const file = join(folder.path, 'minutes.csv');
    const args = [
      'data',
      'import',
      file,
      '--symbol',
      'ACME',
      '--interval',
      'minute_1',
      '--calendar',
      'always',
    ];
    const line = /^ACME +MINUTE_1 +600 +2018-01-02T15:00Z +2018-01-03T00:59Z +minutes\.csv$/m;
    expect(omniquant(...args)).toMatchObject({ status: 0, stdout: expect.stringMatching(line) });
    rmSync(file);
    expect(omniquant('data', 'list').stdout).toMatch(line);

    const backtest = [
      'backtest',
      '--strategy',
      'sma-cross',
      '--symbols',
      'ACME',
      '--interval',
      'MINUTE_5',
      '--json',
    ];
    expect(JSON.parse(omniquant(...backtest).stdout)).toMatchObject({
      status: 'COMPLETED',
      counts: { bars: 120, warmupBars: 30 },
    });

    expect(omniquant('data', 'remove', 'ACME')).toMatchObject({
      status: 0,
      stdout: 'removed: ACME in MINUTE_1, 600 bars\n',
    });
    const left = openMarketData(join(folder.path, 'data')).series();
    expect(left.map(({ symbol }) => symbol)).toEqual(['AAPL', 'SPX']);
  });

  it('imports splits and dividends, which are listed beside their series, applied and removed', () => {
    folder.write('actions.csv', [
      'symbol,date,type,value',
      'SPX,2010-01-04,split,2:1',
      'SPY,2010-01-05,dividend,1',
    ]);
    const file = join(folder.path, 'actions.csv');
    expect(omniquant('data', 'import', file, '--kind', 'actions')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^SPX +ACTIONS +1 +2010-01-04 +2010-01-04 +actions\.csv$/m),
      stderr: 'omniquant: nothing else of SPY is imported yet: the nearest is SPX\n',
    });
    expect(omniquant('data', 'list').stdout).toMatch(/^SPX +DAY_1 .*\nSPX +ACTIONS +1 .*\nSPY +ACTIONS /m);
    const backtest = ['backtest', '--strategy', 'sma-cross', '--symbols', 'SPX'];
    expect(omniquant(...backtest).stdout).toMatch(
      /Corporate actions +1 split; stored: SPX \(actions\.csv\)$/m,
    );
    expect(omniquant('data', 'remove', 'SPX', '--kind', 'actions')).toMatchObject({
      ...{ status: 0, stdout: 'removed: SPX in ACTIONS, 1 rows\n' },
    });
  });

  it('refuses a wrong file with the row and the reason', () => {
    expect(omniquant('data', 'import', join(folder.path, 'bad.csv'), '--symbol', 'ACME')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'omniquant: file bad.csv, row 2, column low: "one" is no decimal\n',
    });
  });

  it.each([
    [[], /^usage: omniquant data <command>/],
    [['import'], /^a file is missing\nusage: omniquant data import/],
    [['import', 'nowhere.csv'], /nowhere\.csv is no file$/],
    [['import', '--fast'], /Unknown option '--fast'/],
    [['import', COMMAND, '--interval', 'MINUTE_2'], /^omniquant: --interval /],
    [['import', COMMAND, '--tick-size', 'small'], /^omniquant: --tick-size /],
    [['import', COMMAND, '--columns', 'time'], /--columns is JSON in single quotes/],
    [['import', COMMAND, '--kind', 'action'], /--kind is "action".*the nearest is actions/],
    [['import', COMMAND, '--kind', 'actions', '--interval', 'DAY_1'], /--interval is not of --kind actions/],
    [['list', 'AAPL'], /AAPL is one argument too many/],
    [['remove'], /^a symbol is missing/],
  ])('refuses what makes no sense: %j', async (args, problem) => {
    await expect(dataCommand(args)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(problem),
    });
  });
});
