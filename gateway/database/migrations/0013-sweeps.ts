import { Migration } from '@mikro-orm/migrations';

import { secureTenantTable } from './row-security.ts';

const SWEEP = `
CREATE TABLE sweep (
  -- In the order in which they were asked for.
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspace (id),
  created_by text NOT NULL,
  created_at bigint NOT NULL,
  -- JSON: what was asked for, from which whoever works on it makes the settings again.
  request text NOT NULL,
  -- JSON: what it came to when it was checked, with all defaults.
  settings text NOT NULL,
  settings_hash text NOT NULL,
  status text NOT NULL CHECK (status IN ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELED')),
  -- How often tasks were given out: what the tuner says to the results of a turn is taken once.
  turn integer NOT NULL DEFAULT 0,
  -- JSON: the search after the latest turn.
  state text,
  -- The job that is at the next turn, its run, and how often it was begun, those not counted that were handed back.
  turn_ticket text,
  turn_run text,
  turn_attempts integer NOT NULL DEFAULT 0,
  -- Evaluations: how many there will be, where that is known; that are stored; and those of them that failed.
  total integer,
  evaluated integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  -- Wall time of all evaluations, and how many batches were done at once when the latest was stored: for what is left.
  busy_ms double precision NOT NULL DEFAULT 0,
  batches_at_once integer NOT NULL DEFAULT 1,
  started_at bigint,
  finished_at bigint,
  error_code text,
  error text,
  result_hash text,
  -- JSON.
  result text,
  UNIQUE (workspace_id, id)
) WITH (fillfactor = 70);
CREATE INDEX sweep_unfinished ON sweep (workspace_id) WHERE status IN ('QUEUED', 'RUNNING');

CREATE TABLE sweep_task (
  workspace_id text COLLATE "C" NOT NULL,
  sweep_id text COLLATE "C" NOT NULL,
  -- From 0, in the order in which the search gave them out.
  position integer NOT NULL,
  key text COLLATE "C" NOT NULL,
  -- JSON.
  task text NOT NULL,
  -- The job that has it, in which run, or null: it waits. Only that run may say what came of it.
  ticket text,
  run_id text,
  -- How often it was begun, those not counted that were handed back.
  attempts integer NOT NULL DEFAULT 0,
  PRIMARY KEY (sweep_id, position),
  FOREIGN KEY (workspace_id, sweep_id) REFERENCES sweep (workspace_id, id) ON DELETE CASCADE
) WITH (fillfactor = 70);

CREATE TABLE sweep_evaluation (
  workspace_id text COLLATE "C" NOT NULL,
  sweep_id text COLLATE "C" NOT NULL,
  -- Hash of the parameters and the span: whoever evaluates them again has nothing to add.
  key text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  -- The turn that gave it out.
  turn integer NOT NULL,
  -- JSON.
  task text NOT NULL,
  -- The higher the better; null for one that failed, and for one that no search is told of.
  score double precision,
  -- JSON, without the returns.
  summary text NOT NULL,
  -- Daily returns: doubles, little-endian.
  returns bytea NOT NULL,
  stored_at bigint NOT NULL,
  PRIMARY KEY (sweep_id, key),
  UNIQUE (sweep_id, position),
  FOREIGN KEY (workspace_id, sweep_id) REFERENCES sweep (workspace_id, id) ON DELETE CASCADE
);
ALTER TABLE sweep_evaluation ALTER COLUMN returns SET STORAGE EXTERNAL;
CREATE INDEX sweep_evaluation_turn ON sweep_evaluation (sweep_id, turn, position);
CREATE INDEX sweep_evaluation_score ON sweep_evaluation (sweep_id, score DESC NULLS LAST, position);
`;

const COURSE = `status, turn, state, turn_ticket, turn_run, turn_attempts, total, evaluated, failed, busy_ms, batches_at_once,
  started_at, finished_at, error_code, error, result_hash, result`;

export class Sweeps extends Migration {
  override up(): void {
    this.addSql(SWEEP);
    this.addSql(
      secureTenantTable('sweep', {
        // Requests ask for one and call it off; how it goes is the workers' to say.
        app: `SELECT, INSERT (id, workspace_id, created_by, created_at, request, settings, settings_hash, status, total),
          UPDATE (status, finished_at)`,
        writer: `SELECT, UPDATE (${COURSE})`,
      }),
    );
    this.addSql(
      secureTenantTable('sweep_task', {
        // Nobody does what is left of a sweep that was called off.
        app: 'SELECT, DELETE',
        writer: 'SELECT, INSERT, DELETE, UPDATE (ticket, run_id, attempts)',
      }),
    );
    // What is stored of an evaluation is never changed.
    this.addSql(secureTenantTable('sweep_evaluation', { app: 'SELECT', writer: 'SELECT, INSERT' }));
  }
}
