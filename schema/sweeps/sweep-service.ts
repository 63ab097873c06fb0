import type { Page } from '../../core/ports/order-reader.ts';
import type { EvaluationRow, EvaluationsWanted, SweepRow } from '../../core/ports/sweeps.ts';
import type { SweepResult } from '../../core/sweeps/sweep-result.ts';
import type { RequestContext } from '../context.ts';
import type { RunSweepInput } from './sweep.input.ts';

export type RunSweepRequest = Readonly<Pick<RunSweepInput, keyof RunSweepInput>>;

/** Sweeps of the caller's workspace; authorised as BacktestService is. */
export interface SweepService {
  /** Durable when it resolves. Throws BAD_USER_INPUT, naming the field, and RATE_LIMITED while too many are unfinished. */
  run(context: RequestContext, input: RunSweepRequest): Promise<SweepRow>;
  /** One that has ended stays as it is. */
  cancel(context: RequestContext, id: string): Promise<SweepRow>;
  find(context: RequestContext, id: string): Promise<SweepRow | null>;
  /** Newest first. */
  page(context: RequestContext, first: number, beforeId: string | null): Promise<Page<SweepRow>>;
  /** Of each sweep that has come to its end, by its id. */
  results(context: RequestContext, ids: readonly string[]): Promise<ReadonlyMap<string, SweepResult>>;
  /** Of each sweep that has some, by its id. */
  evaluations(
    context: RequestContext,
    ids: readonly string[],
    wanted: EvaluationsWanted,
  ): Promise<ReadonlyMap<string, Page<EvaluationRow>>>;
}
