import { Migration } from '@mikro-orm/migrations';

import { ROLE_NAMES } from '../roles.ts';
import { secureTenantTable } from './row-security.ts';

const SAVES = `
-- Where a backtest that is under way can go on from, if its process ends: of no use to anybody else.
CREATE TABLE backtest_save (
  backtest_id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL,
  saved_at bigint NOT NULL,
  -- JSON, gzip.
  content bytea NOT NULL,
  FOREIGN KEY (workspace_id, backtest_id) REFERENCES backtest (workspace_id, id) ON DELETE CASCADE
) WITH (fillfactor = 50);
ALTER TABLE backtest_save ALTER COLUMN content SET STORAGE EXTERNAL;
`;

/** Old backtests are removed, oldest first, and those whose end came without their process. */
const UPKEEP = `
CREATE INDEX backtest_finished ON backtest (finished_at) WHERE finished_at IS NOT NULL;
GRANT DELETE ON backtest TO ${ROLE_NAMES.writer};
`;

export class BacktestUpkeep extends Migration {
  override up(): void {
    this.addSql(SAVES);
    this.addSql(secureTenantTable('backtest_save', { app: null, writer: 'SELECT, INSERT, UPDATE, DELETE' }));
    this.addSql(UPKEEP);
  }
}
