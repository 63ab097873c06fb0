import { Migration } from '@mikro-orm/migrations';

import { ROLE_NAMES } from '../roles.ts';
import { CURRENT_WORKSPACE, forceRowSecurity } from './row-security.ts';

/*
 * What the operator sets of plugins, for all gateways of the installation, and what plugins keep. A plugin is
 * named as it is on the list. Times are epoch milliseconds.
 */
const TABLES = `
-- Counts the changes of the two tables below, so that gateways need not read them to know of one.
CREATE TABLE plugin_control (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version bigint NOT NULL
);
INSERT INTO plugin_control (version) VALUES (0);

CREATE TABLE plugin_switch (
  plugin text COLLATE "C" PRIMARY KEY,
  enabled boolean NOT NULL,
  reason text,
  changed_by text NOT NULL,
  changed_at bigint NOT NULL
);

CREATE TABLE plugin_setting (
  plugin text COLLATE "C" NOT NULL,
  -- kind:id
  extension text COLLATE "C" NOT NULL,
  -- Of plugin_control when it was written.
  version bigint NOT NULL,
  -- JSON; null where the list's holds.
  config text,
  -- Names of the credentials that are sealed here.
  secret_names text[] NOT NULL,
  key_id text,
  wrapped_key bytea,
  nonce bytea,
  sealed bytea,
  changed_by text NOT NULL,
  changed_at bigint NOT NULL,
  PRIMARY KEY (plugin, extension)
);

CREATE TABLE plugin_storage (
  plugin text COLLATE "C" NOT NULL,
  extension text COLLATE "C" NOT NULL,
  -- Of a broker; empty for other kinds.
  connection text COLLATE "C" NOT NULL,
  -- UTF-8.
  key bytea NOT NULL,
  value bytea NOT NULL,
  changed_at bigint NOT NULL,
  PRIMARY KEY (plugin, extension, connection, key)
);
`;

/** Requests see and change them in the operator's workspace only. */
const OPERATOR = `(SELECT operator_workspace()) = ${CURRENT_WORKSPACE}`;

/** Storage is seen by the extension that the transaction is for, and by nobody else's. */
const OWN_STORAGE = ['plugin', 'extension', 'connection']
  .map((column) => `${column} = (SELECT current_setting('app.storage_${column}', true))`)
  .join(' AND ');

const policy = (table: string, role: 'app' | 'writer', command: string, rows: string): string => {
  const check = command === 'SELECT' ? '' : `WITH CHECK (${rows})`;
  return `CREATE POLICY ${table}_${role} ON ${table} FOR ${command} TO ${ROLE_NAMES[role]} USING (${rows}) ${check};`;
};

const GRANTS: Readonly<Record<string, string>> = {
  plugin_control: 'SELECT, UPDATE (version)',
  plugin_switch: 'SELECT, INSERT, UPDATE',
  plugin_setting: 'SELECT, INSERT, UPDATE',
};

export class Plugins extends Migration {
  override up(): void {
    this.addSql(TABLES);
    for (const [table, grant] of Object.entries(GRANTS)) {
      this.addSql(forceRowSecurity(table));
      this.addSql(policy(table, 'app', 'ALL', OPERATOR));
      this.addSql(policy(table, 'writer', 'SELECT', 'true'));
      this.addSql(`GRANT ${grant} ON ${table} TO ${ROLE_NAMES.app};`);
      this.addSql(`GRANT SELECT ON ${table} TO ${ROLE_NAMES.writer};`);
    }
    this.addSql(forceRowSecurity('plugin_storage'));
    this.addSql(policy('plugin_storage', 'writer', 'ALL', OWN_STORAGE));
    this.addSql(`GRANT SELECT, INSERT, UPDATE, DELETE ON plugin_storage TO ${ROLE_NAMES.writer};`);
  }
}
