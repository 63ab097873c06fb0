import type { Json } from '@omniquant/plugin-sdk';
import type { PoolClient } from 'pg';

import type { EvaluationSummary, EvaluationTask } from '../../../core/sweeps/evaluation.ts';
import { inTransaction } from '../background-transaction.ts';
import type { AddJob, SweepJob } from '../backtests/job-queue.ts';
import type { ConnectionPool } from '../connection-pool.ts';
import { addTicket, lockSweep, type SweepTicket } from './sweep-tickets.ts';
import { type ClaimedTurn, claimTurn } from './sweep-turns.ts';

/** What came of a task. */
export interface DoneTask {
  readonly position: number;
  readonly task: EvaluationTask;
  readonly summary: EvaluationSummary;
  /** As the search is told; null for one that failed, and for a test. */
  readonly score: number | null;
}

/** What the search wants next. */
export interface NextTurn {
  /** The search from then on. */
  readonly state: Json;
  readonly tasks: readonly EvaluationTask[];
  /** Evaluations in all; null where the search cannot say. */
  readonly total: number | null;
}

/** What comes of sweeps, as those write it that work on them. A run that has no say any more writes nothing. */
export interface SweepResults {
  /**
   * Stores what came of tasks of the run; each is stored once, whoever does it. With the last one that was given out comes
   * the turn, which is the run's to take. Null when the run has no say any more.
   */
  store(
    ticket: SweepTicket,
    runId: string,
    done: readonly DoneTask[],
    at: number,
    signal: AbortSignal,
  ): Promise<{ readonly turn: ClaimedTurn | null } | null>;
  /** What came of the tasks of a turn, without the returns, in the order in which they were given out. */
  ofTurn(sweepId: string, turn: number, signal: AbortSignal): Promise<readonly EvaluationSummary[]>;
  /** The same of all tasks, with the returns. */
  all(sweepId: string, signal: AbortSignal): Promise<readonly EvaluationSummary[]>;
  /** Ends the turn of the run: its tasks are up for anybody. */
  goOn(ticket: SweepTicket, runId: string, next: NextTurn, signal: AbortSignal): Promise<boolean>;
  /** Ends the sweep, in the turn of the run. */
  finish(
    ticket: SweepTicket,
    runId: string,
    result: { readonly json: string; readonly hash: string },
    at: number,
    signal: AbortSignal,
  ): Promise<boolean>;
  /** The sweep cannot go on, says a run that has tasks of it, or the turn. */
  fail(
    ticket: SweepTicket,
    runId: string,
    problem: { readonly code: string; readonly message: string },
    at: number,
    signal: AbortSignal,
  ): Promise<boolean>;
}

interface StoredSummary {
  readonly summary: string;
  readonly returns: Buffer;
}

const toSummary = ({ returns, summary }: StoredSummary): EvaluationSummary => ({
  ...(JSON.parse(summary) as Omit<EvaluationSummary, 'returns'>),
  // A copy begins where a double may begin.
  returns: new Float64Array(new Uint8Array(returns).buffer),
});

const OWN_TURN = `id = $1 AND status = 'RUNNING' AND turn_ticket = $2 AND turn_run = $3`;
const NO_TURN = `turn_ticket = NULL, turn_run = NULL, turn_attempts = 0`;

/** Of `pool`, which is the writer's. */
export function createSweepResults(pool: ConnectionPool, addJob: AddJob<SweepJob>): SweepResults {
  return {
    store: (ticket, runId, done, at, signal) =>
      inTransaction(pool, 'the sweep', signal, async (client) => {
        const sweep = await lockSweep(client, ticket.sweepId);
        if (sweep === null) return null;
        const batchesAtOnce = await countBatches(client, ticket);
        const own = await takeAway(client, ticket, runId, done);
        if (own.length === 0) return null;
        const stored = await addEvaluations(client, ticket, sweep.turn, own, at);
        await count(client, ticket, stored, batchesAtOnce);
        const evaluated = sweep.evaluated + stored.length;
        return { turn: await claimTurn(client, { ...sweep, evaluated }, ticket, { at, runId }) };
      }),

    async ofTurn(sweepId, turn, signal) {
      const text = `SELECT summary, ''::bytea AS returns FROM sweep_evaluation
          WHERE sweep_id = $1 AND turn = $2 ORDER BY position`;
      const values = [sweepId, turn];
      return (await pool.query<StoredSummary>({ name: 'sweep-turn', text, values }, signal)).map(toSummary);
    },

    async all(sweepId, signal) {
      const text = 'SELECT summary, returns FROM sweep_evaluation WHERE sweep_id = $1 ORDER BY position';
      return (await pool.query<StoredSummary>({ text, values: [sweepId] }, signal)).map(toSummary);
    },

    goOn: (ticket, runId, { state, tasks, total }, signal) =>
      inTransaction(pool, 'the sweep', signal, async (client) => {
        const { rows } = await client.query<{ workspace_id: string }>(
          `UPDATE sweep SET turn = turn + 1, state = $4, total = $5, ${NO_TURN} WHERE ${OWN_TURN}
             RETURNING workspace_id`,
          [ticket.sweepId, ticket.id, runId, JSON.stringify(state), total],
        );
        const [row] = rows;
        if (row === undefined) return false;
        await client.query(
          `INSERT INTO sweep_task (workspace_id, sweep_id, position, key, task)
           SELECT $1, $2, place - 1 + (SELECT coalesce(max(position) + 1, 0) FROM sweep_evaluation WHERE sweep_id = $2),
                  key, task FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS given (key, task, place)`,
          [
            ...[row.workspace_id, ticket.sweepId],
            tasks.map(({ key }) => key),
            tasks.map((task) => JSON.stringify(task)),
          ],
        );
        await addTicket(client, addJob, ticket);
        return true;
      }),

    finish: async ({ id, sweepId }, runId, { hash, json }, at, signal) => {
      const text = `UPDATE sweep SET status = 'COMPLETED', finished_at = $4, total = evaluated, result_hash = $5,
          result = $6, state = NULL, ${NO_TURN} WHERE ${OWN_TURN} RETURNING id`;
      const rows = await pool.query({ text, values: [sweepId, id, runId, at, hash, json] }, signal);
      return rows.length > 0;
    },

    fail: ({ id, sweepId }, runId, { code, message }, at, signal) =>
      inTransaction(pool, 'the sweep', signal, async (client) => {
        const { rowCount } = await client.query(
          `UPDATE sweep SET status = 'FAILED', finished_at = $4, error_code = $5, error = $6, state = NULL, ${NO_TURN}
            WHERE ${OWN_TURN} OR id = $1 AND status = 'RUNNING' AND EXISTS
              (SELECT FROM sweep_task WHERE sweep_id = $1 AND ticket = $2 AND run_id = $3)`,
          [sweepId, id, runId, at, code, message],
        );
        if (rowCount === 0) return false;
        await client.query('DELETE FROM sweep_task WHERE sweep_id = $1', [sweepId]);
        return true;
      }),
  };
}

async function countBatches(client: PoolClient, { sweepId }: SweepTicket): Promise<number> {
  const { rows } = await client.query<{ batches: number }>({
    name: 'sweep-batches',
    text: 'SELECT count(DISTINCT ticket) AS batches FROM sweep_task WHERE sweep_id = $1',
    values: [sweepId],
  });
  return rows[0]?.batches ?? 1;
}

/** Those of the tasks that are the run's: they are not there any more. */
async function takeAway(
  client: PoolClient,
  { id, sweepId }: SweepTicket,
  runId: string,
  done: readonly DoneTask[],
): Promise<readonly DoneTask[]> {
  const { rows } = await client.query<{ position: number }>({
    name: 'sweep-take-away',
    text: `DELETE FROM sweep_task WHERE sweep_id = $1 AND ticket = $2 AND run_id = $3 AND position = ANY ($4)
           RETURNING position`,
    values: [sweepId, id, runId, done.map(({ position }) => position)],
  });
  const own = new Set(rows.map(({ position }) => position));
  return done.filter(({ position }) => own.has(position));
}

/** Answers with those that were not there. */
async function addEvaluations(
  client: PoolClient,
  { sweepId, workspaceId }: SweepTicket,
  turn: number,
  done: readonly DoneTask[],
  at: number,
): Promise<readonly DoneTask[]> {
  const stored: DoneTask[] = [];
  for (const each of done) {
    const { returns, ...summary } = each.summary;
    const { rowCount } = await client.query({
      name: 'sweep-evaluation-add',
      text: `INSERT INTO sweep_evaluation (workspace_id, sweep_id, key, position, turn, task, score, summary, returns,
               stored_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (sweep_id, key) DO NOTHING`,
      values: [
        ...[workspaceId, sweepId, each.task.key, each.position, turn, JSON.stringify(each.task), each.score],
        ...[JSON.stringify(summary), Buffer.from(returns.buffer, returns.byteOffset, returns.byteLength), at],
      ],
    });
    if (rowCount === 1) stored.push(each);
  }
  return stored;
}

async function count(
  client: PoolClient,
  { sweepId }: SweepTicket,
  stored: readonly DoneTask[],
  batchesAtOnce: number,
): Promise<void> {
  const failed = stored.filter(({ summary }) => summary.failure !== null).length;
  const busyMs = stored.reduce((sum, { summary }) => sum + summary.computeMs, 0);
  await client.query({
    name: 'sweep-count-up',
    text: `UPDATE sweep SET evaluated = evaluated + $2, failed = failed + $3, busy_ms = busy_ms + $4,
                  batches_at_once = $5 WHERE id = $1`,
    values: [sweepId, stored.length, failed, busyMs, batchesAtOnce],
  });
}
