import type { StrategyDefinition } from '../strategy.ts';
import { configCase } from './conformance/config-case.ts';
import { ConformanceError } from './conformance/conformance-error.ts';
import type { StrategyConformanceOptions } from './conformance/conformance-options.ts';
import { Kit, type KitCase } from './conformance/kit.ts';
import { actsCase, gapsCase, warmupCase } from './conformance/market-cases.ts';
import { purityCase } from './conformance/purity-case.ts';
import { lookAheadCase, repeatCase, restoreCase, tiesCase } from './conformance/repeat-cases.ts';
import { snapshotCase } from './conformance/snapshot-case.ts';
import { stopCase } from './conformance/stop-case.ts';
import { effectsCase, partsCase, refusalsCase } from './conformance/venue-cases.ts';

/** In the order of their numbers, which keep their meaning for ever. */
const CASES: readonly KitCase[] = [
  ...[configCase, repeatCase, restoreCase, lookAheadCase, snapshotCase, gapsCase, refusalsCase, partsCase],
  ...[tiesCase, effectsCase, purityCase, stopCase, warmupCase, actsCase],
];

/**
 * One numbered case of a kit, for a test runner to run.
 *
 * @see {@link strategyConformance}
 */
export interface ConformanceCase {
  /** "S1", "O1" and so on. */
  readonly number: string;
  readonly title: string;
  /** Rejects with {@link ConformanceError} when the extension does not pass. */
  run(): Promise<void>;
}

/**
 * What every strategy has to pass to be run by a gateway, for any test runner. The strategy is run over seeded
 * random walks of hours in two symbols; the options say otherwise where it needs others.
 *
 * - S1 Its config is a JSON Schema of an object that takes the defaults, or `options.config`.
 * - S2 Two runs over the same bars give the same effects.
 * - S3 Saved through JSON and restored after every input it has the same effects. One without `snapshot` and
 *   `restore` is warmed up anew instead, as by a gateway.
 * - S4 What it does up to a bar is the same with the future cut off, there, or another.
 * - S5 Its snapshot is JSON, below 256 KB, and after 4n bars at most 1.5 times as large as after n, and 256 bytes.
 * - S6 Missing bars, a long halt, and a market that stands still do not stop it.
 * - S7 With every order rejected or denied it goes on, with at most `options.mostEffects` (20) effects for each
 *   symbol from one bar to the next.
 * - S8 The same with fills in parts, and with orders that the venue cancels.
 * - S9 The order of bars that end together does not matter. Not with `options.independentSymbols: false`.
 * - S10 No order that is none, no open order's name for another, no symbol that it was not given, no cancel or
 *   replace of what was never placed.
 * - S11 No Date.now, new Date(), Math.random, performance.now, crypto, timers, fetch: they are trapped while
 *   its code runs, and put back after it.
 * - S12 `onStop` leaves nothing open that `options.onStop` says it closes.
 * - S13 It takes its warm-up, and bars of a market without one.
 * - S14 It has effects on the kit's bars, without which the other cases mean nothing. Not with
 *   `options.mayBeIdle: true`.
 *
 * @example
 * ```ts
 * import { test } from 'node:test';
 *
 * const buyDips = defineStrategy({
 *   id: 'buy-dips',
 *   description: 'Holds what has fallen until it rises',
 *   config: T.Object({ quantity: T.String({ default: '1' }) }),
 *   create: ({ quantity }) => ({
 *     *onBar(bar, { portfolio }) {
 *       const isFlat = portfolio.position(bar.symbol) === 0;
 *       if (isFlat && bar.close < bar.open) yield place({ symbol: bar.symbol, side: 'BUY', quantity });
 *       if (!isFlat && bar.close > bar.open) yield close(bar.symbol);
 *     },
 *   }),
 * });
 * for (const { number, title, run } of strategyConformance(buyDips)) void test(`${number} ${title}`, run);
 * ```
 */
export function strategyConformance(
  definition: StrategyDefinition,
  options: StrategyConformanceOptions = {},
): readonly ConformanceCase[] {
  const kit = new Kit(definition, options);
  return CASES.filter(({ appliesTo }) => appliesTo?.(options) ?? true).map((checked) => ({
    number: checked.number,
    title: checked.title,
    run: () => checkedRun(checked, kit),
  }));
}

async function checkedRun(checked: KitCase, kit: Kit): Promise<void> {
  try {
    await kit.open();
    checked.run(kit);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ConformanceError(checked.number, message, { cause });
  }
}
