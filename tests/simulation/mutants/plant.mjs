/** `--import` of a process that is to run with a planted defect: MUTANT names it. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

import { transformSync } from '@swc/core';

import { swcOptions } from '../../../swc.options.mjs';
import { MUTANTS } from './mutants.ts';

const name = process.env.MUTANT ?? '';
const edits = MUTANTS[name];
if (edits === undefined) throw new Error(`there is no mutant ${name}`);

const ROOT = new URL('../../../', import.meta.url);
const waiting = new Set(edits);

/** The text of a file that a defect is planted in, else null. */
function planted(url) {
  const own = edits.filter(({ file }) => new URL(file, ROOT).href === url);
  if (own.length === 0) return null;
  let text = readFileSync(fileURLToPath(url), 'utf8');
  for (const edit of own) {
    if (text.split(edit.find).length !== 2) {
      throw new Error(`${edit.file} has changed: mend the mutant ${name}`);
    }
    text = text.replace(edit.find, () => edit.replace);
    waiting.delete(edit);
  }
  return text;
}

registerHooks({
  load(url, context, nextLoad) {
    const text = planted(url);
    if (text === null) return nextLoad(url, context);
    const { code } = transformSync(text, { ...swcOptions, filename: fileURLToPath(url) });
    return { format: 'module', source: code, shortCircuit: true };
  },
});

process.on('exit', () => {
  if (waiting.size > 0) throw new Error(`the mutant ${name} was not planted: its files were not loaded`);
});
