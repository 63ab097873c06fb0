import { Migration } from '@mikro-orm/migrations';

import { JOURNAL_FUNCTIONS } from './0005-journal-append.ts';
import { secureTenantTable } from './row-security.ts';

/** Read model of the strategies on accounts, those that have ended included. */
const STRATEGY = `
CREATE TABLE strategy (
  strategy_id text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  strategy text NOT NULL,
  -- JSON.
  symbols text NOT NULL,
  interval text NOT NULL,
  config text NOT NULL,
  status text NOT NULL,
  error text,
  -- Wall time.
  started_at bigint NOT NULL,
  stopped_at bigint,
  realized_pnl numeric NOT NULL,
  restarts integer NOT NULL,
  -- Journal sequence of its start.
  started_seq bigint NOT NULL,
  PRIMARY KEY (strategy_id, account_id),
  FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, account_id)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX strategy_started ON strategy (account_id, started_seq);
`;

export class Strategies extends Migration {
  override up(): void {
    this.addSql(STRATEGY);
    const changing = 'status, error, stopped_at, realized_pnl, restarts';
    const writer = `SELECT, INSERT, UPDATE (${changing})`;
    this.addSql(secureTenantTable('strategy', { app: 'SELECT', writer }));
    for (const sql of JOURNAL_FUNCTIONS) this.addSql(sql);
  }
}
