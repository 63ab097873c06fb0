import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smaCross } from '@omniquant/strategy-sma-cross';

import { Backtest } from '../../../core/backtest/backtest.ts';
import type { BacktestResult } from '../../../core/backtest/backtest-result.ts';
import { type BarSource, columnsSource } from '../../../core/backtest/bar-source.ts';
import { ALL_BARS } from '../../../gateway/backtests/market-data/market-data-source.ts';
import { recordedMarketData } from '../../../gateway/backtests/market-data/recorded-market-data.ts';
import { backtestCommand } from '../../../gateway/cli/backtest/backtest-command.ts';

const COMMAND = fileURLToPath(new URL('../../../bin/omniquant.mjs', import.meta.url));
const PLUGIN = fileURLToPath(new URL('../../support/plugins/backtest-strategies.ts', import.meta.url));
const AAPL = ['--strategy', 'sma-cross', '--symbols', 'AAPL', '--set', 'fast=10', '--set', 'quantity=100'];

/** The same without the gateway: the core's backtest over all bars at once. */
async function hashOfCore(settings: BacktestResult['settings']): Promise<string> {
  const sources: BarSource[] = [];
  const series = { symbol: 'AAPL', interval: 'DAY_1' } as const;
  for await (const columns of recordedMarketData().read(series, ALL_BARS, new AbortController().signal)) {
    sources.push(columnsSource(series, columns));
  }
  const backtest = new Backtest({ settings, strategy: smaCross }, { sources });
  while (!backtest.advance(97).done);
  return backtest.result().resultHash;
}

describe('omniquant backtest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omniquant-backtest-'));
  const env = { ...process.env, DATA_DIR: folder };
  const backtest = (args: readonly string[]) =>
    spawnSync(process.execPath, [COMMAND, 'backtest', ...args], { encoding: 'utf8', env });

  beforeAll(() => {
    writeFileSync(join(folder, 'plugins.json'), JSON.stringify([{ plugin: PLUGIN }]));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs a strategy on what comes by npm: a table, a page, CSV, and the hash that the core has', async () => {
    const [report, csv] = [join(folder, 'out.html'), join(folder, 'csv')];
    const table = backtest([...AAPL, '--report', report, '--csv-dir', csv]);
    expect(table).toMatchObject({ status: 0, stdout: expect.stringContaining('sma-cross on AAPL, DAY_1') });
    const [, hash = ''] = /Hash +([0-9a-f]{16})$/m.exec(table.stdout) ?? [];
    expect(table.stdout).toMatch(/Closed trades +26\n/);

    const { status, stdout } = backtest([...AAPL, '--json']);
    const result = JSON.parse(stdout) as BacktestResult;
    expect([status, result.resultHash, result.status]).toEqual([0, hash, 'COMPLETED']);
    expect(await hashOfCore(result.settings)).toBe(hash);

    const page = readFileSync(report, 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain(hash);
    expect(readdirSync(csv).sort()).toEqual([
      ...['equity.csv', 'fills.csv', 'orders.csv', 'performance.csv', 'trades.csv'],
    ]);
    const fills = readFileSync(join(csv, 'fills.csv'), 'utf8').trim().split('\r\n');
    expect(fills).toHaveLength(result.fills.length + 1);
    expect(fills[1]).toMatch(/^1,2013-07-18T13:30:00\.000Z,AAPL,BUY,/);
  });

  it('says what it takes, and what a strategy takes', () => {
    const { status, stdout } = backtest(['--strategy', 'sma-cross', '--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^usage: omniquant backtest/);
    expect(stdout).toContain('--cash <amount>');
    expect(stdout).toMatch(/--set fast=<integer 1\.\.500> +Bars of the fast average \(10\)/);
  });

  it('ends with an error, and what came of it, when the strategy throws', () => {
    const { status, stderr, stdout } = backtest(['--strategy', 'failing', '--symbols', 'AAPL']);
    expect(status).toBe(1);
    expect(stdout).toContain('WARN not much longer {"symbol":"AAPL"}');
    expect(stderr).toMatch(/^omniquant: STRATEGY_THREW at 2013-\d\d-\d\dT.*division by zero$/m);
  });

  /** Starts a backtest and waits until it has said something like that. */
  async function begin(strategy: string, said: RegExp) {
    const args = [COMMAND, 'backtest', '--strategy', strategy, '--symbols', 'AAPL', '--json'];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
    const isRunning = new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        out.stderr += chunk.toString();
        if (said.test(out.stderr)) resolve();
      });
    });
    const ended = once(child, 'close');
    await Promise.race([isRunning, ended]);
    return { child, ended, out };
  }

  it('stops at once when it is told to, with the exit code of the signal', async () => {
    const { child, ended, out } = await begin('slow', /\d %/);
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    expect(out.stdout).toBe('');
    expect(out.stderr).toMatch(/omniquant: stopped by SIGINT\n$/);
  });

  it('is ended by a second Ctrl-C when the strategy never returns', async () => {
    const { child, ended } = await begin('endless', /for ever/);
    child.kill('SIGINT');
    // Two signals that wait at the same time are one.
    const again = setInterval(() => child.kill('SIGINT'), 50);
    expect((await ended)[0]).toBe(137);
    clearInterval(again);
  });

  it.each([
    [
      ['--strategy', 'sma-cros', '--symbols', 'AAPL'],
      /--strategy is "sma-cros", .*: the nearest is sma-cross$/,
    ],
    [['--strategy', 'sma-cross', '--symbols', 'APPL'], /--symbols is "APPL", .*: the nearest is AAPL$/],
    [[...AAPL, '--set', 'slwo=20'], /--set slwo is not a known option: the nearest is slow$/],
    [[...AAPL, '--set', 'slow=5000'], /--set slow must be <= 1000$/],
    [[...AAPL, '--interval', 'hour'], /--interval has to be one of .*: the nearest is HOUR_1$/],
    [[...AAPL, '--from', '2018-01-01', '--to', '2017-01-01'], /--from is 2018-01-01, which is not before to/],
    [[...AAPL, '--fees', '{"model":"PERCENTAGE","rate":"x"}'], /--fees rate has to be a decimal/],
    [[...AAPL, '--fees', '{model}'], /--fees is JSON in single quotes/],
    [[...AAPL, '--cash', 'much'], /--cash has to be a decimal above 0$/],
    [[...AAPL, '--report', '/no/such/folder/out.html'], /there is no folder/],
    [['--symbols', 'AAPL'], /^--strategy is missing\nusage: omniquant backtest/],
    [[...AAPL, '--speed', '5'], /Unknown option '--speed'/],
  ])('refuses what makes no sense, naming the option: %j', async (args, problem) => {
    const before = process.env['DATA_DIR'];
    process.env['DATA_DIR'] = folder;
    try {
      await expect(backtestCommand(args)).rejects.toMatchObject({
        name: 'UsageError',
        message: expect.stringMatching(problem),
      });
    } finally {
      if (before === undefined) delete process.env['DATA_DIR'];
      else process.env['DATA_DIR'] = before;
    }
  });
});
