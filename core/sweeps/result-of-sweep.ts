import { calendarOf } from '../market/calendars.ts';
import { type Annualisation, periodsPerYear } from '../performance/annualisation.ts';
import { meanOf, ratio } from '../performance/sums.ts';
import type { EvaluationSummary } from './evaluation.ts';
import { parameterImportance, type Scored, scoreGrid } from './parameter-importance.ts';
import { deflatedSharpeOf, overfittingOf } from './search-statistics.ts';
import { stitchedPerformance } from './stitched-performance.ts';
import type {
  RankedTrial,
  SearchResult,
  SweepResult,
  WalkForwardResult,
  WindowResult,
} from './sweep-result.ts';
import type { SweepSearch, Trial } from './sweep-search.ts';
import type { SweepSettings } from './sweep-settings.ts';
import type { SweepState } from './sweep-state.ts';

/** Where results are kept, by their keys; null for one that is not there. */
export type FindEvaluation = (key: string) => EvaluationSummary | null;

/** Parameter sets in a ranking, at most; all of them are with whoever keeps the results. */
export const MOST_RANKED = 100;

/** What a sweep has come to, also when it is not over. */
export function resultOfSweep(sweep: SweepState, find: FindEvaluation): SweepResult {
  const { searches, settings, windows } = sweep;
  const [only] = searches;
  if (windows === null) {
    return { search: only === undefined ? null : searchResult(only, settings, find), walkForward: null };
  }
  return { search: null, walkForward: walkForwardResult(sweep, find) };
}

type Done = Trial & { readonly score: number };

function searchResult(search: SweepSearch, settings: SweepSettings, find: FindEvaluation): SearchResult {
  const back = search.trials.filter(({ score }) => score !== undefined);
  const scored = back.filter((trial): trial is Done => trial.score !== null);
  const sign = settings.objective.direction === 'MAXIMIZE' ? 1 : -1;
  const ranked = scored.toSorted((a, b) => b.score - a.score);
  const ranking = ranked.slice(0, MOST_RANKED).flatMap((trial, index) => {
    const found = rankedTrial(trial, index + 1, sign, find);
    return found === null ? [] : [found];
  });
  const returns = back.flatMap(({ key }) => {
    const found = find(key);
    return found === null || found.performance === null ? [] : [found.returns];
  });
  const best = ranked[0] === undefined ? null : find(ranked[0].key);
  const trials: readonly Scored[] = scored;
  const importance = parameterImportance(settings.space, trials);
  return {
    evaluated: back.length,
    failed: back.length - scored.length,
    failures: countsOf(back),
    ranking,
    deflatedSharpe: best === null ? null : deflatedSharpeOf(best.returns, returns, termsOf(settings)),
    overfitting: overfittingOf(returns),
    importance,
    grid: scoreGrid(settings.space, importance, trials, sign),
  };
}

function rankedTrial(
  { key, parameters, score }: Done,
  rank: number,
  sign: 1 | -1,
  find: FindEvaluation,
): RankedTrial | null {
  const found = find(key);
  if (found === null || found.performance === null) return null;
  const { performance, resultHash } = found;
  return { rank, key, parameters, objective: score * sign, performance, resultHash };
}

function countsOf(trials: readonly Trial[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { failure } of trials) if (failure !== null) counts.set(failure, (counts.get(failure) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const termsOf = ({ backtest }: SweepSettings): Annualisation => ({
  periodsPerYear: periodsPerYear(backtest.calendar),
  riskFree: backtest.riskFree,
});

function walkForwardResult(sweep: SweepState, find: FindEvaluation): WalkForwardResult {
  const { searches, settings } = sweep;
  const { calendar, riskFree, startingCash } = settings.backtest;
  const tests = (sweep.windows ?? []).map((window, index) => {
    const task = sweep.testOf(index);
    return { window, index, evaluation: task === null ? null : find(task.key) };
  });
  const windows: readonly WindowResult[] = tests.map(({ evaluation, index, window }) => {
    const search = searchResult(searches[index]!, settings, find);
    return {
      ...window,
      search,
      best: search.ranking[0] ?? null,
      outOfSample: evaluation?.performance ?? null,
      failure: evaluation?.failure ?? null,
    };
  });
  const outOfSample = stitchedPerformance(
    tests.map(({ evaluation, window }) => ({ span: window.test, evaluation })),
    { calendar: calendarOf(calendar), startingCash, riskFree },
  );
  return { windows, outOfSample, efficiency: efficiencyOf(windows) };
}

/** R. Pardo, "The Evaluation and Optimization of Trading Strategies", 2nd edition, 2008: walk-forward efficiency. */
function efficiencyOf(windows: readonly WindowResult[]): number | null {
  const pairs = windows.flatMap(({ best, outOfSample }) => {
    const [within, without] = [best?.performance.cagr ?? null, outOfSample?.cagr ?? null];
    return within === null || without === null ? [] : [{ within, without }];
  });
  const within = meanOf(pairs.map((pair) => pair.within));
  if (within === null || within <= 0) return null;
  return ratio(meanOf(pairs.map((pair) => pair.without)), within);
}
