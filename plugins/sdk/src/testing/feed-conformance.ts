import type { FeedDefinition } from '../feed.ts';
import type { ConformanceCase } from './conformance.ts';
import { ConformanceError } from './conformance/conformance-error.ts';
import {
  agreementCase,
  clockCase,
  determinismCase,
  duplicatesCase,
  historyCase,
  orderCase,
} from './feed-conformance/data-cases.ts';
import { feedConfigCase, instrumentsCase, unknownCase } from './feed-conformance/definition-cases.ts';
import { abortCase, closeCase } from './feed-conformance/end-cases.ts';
import type { FeedConformanceOptions } from './feed-conformance/feed-conformance-options.ts';
import { type FeedCase, FeedKit } from './feed-conformance/feed-kit.ts';

/** In the order of their numbers, which keep their meaning for ever. */
const CASES: readonly FeedCase[] = [
  ...[feedConfigCase, instrumentsCase, orderCase, duplicatesCase, historyCase, agreementCase],
  ...[abortCase, closeCase, unknownCase, determinismCase, clockCase],
];

/**
 * What every feed has to pass to be hosted, for any test runner. Each case opens it anew, with a storage of its own,
 * and looks at the first events of its stream. Of a live feed what depends on the minute is not compared.
 *
 * - F1 Its config is a JSON Schema of an object that takes `options.config`; it refuses `options.badConfigs`.
 * - F2 Its instruments have canonical symbols, once each, and steps above zero.
 * - F3 Its stream is of what was asked for, well-formed, and in the order of market time.
 * - F4 No bar is told as closed twice, or after a later one.
 * - F5 Its past is of closed bars, ascending, from `from` to before `to`.
 * - F6 Its past is what its stream told.
 * - F7 An abort ends stream and history promptly. F8 So does close, which leaves no timer behind.
 * - F9 A symbol or interval that it does not have is FeedError UNKNOWN_SYMBOL or UNKNOWN_INTERVAL.
 * - F10 Opened again it has the same past, and a replay the same stream.
 * - F11 Its market time does not go back, and its past is not ahead of it.
 *
 * @example
 * ```ts
 * import { test } from 'node:test';
 *
 * declare const ticks: FeedDefinition; // The package's own.
 *
 * const cases = feedConformance(ticks, { config: { url: 'ws://127.0.0.1:40001' }, badConfigs: [{ url: 'none' }] });
 * for (const { number, title, run } of cases) void test(`${number} ${title}`, run);
 * ```
 */
export function feedConformance(
  definition: FeedDefinition,
  options: FeedConformanceOptions = {},
): readonly ConformanceCase[] {
  const kit = new FeedKit(definition, options);
  return CASES.map((checked) => ({
    number: checked.number,
    title: checked.title,
    run: () => checkedRun(checked, kit),
  }));
}

async function checkedRun(checked: FeedCase, kit: FeedKit): Promise<void> {
  try {
    await checked.run(kit);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ConformanceError(checked.number, message, { cause });
  }
}
