import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

import { pluginCommand } from '../../../gateway/cli/plugin/plugin-command.ts';

const COMMAND = fileURLToPath(new URL('../../../bin/omniquant.mjs', import.meta.url));

function omniquant(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnSync(process.execPath, [COMMAND, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
}

describe('the omniquant command', () => {
  it('tells how it is used when it is not', () => {
    const { status, stderr } = omniquant(['destroy']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^usage: omniquant/);
  });

  it('names a wrong setting in one line', () => {
    const { status, stderr } = omniquant(['migrate'], { PORT: 'abc' });
    expect(status).toBe(2);
    expect(stderr).toBe('omniquant: PORT is wrong: expected a number (got "abc")\n');
    expect(omniquant(['migrate'], { PORT: '70000' }).stderr).toContain('<=65535 (got "70000")');
  });

  it.each([
    [['--help'], 'usage: omniquant <command>'],
    [['migrate', '-h'], 'usage: omniquant <command>'],
    [['plugin', '--help'], 'usage: omniquant plugin <command>'],
    [['plugin', 'add', '--help'], 'usage: omniquant plugin add'],
  ] as const)('tells how it is used when it is asked: %j', (args, usage) => {
    expect(omniquant(args)).toMatchObject({ status: 0, stdout: expect.stringContaining(usage), stderr: '' });
  });

  it.each([
    [['verify', '--fast'], '--fast'],
    [['plugin', 'list', 'mine'], 'mine is one argument too many'],
    [['plugin', 'add'], 'usage: omniquant plugin add'],
  ] as const)('refuses what it does not know: %j', (args, why) => {
    expect(omniquant(args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(why) });
  });

  it.each(['create', 'add', 'test', 'enable', 'disable', 'list', 'doctor'])(
    'plugin %s refuses an option that it does not know',
    async (command) => {
      await expect(pluginCommand([command, 'name', '--fast'])).rejects.toThrow("Unknown option '--fast'");
    },
  );

  it('migrates a new database, from a folder with a space in its name, and finds its chains whole', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'omniquant cli-'));
    // As root, a folder that PostgreSQL's user cannot enter would have its data elsewhere.
    chmodSync(dataDir, 0o711);
    try {
      expect(omniquant(['migrate'], { DATA_DIR: dataDir })).toMatchObject({
        status: 0,
        stdout: 'The schema is up to date.\n',
      });
      expect(omniquant(['verify'], { DATA_DIR: dataDir })).toMatchObject({ status: 0, stdout: '' });
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
