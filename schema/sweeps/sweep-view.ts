import type { Page } from '../../core/ports/order-reader.ts';
import type { EvaluationRow, EvaluationsWanted, SweepRow } from '../../core/ports/sweeps.ts';
import type { RankedTrial, SearchResult, SweepResult, WindowResult } from '../../core/sweeps/sweep-result.ts';
import type { SweepSettings } from '../../core/sweeps/sweep-settings.ts';
import { badInput } from '../errors/api-error.ts';
import { toConnection } from '../pagination/connection.ts';
import { cursorFormat } from '../pagination/cursor.ts';
import type {
  Sweep,
  SweepBest,
  SweepConnection,
  SweepEvaluation,
  SweepEvaluationConnection,
} from './sweep.type.ts';
import type { WalkForward, WalkForwardWindow } from './walk-forward.type.ts';

const SWEEPS = cursorFormat<[id: string]>('sweep', ['string']);
/** The score as text, which gives back the very number; empty for none. */
const EVALUATIONS = cursorFormat<[score: string, position: number]>('sweep evaluation', ['string', 'number']);

/** Id of the sweep that a cursor stands for. Throws BAD_USER_INPUT for what is none. */
export const sweepOf = (cursor: string): string => SWEEPS.decode(cursor)[0];

/** Place of the evaluation that a cursor stands for. Throws BAD_USER_INPUT for what is none. */
export function evaluationOf(cursor: string): NonNullable<EvaluationsWanted['after']> {
  const [text, position] = EVALUATIONS.decode(cursor);
  const score = text === '' ? null : Number(text);
  if (score !== null && !Number.isFinite(score)) throw badInput('This is no cursor of this list.', 'after');
  return { score, position };
}

/** What the resolvers of its fields need besides. */
export interface SweepNode extends Sweep {
  readonly leading: SweepRow['leading'];
}

export const toSweep = (row: SweepRow): SweepNode => ({
  ...{ id: row.id, status: row.status, settings: row.settings, leading: row.leading },
  ...{ evaluated: row.evaluated, failed: row.failed, total: row.total, etaSeconds: row.etaSeconds },
  ...{ createdAt: row.createdAt, startedAt: row.startedAt, finishedAt: row.finishedAt },
  ...{ error: problemOf(row.error), resultHash: row.resultHash },
});

export const toSweepConnection = (page: Page<SweepRow>): SweepConnection =>
  toConnection(page, toSweep, ({ id }) => SWEEPS.encode(id));

const problemOf = (error: { readonly code: string; readonly message: string } | null): string | null =>
  error === null ? null : `${error.code}: ${error.message}`;

/** The score is the higher the better; the figure may be the less the better. */
const figureOf = (score: number, settings: Sweep['settings']): number =>
  (settings as unknown as SweepSettings).objective.direction === 'MINIMIZE' ? -score : score;

export const isWalkForward = ({ settings }: Pick<Sweep, 'settings'>): boolean =>
  (settings as unknown as SweepSettings).walkForward !== null;

/** What is best while the sweep runs, of which nobody can say yet how much is luck. */
export const leadingOf = ({ leading, settings }: SweepNode): SweepBest | null =>
  leading && {
    ...{ parameters: leading.parameters, performance: leading.performance },
    objective: figureOf(leading.score, settings),
    ...{ resultHash: leading.resultHash, deflatedSharpe: null, probabilityOfOverfitting: null },
  };

export const bestOf = ({ search }: SweepResult): SweepBest | null => {
  const best = search?.ranking[0];
  return search === null || best === undefined ? null : toBest(best, search);
};

const toBest = (
  { objective, parameters, performance, resultHash }: RankedTrial,
  { deflatedSharpe, overfitting }: SearchResult,
): SweepBest => ({
  ...{ parameters, objective, performance, resultHash },
  deflatedSharpe: deflatedSharpe?.probability ?? null,
  probabilityOfOverfitting: overfitting?.probability ?? null,
});

export const walkForwardOf = ({ walkForward }: SweepResult): WalkForward | null =>
  walkForward && {
    windows: walkForward.windows.map(toWindow),
    outOfSample: walkForward.outOfSample.performance,
    ...{ trades: walkForward.outOfSample.trades, efficiency: walkForward.efficiency },
  };

const toWindow = ({ best, failure, outOfSample, search, test, train }: WindowResult): WalkForwardWindow => ({
  ...{ trainFrom: train.from, trainTo: train.to, testFrom: test.from, testTo: test.to },
  best: best === null ? null : toBest(best, search),
  ...{ outOfSample, error: problemOf(failure) },
});

export const toEvaluationConnection = (
  page: Page<EvaluationRow>,
  settings: Sweep['settings'],
): SweepEvaluationConnection =>
  toConnection(
    page,
    ({ score, summary, task }): SweepEvaluation => ({
      ...{ key: task.key, parameters: task.parameters, from: task.from, to: task.to },
      ...{ stage: task.stage, window: task.window, performance: summary.performance },
      objective: score === null ? null : figureOf(score, settings),
      ...{ error: problemOf(summary.failure), resultHash: summary.resultHash },
    }),
    ({ position, score }) => EVALUATIONS.encode(score === null ? '' : String(score), position),
  );
