import type { Json } from '@omniquant/plugin-sdk';
import type { PoolClient } from 'pg';

import { type ClaimedSweep, claimedSweep, type LockedSweep, type SweepTicket } from './sweep-tickets.ts';

/** All that was given out is back, and it is this run's to find out what comes next. */
export interface ClaimedTurn extends ClaimedSweep {
  readonly kind: 'TURN';
  /** From 0. */
  readonly turn: number;
  /** The search after the turn before it; null for the first. */
  readonly state: Json | null;
  /** Evaluations that are stored. */
  readonly evaluated: number;
}

/** Times that a turn is begun: processes that end in the middle of it may do so because of it. */
const MOST_ATTEMPTS = 3;

/** Null when others are at what was given out, or at the turn; also when it was begun too often and has failed by this. */
export async function claimTurn(
  client: PoolClient,
  sweep: LockedSweep,
  { id, sweepId }: SweepTicket,
  { at, runId }: { readonly at: number; readonly runId: string },
): Promise<ClaimedTurn | null> {
  if (sweep.turn_ticket !== null && sweep.turn_ticket !== id) return null;
  const left = await client.query({
    name: 'sweep-left',
    text: 'SELECT FROM sweep_task WHERE sweep_id = $1 LIMIT 1',
    values: [sweepId],
  });
  if (left.rows.length > 0) return null;
  if (sweep.turn_attempts >= MOST_ATTEMPTS) {
    const message = `each of the ${String(MOST_ATTEMPTS)} processes that began to look for what comes next ended in the middle of it`;
    await client.query(
      `UPDATE sweep SET status = 'FAILED', finished_at = $2, error_code = 'WORKER_LOST', error = $3 WHERE id = $1`,
      [sweepId, at, message],
    );
    return null;
  }
  await client.query({
    name: 'sweep-turn-claim',
    text: `UPDATE sweep SET turn_ticket = $2, turn_run = $3, turn_attempts = turn_attempts + 1 WHERE id = $1`,
    values: [sweepId, id, runId],
  });
  return {
    ...{ kind: 'TURN', ...claimedSweep(sweep), turn: sweep.turn, evaluated: sweep.evaluated },
    state: sweep.state === null ? null : (JSON.parse(sweep.state) as Json),
  };
}

/** The turn of a run, if it has one, is for another, as if it had not been begun. */
export async function dropTurn(
  client: PoolClient,
  { id, sweepId }: SweepTicket,
  runId: string,
): Promise<void> {
  await client.query({
    name: 'sweep-turn-drop',
    text: `UPDATE sweep SET turn_ticket = NULL, turn_run = NULL, turn_attempts = turn_attempts - 1
            WHERE id = $1 AND turn_ticket = $2 AND turn_run = $3`,
    values: [sweepId, id, runId],
  });
}
