import { Migration } from '@mikro-orm/migrations';

import { ROLE_NAMES } from '../roles.ts';
import { allowOwner, CURRENT_USER_ID, CURRENT_WORKSPACE, secureTenantTable } from './row-security.ts';

/*
 * Ids are text compared byte by byte (COLLATE "C"), so that any id a client sends is just not found.
 * Times are epoch milliseconds.
 */

const INSTALLATION = `
CREATE TABLE installation (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  id text NOT NULL,
  -- Changes when the database is restored from a backup: cursors of another history are refused.
  journal_incarnation text NOT NULL,
  venue_prefix text NOT NULL
);
GRANT SELECT ON installation TO ${ROLE_NAMES.app}, ${ROLE_NAMES.writer};

CREATE TABLE gateway_state (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  state text NOT NULL CHECK (state IN ('ACTIVE', 'REDUCING', 'HALTED')),
  version bigint NOT NULL,
  cancel_open_orders boolean NOT NULL,
  reason text NOT NULL,
  changed_by text,
  changed_at bigint
);
INSERT INTO gateway_state (state, version, cancel_open_orders, reason) VALUES ('ACTIVE', 0, false, '');
GRANT SELECT, UPDATE ON gateway_state TO ${ROLE_NAMES.app};
GRANT SELECT ON gateway_state TO ${ROLE_NAMES.writer};

CREATE TABLE lease (
  resource text COLLATE "C" PRIMARY KEY,
  owner text NOT NULL,
  address text NOT NULL,
  epoch bigint NOT NULL,
  expires_at timestamptz NOT NULL
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE ON lease TO ${ROLE_NAMES.writer};
`;

const PEOPLE = `
CREATE TABLE workspace (
  id text COLLATE "C" PRIMARY KEY,
  name text NOT NULL,
  created_at bigint NOT NULL
);

CREATE TABLE app_user (
  id text COLLATE "C" PRIMARY KEY,
  email text COLLATE "C" NOT NULL UNIQUE,
  display_name text NOT NULL,
  password_hash text NOT NULL,
  authz_version integer NOT NULL,
  email_verified_at bigint,
  created_at bigint NOT NULL
);

CREATE TABLE membership (
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspace (id),
  user_id text COLLATE "C" NOT NULL REFERENCES app_user (id),
  role text NOT NULL CHECK (role IN ('ADMIN', 'TRADER', 'VIEWER')),
  created_at bigint NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX membership_user ON membership (user_id);

CREATE TABLE session (
  id text COLLATE "C" PRIMARY KEY,
  user_id text COLLATE "C" NOT NULL REFERENCES app_user (id),
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspace (id),
  selector text COLLATE "C" NOT NULL UNIQUE,
  version integer NOT NULL,
  live_hashes text[] NOT NULL,
  previous_hash text,
  rotated_at bigint,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  idle_expires_at bigint NOT NULL,
  revoked_at bigint,
  revoked_reason text
) WITH (fillfactor = 70);

CREATE TABLE api_key (
  id text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspace (id),
  created_by text COLLATE "C" NOT NULL REFERENCES app_user (id),
  name text NOT NULL,
  prefix text NOT NULL,
  scopes text[] NOT NULL,
  mac text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint,
  last_used_at bigint,
  revoked_at bigint
) WITH (fillfactor = 70);
CREATE INDEX api_key_creator ON api_key (workspace_id, created_by, created_at);
`;

/** An e-mail address, a token's selector, a session or a key is looked up before a workspace is known. */
const LOOKUPS = `
CREATE FUNCTION user_by_email(p_email text) RETURNS SETOF app_user
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ SELECT * FROM app_user WHERE email = p_email $$;

CREATE FUNCTION session_by_selector(p_selector text) RETURNS SETOF session
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ SELECT * FROM session WHERE selector = p_selector $$;

CREATE FUNCTION session_standing(p_id text) RETURNS TABLE (
    id text, user_id text, workspace_id text, expires_at bigint, revoked_at bigint, authz_version integer, role text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT s.id, s.user_id, s.workspace_id, s.expires_at, s.revoked_at, u.authz_version, m.role
      FROM session s
      JOIN app_user u ON u.id = s.user_id
      LEFT JOIN membership m ON m.workspace_id = s.workspace_id AND m.user_id = s.user_id
     WHERE s.id = p_id $$;

CREATE FUNCTION api_key_standing(p_id text) RETURNS TABLE (
    id text, workspace_id text, created_by text, name text, prefix text, scopes text[], mac text, created_at bigint,
    expires_at bigint, last_used_at bigint, revoked_at bigint, creator_role text, authz_version integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
    SELECT k.id, k.workspace_id, k.created_by, k.name, k.prefix, k.scopes, k.mac, k.created_at,
           k.expires_at, k.last_used_at, k.revoked_at, m.role, u.authz_version
      FROM api_key k
      JOIN app_user u ON u.id = k.created_by
      LEFT JOIN membership m ON m.workspace_id = k.workspace_id AND m.user_id = k.created_by
     WHERE k.id = p_id $$;

REVOKE EXECUTE ON FUNCTION user_by_email, session_by_selector, session_standing, api_key_standing FROM PUBLIC;
GRANT EXECUTE ON FUNCTION user_by_email, session_by_selector, session_standing, api_key_standing TO ${ROLE_NAMES.app};
`;

export class Tenancy extends Migration {
  override up(): void {
    this.addSql(INSTALLATION);
    this.addSql(PEOPLE);
    this.addSql(
      secureTenantTable(
        'workspace',
        { app: 'SELECT, INSERT, UPDATE', writer: null },
        `id = ${CURRENT_WORKSPACE}`,
      ),
    );
    this.addSql(
      secureTenantTable(
        'app_user',
        { app: 'SELECT, INSERT, UPDATE', writer: null },
        `id = ${CURRENT_USER_ID}`,
      ),
    );
    this.addSql(
      secureTenantTable(
        'membership',
        { app: 'SELECT, INSERT', writer: null },
        `workspace_id = ${CURRENT_WORKSPACE}`,
      ),
    );
    // One's own memberships in all workspaces.
    this.addSql(
      `CREATE POLICY membership_own ON membership FOR SELECT TO ${ROLE_NAMES.app} USING (user_id = ${CURRENT_USER_ID});`,
    );
    this.addSql(secureTenantTable('session', { app: 'SELECT, INSERT, UPDATE', writer: null }));
    this.addSql(secureTenantTable('api_key', { app: 'SELECT, INSERT, UPDATE', writer: null }));
    for (const table of ['app_user', 'membership', 'session', 'api_key']) {
      this.addSql(allowOwner(table, 'SELECT'));
    }
    this.addSql(LOOKUPS);
  }
}
