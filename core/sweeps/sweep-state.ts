import type { Json, TunerDefinition } from '@omniquant/plugin-sdk';

import { calendarOf } from '../market/calendars.ts';
import type { EvaluationSummary, EvaluationTask } from './evaluation.ts';
import { evaluationKey, settingsHash } from './parameters-hash.ts';
import { SweepError } from './sweep-error.ts';
import type { SweepProgress } from './sweep-progress.ts';
import { type SavedSearch, SweepSearch } from './sweep-search.ts';
import type { SweepSettings } from './sweep-settings.ts';
import { type WalkForwardWindow, walkForwardWindows } from './walk-forward-windows.ts';

/** Form of the snapshots. Another one is not converted: the sweep begins anew, over the results that it has. */
const SNAPSHOT_SCHEMA = 1;

interface Snapshot {
  readonly schema: number;
  readonly settings: string;
  readonly searches: readonly SavedSearch[];
  /** Keys of the tests that were given out, and of those that have come back. */
  readonly tests: readonly (readonly [window: number, key: string, isBack: boolean])[];
}

interface Test {
  readonly task: EvaluationTask;
  isBack: boolean;
}

/**
 * A sweep as a state machine: it says which runs it wants, and is told what came of them, by whoever does them.
 *
 *   for (let tasks = sweep.ask(8); !sweep.isOver; tasks = sweep.ask(8)) for (const task of tasks) sweep.tell(await run(task));
 *
 * Without a walk-forward it is one search; with one it is a search for each window, and the test of its best after it.
 *
 * Invariants
 * - What it wants, and what comes of it, is a function of the settings, the code of the tuner and the runs: not of the
 *   number of workers, nor of the order in which runs come back.
 * - Between any two calls a snapshot holds all of it: what comes after `restore` is as if nothing had been.
 * - A new sweep that is told the same results by their keys comes to the same state.
 */
export class SweepState {
  readonly settings: SweepSettings;
  /** Null for a sweep without a walk-forward. */
  readonly windows: readonly WalkForwardWindow[] | null;
  readonly searches: readonly SweepSearch[];
  private readonly tuner: TunerDefinition;
  private readonly tests = new Map<number, Test>();

  /**
   * Throws SweepError BAD_USER_INPUT for windows that cannot be, SearchSpaceError for a space that the tuner cannot search,
   * and SweepError TUNER_FAILED.
   */
  constructor(settings: SweepSettings, tuner: TunerDefinition) {
    this.settings = settings;
    this.tuner = tuner;
    this.windows = windowsOf(settings);
    this.searches = openSearches(settings, tuner, this.windows, null);
  }

  /** Throws SweepError SNAPSHOT_MISMATCH for a snapshot of another sweep. */
  static restore(settings: SweepSettings, tuner: TunerDefinition, snapshot: Json): SweepState {
    const saved = snapshot as unknown as Snapshot | null;
    if (typeof saved !== 'object' || saved?.schema !== SNAPSHOT_SCHEMA) {
      throw new SweepError('SNAPSHOT_MISMATCH', 'the snapshot is none of this version: begin the sweep anew');
    }
    if (saved.settings !== settingsHash(settings)) {
      throw new SweepError('SNAPSHOT_MISMATCH', 'the snapshot is of a sweep with other settings');
    }
    const state = new SweepState(settings, tuner);
    const searches = openSearches(settings, tuner, state.windows, saved.searches);
    Object.assign(state, { searches });
    for (const [window, key, isBack] of saved.tests) {
      const task = state.testOf(window);
      if (task?.key === key) state.tests.set(window, { task, isBack });
    }
    return state;
  }

  /** All runs have come back. Found out by asking: while it is false, `ask` or `tell` is due. */
  get isOver(): boolean {
    return (
      this.searches.every(({ isOver }) => isOver) &&
      this.searches.every((_, window) => this.windows === null || this.isTested(window))
    );
  }

  /**
   * At most that many runs that were not given out before, in an order of its own. None means that others have to come
   * back first, or that the sweep is over.
   */
  ask(count: number): readonly EvaluationTask[] {
    const tasks: EvaluationTask[] = [];
    for (const [window, search] of this.searches.entries()) {
      if (tasks.length >= count) break;
      tasks.push(...search.ask(count - tasks.length));
      const test = tasks.length < count ? this.giveTest(window) : null;
      if (test !== null) tasks.push(test);
    }
    return tasks;
  }

  /** What came of a run, in any order; one that is known or that nobody asked for is passed over, and says false. */
  tell(evaluation: EvaluationSummary): boolean {
    const test = [...this.tests.values()].find(({ task }) => task.key === evaluation.key);
    if (test !== undefined) {
      const isNews = !test.isBack;
      test.isBack = true;
      return isNews;
    }
    return this.searches.some((search) => search.tell(evaluation));
  }

  /** What was given out and has not come back: to be done again where nobody does it any more. */
  outstanding(): readonly EvaluationTask[] {
    return [
      ...this.searches.flatMap((search) =>
        search.trials.filter(({ score }) => score === undefined).map((trial) => search.taskOf(trial)),
      ),
      ...[...this.tests.values()].filter(({ isBack }) => !isBack).map(({ task }) => task),
    ];
  }

  progress(): SweepProgress {
    const { settings, tuner } = this;
    const trials = this.searches.flatMap((search) => search.trials);
    const back = trials.filter(({ score }) => score !== undefined);
    const tests = [...this.tests.values()];
    const tested = tests.filter(({ isBack }) => isBack).length;
    const ofOne = tuner.candidates?.(settings.space, settings.tuner.config) ?? null;
    const isKnown = ofOne !== null && Number.isFinite(ofOne);
    const settled = this.searches.reduce((sum, { counts }) => sum + counts.candidates - counts.open, 0);
    const ofTests = this.windows?.length ?? 0;
    return {
      evaluated: back.length + tested,
      failed: back.filter(({ score }) => score === null).length,
      outstanding: trials.length - back.length + tests.length - tested,
      settled: settled + tested,
      expected: isKnown ? ofOne * this.searches.length + ofTests : null,
    };
  }

  /** The test of a window: null while its search goes on, and where the search has found nothing. */
  testOf(window: number): EvaluationTask | null {
    const search = this.searches[window];
    const span = this.windows?.[window]?.test;
    if (span === undefined || search?.isOver !== true) return null;
    const best = search.best();
    if (best === null) return null;
    const { parameters } = best;
    return { key: evaluationKey('TEST', parameters, span), parameters, ...span, window, stage: 'TEST' };
  }

  /** JSON. */
  snapshot(): Json {
    const saved: Snapshot = {
      schema: SNAPSHOT_SCHEMA,
      settings: settingsHash(this.settings),
      searches: this.searches.map((search) => search.save()),
      tests: [...this.tests].map(([window, { isBack, task }]) => [window, task.key, isBack]),
    };
    return saved as unknown as Json;
  }

  private giveTest(window: number): EvaluationTask | null {
    const task = this.tests.has(window) ? null : this.testOf(window);
    if (task !== null) this.tests.set(window, { task, isBack: false });
    return task;
  }

  private isTested(window: number): boolean {
    return this.searches[window]?.best() === null || this.tests.get(window)?.isBack === true;
  }
}

const windowsOf = ({ backtest, walkForward }: SweepSettings): readonly WalkForwardWindow[] | null =>
  walkForward === null ? null : walkForwardWindows(backtest, walkForward, calendarOf(backtest.calendar));

const openSearches = (
  settings: SweepSettings,
  tuner: TunerDefinition,
  windows: readonly WalkForwardWindow[] | null,
  saved: readonly SavedSearch[] | null,
): readonly SweepSearch[] => {
  const { from, to } = settings.backtest;
  const places =
    windows === null
      ? [{ from, to, window: null }]
      : windows.map(({ train }, window) => ({ ...train, window }));
  return places.map((place, index) => new SweepSearch(settings, tuner, place, saved?.[index] ?? null));
};
