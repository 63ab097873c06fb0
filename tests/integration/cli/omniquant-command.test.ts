import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

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
    expect(stderr).toMatch(/^omniquant: PORT [^\n]+\n$/);
  });

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
