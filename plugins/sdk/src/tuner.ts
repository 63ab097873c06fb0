import type { Static, TSchema } from '@sinclair/typebox';

import type { SearchSpace } from './search-space.ts';
import type { Json } from './strategy-effects.ts';

/**
 * Parameters to be tried.
 * @see {@link defineTuner}
 */
export interface Candidate {
  /** Unique in its search. */
  readonly id: string;
  /** As the schema of the space has them, fixed ones included. */
  readonly parameters: Readonly<Record<string, Json>>;
}

/**
 * A search under way, by asking and telling. Any number of workers may evaluate candidates; the result does not
 * depend on how many, as long as the tuner keeps to this:
 *
 * - Candidates come in generations of the tuner's own size. Which they are depends on its config, its seed and the
 *   scores of earlier generations, and not on how many are asked for at a time.
 * - While one of a generation has not been told, the next generation is not given out: `ask` then answers with
 *   none, which means "later". None while all have been told is the end of the search.
 * - The host tells scores in the order in which candidates were given out, whichever was ready first.
 * @example
 * ```ts
 * declare function evaluate(parameters: Candidate['parameters']): number;
 *
 * function search(tuner: Tuner): void {
 *   for (let candidates = tuner.ask(8); candidates.length > 0; candidates = tuner.ask(8)) {
 *     for (const { id, parameters } of candidates) tuner.tell(id, evaluate(parameters));
 *   }
 * }
 * ```
 */
export interface Tuner {
  /** At most `count` candidates, from 1, in the order of the search. */
  ask(count: number): readonly Candidate[];
  /** What came of a candidate: the higher the better, finite; null when its evaluation failed. Each is told once. */
  tell(id: string, score: number | null): void;
  /** All that it goes on from, as JSON, candidates that were given out and not told included. */
  snapshot(): Json;
  /**
   * Called right after `create` with what `snapshot` gave: what comes then is as if nothing had been. Candidates
   * that were given out and not told are given out again, by the same ids.
   */
  restore(snapshot: Json): void;
}

/**
 * All that a tuner may use besides its space and config: the same seed gives the same candidates.
 * @see {@link defineTuner}
 */
export interface TunerContext {
  /** In [0, 1), from the seed of the search; where it stands is part of what the host keeps. */
  random(): number;
}

/**
 * A tuner extension: its parameters, and how a search over a space begins.
 * @see {@link defineTuner}
 */
export interface TunerDefinition<S extends TSchema = TSchema> {
  readonly kind: 'tuner';
  /** e.g. "random-search". */
  readonly id: string;
  readonly description: string;
  /** JSON Schema of its own parameters, such as how many candidates it tries. */
  readonly config: S;
  /** What is wrong with parameters that the schema lets pass; null when nothing is. */
  check?(config: Static<S>): { readonly field: string; readonly message: string } | null;
  /** How many candidates a search gives out, for its progress; left out, and null, when that cannot be said. */
  candidates?(space: SearchSpace, config: Static<S>): number | null;
  /** Begins a search; also one that is restored, right after. */
  create(space: SearchSpace, config: Static<S>, ctx: TunerContext): Tuner;
}

/**
 * Declares a tuner extension: a search for the parameters of a strategy, a model or an optimizer that score best.
 * @returns The definition, frozen, for the `extensions` of a plugin.
 * @example
 * ```ts
 * export const randomSearch = defineTuner({
 *   id: 'random-search', description: 'Tries parameters drawn at random',
 *   config: T.Object({ trials: T.Integer({ minimum: 1, default: 100 }) }),
 *   create(space, { trials }, ctx) {
 *     let drawn = 0;
 *     let untold: readonly Candidate[] = [];
 *     let again: readonly Candidate[] = [];
 *     const draw = (): Candidate => ({
 *       id: String((drawn += 1)),
 *       parameters: parametersAt(space, space.dimensions.map(() => ctx.random())),
 *     });
 *     return {
 *       ask(count) {
 *         const old = again.slice(0, count);
 *         again = again.slice(count);
 *         const fresh = Array.from({ length: Math.min(count - old.length, trials - drawn) }, draw);
 *         untold = [...untold, ...fresh];
 *         return [...old, ...fresh];
 *       },
 *       tell: (id) => void (untold = untold.filter((candidate) => candidate.id !== id)),
 *       snapshot: () => JSON.stringify({ drawn, untold }),
 *       restore: (saved) => {
 *         ({ drawn, untold } = JSON.parse(String(saved)) as { drawn: number; untold: Candidate[] });
 *         again = untold;
 *       },
 *     };
 *   },
 * });
 * ```
 */
export function defineTuner<S extends TSchema>(
  definition: Omit<TunerDefinition<S>, 'kind'>,
): TunerDefinition<S> {
  return Object.freeze({ kind: 'tuner' as const, ...definition });
}
