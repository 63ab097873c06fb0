import { BAR_INTERVALS } from '@omniquant/plugin-sdk';
import type { StrategyConformanceOptions } from '@omniquant/plugin-sdk/testing';
import { z } from 'zod';

import { UsageError } from '../usage-error.ts';
import { manifestOf } from './plugin-manifest.ts';

/** The kit's options as far as JSON can say them. */
const strategyCases = z.strictObject({
  config: z.record(z.string(), z.unknown()).optional(),
  symbols: z.array(z.string().min(1)).min(1).optional(),
  interval: z.enum(BAR_INTERVALS).optional(),
  seed: z.string().optional(),
  bars: z.int().min(1).max(100_000).optional(),
  independentSymbols: z.boolean().optional(),
  mostEffects: z.int().min(1).optional(),
  onStop: z
    .strictObject({ cancelsOrders: z.boolean().optional(), closesPositions: z.boolean().optional() })
    .optional(),
  mayBeIdle: z.boolean().optional(),
});

/**
 * What the cases of a package's strategies run with, as its package.json says:
 * `"omniquant": { "strategyCases": { "independentSymbols": false } }`. Throws UsageError naming the field that is
 * wrong.
 * @param specifier Of the plugin's module: a package name, or a file URL.
 */
export function strategyCasesOf(specifier: string): StrategyConformanceOptions {
  const parsed = strategyCases.safeParse(manifestOf(specifier)?.manifest.omniquant?.strategyCases ?? {});
  if (parsed.success) {
    // What is left out has to be absent, for the kit's own defaults.
    return JSON.parse(JSON.stringify(parsed.data)) as StrategyConformanceOptions;
  }
  const [issue] = parsed.error.issues;
  const field = ['omniquant', 'strategyCases', ...(issue?.path ?? [])].join('.');
  throw new UsageError(`package.json of ${specifier}: ${field} is wrong: ${issue?.message ?? ''}`);
}
