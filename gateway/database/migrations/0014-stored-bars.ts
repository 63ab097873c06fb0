import { Migration } from '@mikro-orm/migrations';

import { ROLE_NAMES } from '../roles.ts';
import { CURRENT_WORKSPACE, forceRowSecurity, secureTenantTable } from './row-security.ts';

const TABLES = `
CREATE TABLE stored_bar_series (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Whose own broker connection the bars came over; null for feeds and connections of the gateway, which all may use.
  workspace_id text COLLATE "C" REFERENCES workspace (id),
  -- The feed or broker: "feed ticks", "broker simulated".
  source text COLLATE "C" NOT NULL,
  symbol text COLLATE "C" NOT NULL,
  bar_interval text COLLATE "C" NOT NULL,
  -- JSON, as it was last described.
  instrument text NOT NULL,
  rows bigint NOT NULL DEFAULT 0,
  -- Starts of the first and the last bar, epoch ms; null without any.
  first_at bigint,
  last_at bigint,
  UNIQUE NULLS NOT DISTINCT (workspace_id, source, symbol, bar_interval)
);

CREATE TABLE stored_bar (
  series_id bigint NOT NULL REFERENCES stored_bar_series (id) ON DELETE CASCADE,
  -- Start, epoch ms.
  at bigint NOT NULL,
  open numeric NOT NULL,
  high numeric NOT NULL,
  low numeric NOT NULL,
  close numeric NOT NULL,
  volume numeric,
  -- Corrections of the bar; a higher one replaces a lower.
  revision integer NOT NULL,
  PRIMARY KEY (series_id, at)
);
`;

const READABLE = `workspace_id IS NULL OR workspace_id = ${CURRENT_WORKSPACE}`;

/** Bars that gateways keep of what their feeds and brokers deliver, for backtests. */
export class StoredBars extends Migration {
  override up(): void {
    this.addSql(TABLES);
    this.addSql(
      secureTenantTable(
        'stored_bar_series',
        { app: 'SELECT', writer: 'SELECT, INSERT, UPDATE, DELETE' },
        READABLE,
      ),
    );
    // A bar is readable where its series is.
    this.addSql(
      [
        forceRowSecurity('stored_bar'),
        `CREATE POLICY stored_bar_app ON stored_bar FOR SELECT TO ${ROLE_NAMES.app}
           USING (series_id IN (SELECT id FROM stored_bar_series));`,
        `GRANT SELECT ON stored_bar TO ${ROLE_NAMES.app};`,
        `CREATE POLICY stored_bar_writer ON stored_bar TO ${ROLE_NAMES.writer} USING (true) WITH CHECK (true);`,
        `GRANT SELECT, INSERT, UPDATE, DELETE ON stored_bar TO ${ROLE_NAMES.writer};`,
      ].join('\n'),
    );
  }
}
