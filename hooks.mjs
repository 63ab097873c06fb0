/**
 * Runs TypeScript as it is: `node --conditions=omniquant:source --import ./hooks.mjs file.ts`.
 * Workers and forked processes inherit both flags, so they need nothing of their own.
 */
import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';

import { swcOptions } from './swc.options.mjs';

const require = createRequire(import.meta.url);
const cache = fileURLToPath(new URL('node_modules/.cache/', import.meta.url));
// What V8 has compiled is kept, and later starts take less time. Where the folder cannot be written there is no cache.
enableCompileCache(`${cache}compiled`);

const translated = `${cache}translated`;
const { version } = require('@swc/core/package.json');
/** Ends every kept file: one that was cut short by a loss of power is not used. */
const WHOLE = '\n// whole';
const translation = JSON.stringify([version, swcOptions]);

/** JavaScript of a source; what was translated before is read, as that takes a fifth of the time. */
function translate(filename) {
  const source = readFileSync(filename, 'utf8');
  const kept = `${translated}/${hash('sha1', translation + filename + source)}.js`;
  try {
    const code = readFileSync(kept, 'utf8');
    if (code.endsWith(WHOLE)) return code;
  } catch {
    // It has changed, or it is read for the first time.
  }
  const { code } = require('@swc/core').transformSync(source, { ...swcOptions, filename });
  try {
    mkdirSync(translated, { recursive: true });
    const draft = `${kept}.${process.pid}-${threadId}`;
    writeFileSync(draft, code + WHOLE);
    renameSync(draft, kept);
  } catch {
    // Translated again the next time.
  }
  return code;
}

registerHooks({
  load(url, context, nextLoad) {
    const path = url.split('?', 1)[0];
    if (!path.startsWith('file:') || !path.endsWith('.ts')) return nextLoad(url, context);
    return { format: 'module', source: translate(fileURLToPath(path)), shortCircuit: true };
  },
});
