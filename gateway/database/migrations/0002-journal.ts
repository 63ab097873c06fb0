import { Migration } from '@mikro-orm/migrations';

import { BATCH_FOREIGN_KEY, batchForeignKey } from './batch-foreign-key.ts';
import { forceRowSecurity, secureTenantTable } from './row-security.ts';

const PARTITIONS = 8;

/** What an index covers never changes in the tables that every batch updates, so that updates stay heap-only. */
const ACCOUNTS = `
CREATE TABLE account (
  account_id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspace (id),
  shard integer NOT NULL,
  broker text NOT NULL,
  connection text NOT NULL,
  -- From here on the read model; empty until the account's first event.
  name text,
  environment text,
  base_currency text,
  trading_state text,
  limits text,
  day text,
  day_open_equity numeric,
  peak_equity numeric,
  -- JSON, by currency.
  reserved_notional text,
  realized_pnl numeric,
  seq bigint NOT NULL DEFAULT 0,
  UNIQUE (workspace_id, account_id)
) WITH (fillfactor = 50);

-- Settings and secrets of a broker connection, sealed by the gateway before they get here.
CREATE TABLE broker_credential (
  workspace_id text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  field text NOT NULL,
  version integer NOT NULL,
  key_id text NOT NULL,
  wrapped_key bytea NOT NULL,
  nonce bytea NOT NULL,
  sealed bytea NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, field, version),
  FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, account_id)
);

-- The end of each account's journal, and the epoch that may write it: the fence.
CREATE TABLE account_head (
  account_id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL,
  shard integer NOT NULL,
  epoch bigint NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, account_id)
) WITH (fillfactor = 50);
CREATE INDEX account_head_shard ON account_head (shard);
`;

const JOURNAL = `
CREATE TABLE journal_event (
  account_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  recorded_at bigint NOT NULL,
  schema integer NOT NULL,
  order_id text COLLATE "C",
  type text NOT NULL,
  actor text NOT NULL,
  correlation_id text NOT NULL,
  causation_id text,
  traceparent text,
  -- RFC 8785 canonical JSON of the event, as it was hashed.
  payload text NOT NULL,
  -- SHA-256 over the hash before it and the canonical JSON of envelope and event.
  hash bytea NOT NULL,
  PRIMARY KEY (account_id, seq)
) PARTITION BY HASH (account_id);
-- Ids grow with time, and equal keys are stored once: cheap to add to.
CREATE INDEX journal_event_order ON journal_event (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE snapshot (
  account_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  state text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, seq),
  FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, account_id)
);
`;

export class JournalTables extends Migration {
  override up(): void {
    this.addSql(ACCOUNTS);
    this.addSql(JOURNAL);
    for (let index = 0; index < PARTITIONS; index += 1) {
      const name = `journal_event_${String(index)}`;
      this.addSql(
        `CREATE TABLE ${name} PARTITION OF journal_event FOR VALUES WITH (MODULUS ${String(PARTITIONS)}, REMAINDER ${String(index)});`,
      );
      this.addSql(forceRowSecurity(name));
    }
    this.addSql(BATCH_FOREIGN_KEY);
    this.addSql(batchForeignKey('journal_event'));
    this.addSql(secureTenantTable('account', { app: 'SELECT', writer: 'SELECT, INSERT, UPDATE' }));
    this.addSql(secureTenantTable('broker_credential', { app: 'SELECT, INSERT', writer: 'SELECT' }));
    this.addSql(secureTenantTable('account_head', { app: 'SELECT', writer: 'SELECT, INSERT, UPDATE' }));
    this.addSql(secureTenantTable('journal_event', { app: 'SELECT', writer: 'SELECT, INSERT' }));
    this.addSql(secureTenantTable('snapshot', { app: null, writer: 'SELECT, INSERT, DELETE' }));
  }
}
