import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Compares each bar with that before it, whichever symbol it was of. */
const DEPENDENT = `
import { definePlugin, defineStrategy, place, T } from '@omniquant/plugin-sdk';
const strategy = defineStrategy({
  id: 'dependent', description: 'Depends on the order of bars', config: T.Object({}), inputs: () => ({ warmup: 0 }),
  create() {
    let last = 0;
    return {
      *onBar({ symbol, close }, { portfolio }) {
        const rises = close > last;
        last = close;
        if (portfolio.orders.length > 0) return;
        const held = portfolio.position(symbol);
        if (rises && held === 0) yield place({ symbol, side: 'BUY', quantity: '1' });
        if (!rises && held > 0) yield place({ symbol, side: 'SELL', quantity: '1' });
      },
      snapshot: () => last,
      restore(snapshot) { last = snapshot; },
    };
  },
});
export default definePlugin({ name: 'dependent', version: '1.0.0', api: '^0.1.0', extensions: [strategy] });
`;

const EMPTY = `
import { definePlugin } from '@omniquant/plugin-sdk';
export default definePlugin({ name: 'empty', version: '1.0.0', api: '^0.1.0', extensions: [] });
`;

const THROWS = `throw new Error('it cannot start', { cause: new Error('no key was found') });`;

describe('omniquant plugin, of a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omniquant-folder-'));

  const omniquant = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(ROOT, 'bin/omniquant.mjs'), 'plugin', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, DATA_DIR: join(folder, 'data') },
    });
  const make = (name: string, source: string, manifest: object = {}): void => {
    mkdirSync(join(folder, name), { recursive: true });
    const all = { name, type: 'module', main: 'index.js', ...manifest };
    writeFileSync(join(folder, name, 'package.json'), JSON.stringify(all));
    writeFileSync(join(folder, name, 'index.js'), source);
  };

  beforeAll(() => {
    mkdirSync(join(folder, 'node_modules', '@omniquant'), { recursive: true });
    symlinkSync(join(ROOT, 'plugins/sdk'), join(folder, 'node_modules', '@omniquant', 'plugin-sdk'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('tests what is here by its name, and says which option a case is left out by', () => {
    make('dependent', DEPENDENT);
    const { status, stderr, stdout } = omniquant('test', 'dependent');
    expect(stdout).toMatch(/FAIL dependent S9 .*\n.*independentSymbols: false/);
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'omniquant: 1 case failed\n' });
  });

  it("runs the cases with the options of the package's package.json", () => {
    make('dependent', DEPENDENT, { omniquant: { strategyCases: { independentSymbols: false } } });
    const { status, stdout } = omniquant('test', './dependent');
    expect(stdout).toMatch(/ok +dependent S8 /);
    expect(stdout).not.toMatch(/FAIL/);
    expect(status).toBe(0);
    make('dependent', DEPENDENT, { omniquant: { strategyCases: { independantSymbols: false } } });
    expect(omniquant('test', 'dependent')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/omniquant\.strategyCases is wrong: .*independantSymbols/),
    });
  });

  it('says what caused that a plugin cannot be imported, and which module is missing', () => {
    make('throws', THROWS);
    expect(omniquant('test', 'throws').stderr).toContain(
      'importing it failed: it cannot start: no key was found',
    );
    make('needs', "import 'left-pad-of-nobody';");
    expect(omniquant('test', 'needs').stderr).toContain("Cannot find package 'left-pad-of-nobody'");
  });

  it('refuses a plugin that has nothing', () => {
    make('empty', EMPTY);
    expect(omniquant('test', 'empty')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('it has no extensions'),
    });
  });

  it('looks for what is to be added before it asks npm', () => {
    mkdirSync(join(folder, 'bare'));
    expect(omniquant('add', './nope.tgz')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`${join(folder, 'nope.tgz')} does not exist`),
    });
    expect(omniquant('add', '../nope').stderr).toContain('does not exist');
    expect(omniquant('add', './bare').stderr).toContain('has no package.json');
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('says that nothing is on the list', () => {
    for (const command of ['list', 'doctor']) {
      expect(omniquant(command)).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('There are no plugins on'),
      });
    }
  });
});
