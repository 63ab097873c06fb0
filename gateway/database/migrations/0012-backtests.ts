import { Migration } from '@mikro-orm/migrations';

import { secureTenantTable } from './row-security.ts';

const BACKTEST = `
CREATE TABLE backtest (
  -- In the order in which they were asked for.
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspace (id),
  created_by text NOT NULL,
  created_at bigint NOT NULL,
  -- JSON: what was asked for, from which whoever runs it makes the settings again.
  request text NOT NULL,
  -- JSON: what it came to when it was checked, with all defaults.
  settings text NOT NULL,
  -- SHA-256 of them, hexadecimal: with the same code and bars equal settings have equal results.
  settings_hash text NOT NULL,
  status text NOT NULL CHECK (status IN ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELED')),
  progress double precision NOT NULL DEFAULT 0,
  -- Of the run that has it now, which begins with the name of its process: no other may say how it goes on.
  run_id text,
  -- How often it was begun, those not counted that were handed back.
  attempts integer NOT NULL DEFAULT 0,
  started_at bigint,
  finished_at bigint,
  error_code text,
  error text,
  result_hash text,
  events_processed bigint,
  -- JSON: the result without what is in backtest_part.
  summary text,
  UNIQUE (workspace_id, id)
) WITH (fillfactor = 70);
CREATE INDEX backtest_unfinished ON backtest (workspace_id, status) WHERE status IN ('QUEUED', 'RUNNING');

CREATE TABLE backtest_part (
  workspace_id text COLLATE "C" NOT NULL,
  backtest_id text COLLATE "C" NOT NULL,
  kind text NOT NULL CHECK (kind IN ('orders', 'fills', 'equity', 'benchmark', 'logs')),
  -- Position in the whole list of the first row that it holds.
  first_row integer NOT NULL,
  row_count integer NOT NULL,
  -- JSON array, gzip.
  content bytea NOT NULL,
  PRIMARY KEY (backtest_id, kind, first_row),
  FOREIGN KEY (workspace_id, backtest_id) REFERENCES backtest (workspace_id, id) ON DELETE CASCADE
);
ALTER TABLE backtest_part ALTER COLUMN content SET STORAGE EXTERNAL;
`;

const COURSE = `status, progress, run_id, attempts, started_at, finished_at, error_code, error, result_hash,
  events_processed, summary`;

export class Backtests extends Migration {
  override up(): void {
    this.addSql(BACKTEST);
    this.addSql(
      secureTenantTable('backtest', {
        // Requests ask for one and call it off; how it goes is the workers' to say.
        app: `SELECT, INSERT (id, workspace_id, created_by, created_at, request, settings, settings_hash, status),
          UPDATE (status, finished_at)`,
        writer: `SELECT, UPDATE (${COURSE})`,
      }),
    );
    this.addSql(secureTenantTable('backtest_part', { app: 'SELECT', writer: 'SELECT, INSERT, DELETE' }));
  }
}
