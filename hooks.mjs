/**
 * Runs TypeScript as it is: `node --conditions=omniquant:source --import ./hooks.mjs file.ts`.
 * Workers and forked processes inherit both flags, so they need nothing of their own.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

import { transformSync } from '@swc/core';

import { swcOptions } from './swc.options.mjs';

registerHooks({
  load(url, context, nextLoad) {
    const path = url.split('?', 1)[0];
    if (!path.startsWith('file:') || !path.endsWith('.ts')) return nextLoad(url, context);
    const filename = fileURLToPath(path);
    const { code } = transformSync(readFileSync(filename, 'utf8'), { ...swcOptions, filename });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
