import { Migration } from '@mikro-orm/migrations';

import { batchForeignKey } from './batch-foreign-key.ts';
import { secureTenantTable } from './row-security.ts';

/** Decimals are `numeric` without a scale: it keeps the digits as written, so they come back canonical. */
const ORDERS = `
CREATE TABLE orders (
  id text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  client_order_id text COLLATE "C" NOT NULL,
  symbol text NOT NULL,
  strategy_id text,
  parent_id text COLLATE "C",
  -- Journal sequence and market time of the event that created it.
  created_seq bigint NOT NULL,
  created_at bigint NOT NULL,
  -- OrderRecord as JSON in two parts, its fills left out: what never changes, and what does. An update
  -- neither carries nor logs the first again.
  terms text NOT NULL,
  status text NOT NULL,
  open boolean NOT NULL,
  state text NOT NULL,
  PRIMARY KEY (id, account_id)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX orders_client_order_id ON orders (account_id, client_order_id);
CREATE UNIQUE INDEX orders_created ON orders (account_id, created_seq);
CREATE INDEX orders_parent ON orders (parent_id) WHERE parent_id IS NOT NULL;

-- Which orders are open. Not an index of orders by \`open\`: that would have every order's end written into
-- all its indexes.
CREATE TABLE open_order (
  account_id text COLLATE "C" NOT NULL,
  created_seq bigint NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (account_id, created_seq)
);

CREATE TABLE fill (
  order_id text COLLATE "C" NOT NULL,
  execution_id text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  symbol text NOT NULL,
  side text NOT NULL,
  at bigint NOT NULL,
  price numeric NOT NULL,
  quantity numeric NOT NULL,
  fee numeric,
  fee_currency text,
  liquidity text,
  busted boolean NOT NULL,
  PRIMARY KEY (order_id, execution_id, account_id)
);
CREATE UNIQUE INDEX fill_seq ON fill (account_id, seq);
`;

const HOLDINGS = `
CREATE TABLE position (
  account_id text COLLATE "C" NOT NULL,
  symbol text COLLATE "C" NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  currency text NOT NULL,
  multiplier numeric NOT NULL,
  quantity numeric NOT NULL,
  cost numeric NOT NULL,
  realized_pnl numeric NOT NULL,
  PRIMARY KEY (account_id, symbol),
  FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, account_id)
) WITH (fillfactor = 50);

CREATE TABLE balance (
  account_id text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  total numeric NOT NULL,
  fees numeric NOT NULL,
  transfers numeric NOT NULL,
  PRIMARY KEY (account_id, currency),
  FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, account_id)
) WITH (fillfactor = 50);

-- Equity at the opening of each trading day: what daily returns are made of.
CREATE TABLE equity_day (
  account_id text COLLATE "C" NOT NULL,
  day text COLLATE "C" NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  equity numeric NOT NULL,
  PRIMARY KEY (account_id, day),
  FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, account_id)
);

CREATE TABLE risk_alert (
  account_id text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  recorded_at bigint NOT NULL,
  severity text NOT NULL,
  code text NOT NULL,
  message text NOT NULL,
  PRIMARY KEY (account_id, seq),
  FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, account_id)
);
`;

export class ReadModels extends Migration {
  override up(): void {
    this.addSql(ORDERS);
    this.addSql(HOLDINGS);
    this.addSql(batchForeignKey('orders'));
    this.addSql(batchForeignKey('open_order'));
    this.addSql(batchForeignKey('fill'));
    const readModel = (table: string, update: string): string =>
      secureTenantTable(table, { app: 'SELECT', writer: `SELECT, INSERT, ${update}` });
    this.addSql(readModel('orders', 'UPDATE (status, open, state)'));
    this.addSql(secureTenantTable('open_order', { app: 'SELECT', writer: 'SELECT, INSERT, DELETE' }));
    this.addSql(readModel('fill', 'UPDATE (fee, fee_currency, busted)'));
    for (const table of ['position', 'balance', 'equity_day']) this.addSql(readModel(table, 'UPDATE'));
    this.addSql(secureTenantTable('risk_alert', { app: 'SELECT', writer: 'SELECT, INSERT' }));
  }
}
