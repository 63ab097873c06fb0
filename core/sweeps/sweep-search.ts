import {
  type Candidate,
  type Json,
  SearchSpaceError,
  type Tuner,
  type TunerDefinition,
} from '@omniquant/plugin-sdk';
import { Random, type RandomState } from '@omniquant/plugin-sdk/random';

import type { EvaluationSummary, EvaluationTask, Parameters } from './evaluation.ts';
import { scoreOf } from './objective.ts';
import { evaluationKey } from './parameters-hash.ts';
import { SweepError } from './sweep-error.ts';
import type { SweepSettings } from './sweep-settings.ts';
import type { Span } from './walk-forward-windows.ts';

/** A different parameter set of a search. */
export interface Trial {
  readonly key: string;
  readonly parameters: Parameters;
  /** Undefined while it has not come back; null without a score. */
  readonly score: number | null | undefined;
  /** Why it has none. */
  readonly failure: string | null;
}

interface Asked {
  readonly id: string;
  readonly key: string;
}

export interface SavedSearch {
  readonly tuner: Json;
  readonly random: RandomState;
  /** Given out by the tuner and not told to it, in their order. */
  readonly asked: readonly Asked[];
  readonly trials: readonly Trial[];
  readonly candidates: number;
  readonly isOver: boolean;
}

/** Where the search stands among those of its sweep. */
export interface SearchPlace extends Span {
  readonly window: number | null;
}

/** Candidates of one search: a tuner that gives the same few for ever has to end, too. */
const MOST_CANDIDATES = 1_000_000;

/** Failures by name that are none of a run: it came to its end and is no good. */
const NO_SCORE = 'NO_SCORE';

/**
 * A tuner that is asked and told, over one span.
 *
 * Invariants
 * - The tuner is told in the order in which it gave out, whichever came back first.
 * - Equal parameters are run once: the second time the score is known at once.
 * - What it asks for next is a function of the settings and the scores, not of when they came or how many were asked for.
 */
export class SweepSearch {
  readonly place: SearchPlace;
  private readonly settings: SweepSettings;
  private readonly tuner: Tuner;
  private readonly random: Random;
  private readonly asked: Asked[] = [];
  private readonly ids = new Set<string>();
  private readonly known = new Map<string, Trial>();
  private candidates = 0;
  private over = false;

  /** Throws SearchSpaceError for a space that the tuner cannot search, SweepError TUNER_FAILED for one that throws. */
  constructor(
    settings: SweepSettings,
    tuner: TunerDefinition,
    place: SearchPlace,
    saved: SavedSearch | null,
  ) {
    this.settings = settings;
    this.place = place;
    const random = Random.fromSeed('sweep', settings.seed, place.window ?? -1);
    this.random = random;
    this.tuner = guarded(() =>
      tuner.create(settings.space, settings.tuner.config, { random: () => random.fraction() }),
    );
    if (saved !== null) this.restore(saved);
  }

  /** All have come back, and there will be no others; that is found out by asking. */
  get isOver(): boolean {
    return this.over;
  }

  /** In the order in which they were first given out. */
  get trials(): readonly Trial[] {
    return [...this.known.values()];
  }

  /** Candidates that were given out, and those of them whose score is not known. */
  get counts(): { readonly candidates: number; readonly open: number } {
    const open = this.asked.filter(({ key }) => this.known.get(key)?.score === undefined).length;
    return { candidates: this.candidates, open };
  }

  /** At most that many runs that were not given out before; none means later, or never. */
  ask(count: number): readonly EvaluationTask[] {
    const tasks: EvaluationTask[] = [];
    while (!this.over && tasks.length < count) {
      const given = guarded(() => this.tuner.ask(count - tasks.length));
      if (given.length === 0) {
        this.over = this.asked.length === 0;
        break;
      }
      for (const candidate of given) {
        const task = this.take(candidate);
        if (task !== null) tasks.push(task);
      }
      this.settle();
    }
    return tasks;
  }

  /** Takes a result, in any order; one that is not waited for is passed over. */
  tell(evaluation: EvaluationSummary): boolean {
    const { key, performance } = evaluation;
    const trial = this.known.get(key);
    if (trial?.score !== undefined || trial === undefined) return false;
    const score = performance === null ? null : scoreOf(performance, this.settings.objective);
    const failure = score === null ? (evaluation.failure?.code ?? NO_SCORE) : null;
    this.known.set(key, { ...trial, score, failure });
    this.settle();
    return true;
  }

  /** The best up to now; of equal ones that which was tried first. */
  best(): Trial | null {
    let best: Trial | null = null;
    for (const trial of this.known.values()) {
      if (typeof trial.score !== 'number') continue;
      if (best === null || trial.score > (best.score ?? -Infinity)) best = trial;
    }
    return best;
  }

  taskOf({ key, parameters }: Pick<Trial, 'key' | 'parameters'>): EvaluationTask {
    const { from, to, window } = this.place;
    return { key, parameters, from, to, window, stage: 'TRAIN' };
  }

  save(): SavedSearch {
    return {
      tuner: guarded(() => this.tuner.snapshot()),
      random: this.random.state(),
      asked: [...this.asked],
      trials: this.trials,
      candidates: this.candidates,
      isOver: this.over,
    };
  }

  private restore({ asked, candidates, isOver, random, trials, tuner }: SavedSearch): void {
    guarded(() => {
      this.tuner.restore(tuner);
    });
    this.random.setState(random);
    for (const trial of trials) this.known.set(trial.key, trial);
    this.candidates = candidates;
    this.over = isOver;
    if (asked.length === 0) return;
    const again = guarded(() => this.tuner.ask(asked.length));
    if (again.map(({ id }) => id).join() !== asked.map(({ id }) => id).join()) {
      throw failed('gave out others after it was restored than those that it had not been told of');
    }
    this.asked.push(...asked);
    for (const { id } of asked) this.ids.add(id);
  }

  /** Null for parameters that are known already. */
  private take({ id, parameters }: Candidate): EvaluationTask | null {
    if (this.ids.has(id)) throw failed(`gave out ${JSON.stringify(id)} twice`);
    this.candidates += 1;
    if (this.candidates > MOST_CANDIDATES) {
      throw failed(`gave out more than ${String(MOST_CANDIDATES)} candidates: give it fewer trials`);
    }
    const key = evaluationKey('TRAIN', parameters, this.place);
    this.asked.push({ id, key });
    this.ids.add(id);
    if (this.known.has(key)) return null;
    const trial: Trial = { key, parameters, score: undefined, failure: null };
    this.known.set(key, trial);
    return this.taskOf(trial);
  }

  /** Tells the tuner of those whose turn it is. */
  private settle(): void {
    for (let next = this.asked[0]; next !== undefined; next = this.asked[0]) {
      const score = this.known.get(next.key)?.score;
      if (score === undefined) return;
      const { id } = next;
      guarded(() => {
        this.tuner.tell(id, score);
      });
      this.asked.shift();
      this.ids.delete(id);
    }
  }
}

const failed = (what: string, cause?: unknown): SweepError =>
  new SweepError('TUNER_FAILED', `the tuner ${what}`, null, { cause });

/** What the tuner throws is its own fault, but for a space that it says it cannot search. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof SearchSpaceError) throw cause;
    throw failed(`threw ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}
