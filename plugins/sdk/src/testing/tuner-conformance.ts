import type { TunerDefinition } from '../tuner.ts';
import type { ConformanceCase } from './conformance.ts';
import { ConformanceError } from './conformance/conformance-error.ts';
import { endCase, idsCase, tunerConfigCase, withinSpaceCase } from './tuner-conformance/candidate-cases.ts';
import {
  againCase,
  countCase,
  failureCase,
  patienceCase,
  tunerPurityCase,
  tunerSnapshotCase,
} from './tuner-conformance/telling-cases.ts';
import type { TunerConformanceOptions } from './tuner-conformance/tuner-conformance-options.ts';
import { type TunerCase, TunerKit } from './tuner-conformance/tuner-kit.ts';

/** In the order of their numbers, which keep their meaning for ever. */
const CASES: readonly TunerCase[] = [
  ...[tunerConfigCase, withinSpaceCase, idsCase, endCase, againCase, countCase, patienceCase],
  ...[failureCase, tunerSnapshotCase, tunerPurityCase],
];

/**
 * What every tuner has to pass to lead a sweep, for any test runner. It searches small spaces for the top of a hill.
 *
 * - U1 Its config is a JSON Schema of an object that takes the defaults, or `options.config`; it refuses
 *   `options.badConfigs`.
 * - U2 Its candidates are points of the space, with all parameters.
 * - U3 Each has an id of its own, and there are never more than were asked for.
 * - U4 A search comes to an end, and stays there.
 * - U5 The same seed and scores give the same candidates, U6 however many are asked for at a time, U7 and however late
 *   they are told.
 * - U8 Failed evaluations (null), equal and very large scores do not stop it.
 * - U9 Restored from a snapshot it goes on as if nothing had been; what was not told is given out again.
 * - U10 No Date.now, Math.random, timers, fetch: they are trapped while it searches.
 *
 * @example
 * ```ts
 * import { test } from 'node:test';
 *
 * const halves = defineTuner({
 *   id: 'halves',
 *   description: 'Tries the middle of the space',
 *   config: T.Object({}),
 *   create(space) {
 *     const middle = parametersAt(space, space.dimensions.map(() => 0.5));
 *     let left = [middle];
 *     return inGenerations({
 *       next: () => left.splice(0),
 *       learn: () => undefined,
 *       save: () => left,
 *       restore: (saved) => (left = [...(saved as typeof left)]),
 *     });
 *   },
 * });
 * for (const { number, title, run } of tunerConformance(halves)) void test(`${number} ${title}`, run);
 * ```
 */
export function tunerConformance(
  definition: TunerDefinition,
  options: TunerConformanceOptions = {},
): readonly ConformanceCase[] {
  const kit = new TunerKit(definition, options);
  return CASES.map((checked) => ({
    number: checked.number,
    title: checked.title,
    run() {
      try {
        checked.run(kit);
        return Promise.resolve();
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        return Promise.reject(new ConformanceError(checked.number, message, { cause }));
      }
    },
  }));
}
