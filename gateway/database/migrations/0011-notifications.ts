import { Migration } from '@mikro-orm/migrations';

import { secureTenantTable } from './row-security.ts';

/*
 * Each alert leaves a row in `notification_outbox`, in the transaction that commits it. The gateways turn
 * these into deliveries, one or none for each channel, and send them. Requests see channels and deliveries
 * of their workspace; sealed secrets they only write.
 */
const CHANNELS = `
CREATE TABLE notification_channel (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspace (id),
  name text NOT NULL,
  notifier text NOT NULL,
  -- JSON, checked against the notifier's schema; no credentials.
  config text NOT NULL,
  minimum_severity text NOT NULL CHECK (minimum_severity IN ('INFO', 'WARNING', 'CRITICAL')),
  -- Null for all.
  codes text[],
  -- Otherwise those of notification_channel_account.
  every_account boolean NOT NULL,
  -- For the workspace that runs the gateway: alerts of all workspaces, and those of the gateway itself.
  every_workspace boolean NOT NULL,
  enabled boolean NOT NULL,
  -- Grows with each change of what a connection is opened with.
  version integer NOT NULL,
  created_by text NOT NULL,
  created_at bigint NOT NULL,
  secret_names text[] NOT NULL,
  secrets_version integer,
  key_id text,
  wrapped_key bytea,
  nonce bytea,
  sealed bytea,
  -- From here on the gateways' own: which of them delivers, and how it went.
  leased_by text,
  leased_until timestamptz NOT NULL DEFAULT '-infinity',
  held_until bigint NOT NULL DEFAULT 0,
  failures integer NOT NULL DEFAULT 0,
  delivered bigint NOT NULL DEFAULT 0,
  undelivered bigint NOT NULL DEFAULT 0,
  last_delivered_at bigint,
  last_failed_at bigint,
  last_failure text,
  UNIQUE (workspace_id, id)
) WITH (fillfactor = 50);

CREATE TABLE notification_channel_account (
  workspace_id text COLLATE "C" NOT NULL,
  channel_id text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (channel_id, account_id),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES notification_channel (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, account_id)
);
`;

const DELIVERIES = `
CREATE TABLE notification_delivery (
  channel_id text COLLATE "C" NOT NULL,
  notification_id text COLLATE "C" NOT NULL,
  -- Of the channel; what it tells of may be another's.
  workspace_id text COLLATE "C" NOT NULL,
  position bigint GENERATED ALWAYS AS IDENTITY,
  state text NOT NULL CHECK (state IN ('WAITING', 'DELIVERED', 'REJECTED', 'GIVEN_UP')),
  code text NOT NULL,
  severity text NOT NULL,
  account_id text,
  -- JSON; of a summary the first of its alerts and the figures of all.
  content text NOT NULL,
  -- How many alerts it stands for.
  alerts integer NOT NULL,
  -- A summary that takes more alerts until it is first sent.
  open boolean NOT NULL,
  created_at bigint NOT NULL,
  next_attempt_at bigint NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  settled_at bigint,
  failure text,
  PRIMARY KEY (channel_id, notification_id),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES notification_channel (workspace_id, id) ON DELETE CASCADE
) WITH (fillfactor = 70);
CREATE INDEX notification_delivery_waiting ON notification_delivery (channel_id, position) WHERE state = 'WAITING';
CREATE INDEX notification_delivery_created ON notification_delivery (channel_id, created_at);
CREATE INDEX notification_delivery_settled ON notification_delivery (settled_at) WHERE settled_at IS NOT NULL;
`;

const OUTBOX = `
CREATE TABLE notification_outbox (
  id text COLLATE "C" PRIMARY KEY,
  -- Null: of the gateway itself.
  workspace_id text COLLATE "C" REFERENCES workspace (id),
  account_id text COLLATE "C",
  -- Of the journal's event that it tells of; null where \`content\` has the notification as JSON.
  seq bigint,
  content text,
  CHECK ((seq IS NULL) <> (content IS NULL)),
  FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, account_id)
);

CREATE FUNCTION put_alerts_out() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  INSERT INTO notification_outbox (id, workspace_id, account_id, seq)
    SELECT account_id || ':' || seq, workspace_id, account_id, seq FROM added;
  RETURN NULL;
END $$;
CREATE TRIGGER risk_alert_outbox AFTER INSERT ON risk_alert REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION put_alerts_out();
`;

const SETTINGS = `id, workspace_id, name, notifier, config, minimum_severity, codes, every_account, every_workspace,
  enabled, version, created_by, created_at, secret_names, secrets_version`;
const SEALED = 'key_id, wrapped_key, nonce, sealed';
const COURSE =
  'held_until, failures, delivered, undelivered, last_delivered_at, last_failed_at, last_failure';

export class Notifications extends Migration {
  override up(): void {
    this.addSql(CHANNELS);
    this.addSql(DELIVERIES);
    this.addSql(OUTBOX);
    this.addSql(
      secureTenantTable('notification_channel', {
        app: `SELECT (${SETTINGS}, ${COURSE}), INSERT (${SETTINGS}, ${SEALED}),
          UPDATE (${SETTINGS}, ${SEALED}, held_until, failures), DELETE`,
        writer: `SELECT, UPDATE (leased_by, leased_until, ${COURSE})`,
      }),
    );
    this.addSql(
      secureTenantTable('notification_channel_account', { app: 'SELECT, INSERT, DELETE', writer: 'SELECT' }),
    );
    this.addSql(
      secureTenantTable('notification_delivery', {
        app: 'SELECT',
        writer: 'SELECT, INSERT, UPDATE, DELETE',
      }),
    );
    this.addSql(secureTenantTable('notification_outbox', { app: null, writer: 'SELECT, INSERT, DELETE' }));
  }
}
