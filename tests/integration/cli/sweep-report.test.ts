import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from '@jest/globals';

import type { SweepResult } from '../../../core/sweeps/sweep-result.ts';

const COMMAND = fileURLToPath(new URL('../../../bin/omniquant.mjs', import.meta.url));
const SEARCH = ['--strategy', 'sma-cross', '--symbols', 'AAPL', '--set', 'quantity=100', '--workers', '1'];
const SPACE = ['--space', 'fast=5,10', '--space', 'slow=20'];

describe('omniquant sweep --report', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omniquant-sweep-report-'));
  const sweep = (...args: readonly string[]) =>
    spawnSync(process.execPath, [COMMAND, 'sweep', ...SEARCH, ...args], {
      ...{ encoding: 'utf8', env: { ...process.env, DATA_DIR: join(folder, 'data') } },
    });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('writes tear sheet and tables of the best parameter set', () => {
    const [report, csv] = [join(folder, 'best.html'), join(folder, 'best')];
    const { status, stderr, stdout } = sweep(...SPACE, '--report', report, '--csv-dir', csv, '--json');
    expect([status, stderr]).toEqual([0, expect.stringContaining(`written: ${report}\n`)]);
    const [best, other] =
      (JSON.parse(stdout) as { readonly result: SweepResult }).result.search?.ranking ?? [];
    expect(best?.parameters).toMatchObject({ fast: 10, slow: 20 });
    const page = readFileSync(report, 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain(best?.resultHash);
    expect(page).not.toContain(other?.resultHash);
    expect(readdirSync(csv).sort()).toEqual(
      ['equity', 'fills', 'orders', 'performance', 'trades'].map((name) => `${name}.csv`),
    );
  });

  it.each([
    ['a folder that there is not', ['--report', '/nowhere/best.html'], '/nowhere'],
    ['a walk-forward', ['--walk-forward', 'rolling', '--train', '1y', '--test', '1y'], '--walk-forward'],
  ])('refuses %s before it begins', (_what, args, named) => {
    const report = join(folder, 'none.html');
    const { status, stderr, stdout } = sweep(...SPACE, '--report', report, ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--report');
    expect(stderr).toContain(named);
    expect(existsSync(report)).toBe(false);
  });
});
