import type { Json } from './strategy-effects.ts';
import type { Candidate, Tuner } from './tuner.ts';

/**
 * A search that learns from whole generations: what {@link inGenerations} makes a tuner of.
 * @see {@link inGenerations}
 */
export interface GenerationSearch {
  /** Parameters of the next generation; none ends the search. Called when the one before has been learnt from. */
  next(): readonly Candidate['parameters'][];
  /** The scores of the generation, in its order; null where the evaluation failed. */
  learn(scores: readonly (number | null)[]): void;
  /** All that it goes on from, as JSON; also between `next` and `learn`. */
  save(): Json;
  restore(saved: Json): void;
}

type Saved = {
  readonly given: number;
  readonly generation: readonly Candidate['parameters'][];
  readonly scores: readonly (number | null)[];
  readonly isOver: boolean;
  readonly search: Json;
};

/**
 * A tuner of a search in generations: it keeps what was given out and told, so that the search has neither to care for
 * how many candidates are asked for at a time nor for those that are given out again. Candidates are numbered from "1".
 * @example
 * ```ts
 * export const coins = defineTuner({
 *   id: 'coins', description: 'Keeps what was best of each pair', config: T.Object({ rounds: T.Integer({ default: 20 }) }),
 *   create(space, { rounds }, ctx) {
 *     let best = 0.5;
 *     let pair: number[] = [];
 *     let round = 0;
 *     return inGenerations({
 *       next() {
 *         pair = round < rounds ? [best, ctx.random()] : [];
 *         round += 1;
 *         return pair.map((place) => parametersAt(space, [place]));
 *       },
 *       learn([kept = null, tried = null]) {
 *         if (tried !== null && (kept === null || tried > kept)) best = pair[1] ?? best;
 *       },
 *       save: () => ({ best, pair, round }),
 *       restore(saved) {
 *         ({ best, pair, round } = saved as { best: number; pair: number[]; round: number });
 *       },
 *     });
 *   },
 * });
 * ```
 */
export function inGenerations(search: GenerationSearch): Tuner {
  let generation: readonly Candidate['parameters'][] = [];
  let scores: (number | null)[] = [];
  /** Of the generation. */
  let asked = 0;
  /** Of generations before. */
  let given = 0;
  let isOver = false;

  const candidate = (parameters: Candidate['parameters'], place: number): Candidate => ({
    id: String(given + place + 1),
    parameters,
  });

  function begin(): void {
    given += generation.length;
    generation = search.next();
    scores = [];
    asked = 0;
    isOver = generation.length === 0;
  }

  return {
    ask(count) {
      if (!isOver && scores.length === generation.length) begin();
      const from = asked;
      asked = Math.min(generation.length, asked + count);
      return generation.slice(from, asked).map((parameters, index) => candidate(parameters, from + index));
    },
    tell(id, score) {
      const expected = String(given + scores.length + 1);
      if (scores.length === asked || id !== expected) {
        throw new Error(`candidate ${id} was told, and it was the turn of ${expected}`);
      }
      scores.push(score);
      if (scores.length === generation.length) search.learn(scores);
    },
    snapshot: () =>
      ({ given, generation, scores: [...scores], isOver, search: search.save() }) satisfies Saved,
    restore(snapshot) {
      const saved = snapshot as Saved;
      ({ generation, given, isOver } = saved);
      scores = [...saved.scores];
      asked = scores.length;
      search.restore(saved.search);
    },
  };
}
