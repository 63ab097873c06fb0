import { Migration } from '@mikro-orm/migrations';

import { ROLE_NAMES } from '../roles.ts';
import { allowOwner, CURRENT_WORKSPACE, secureTenantTable } from './row-security.ts';

/*
 * One chain a workspace: entries are numbered without holes, and each hash covers the entry and the
 * hash before it. Entries are added by functions alone, which hold the workspace's head row until the
 * transaction ends: call them last. Nobody is granted a change or a removal.
 */
const TABLES = `
CREATE TABLE audit_head (
  workspace_id text COLLATE "C" PRIMARY KEY REFERENCES workspace (id),
  sequence bigint NOT NULL,
  hash bytea NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE audit_entry (
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspace (id),
  sequence bigint NOT NULL,
  account_id text COLLATE "C",
  -- Of the journal event, for an act on an account.
  account_seq bigint,
  at bigint NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  target text,
  -- Canonical JSON.
  details text,
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (workspace_id, sequence),
  FOREIGN KEY (workspace_id, account_id) REFERENCES account (workspace_id, account_id)
);
CREATE INDEX audit_entry_account ON audit_entry (account_id, sequence) WHERE account_id IS NOT NULL;
`;

/** The hashed text is the canonical JSON of the entry: keys in order, strings as JSON.stringify has them. */
const FUNCTIONS = `
CREATE FUNCTION audit_chain(
    p_workspace text, p_account text, p_account_seq bigint, p_at bigint, p_actor text, p_action text, p_target text, p_details text)
  RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
DECLARE
  v_sequence bigint;
  v_previous bytea;
  v_hash bytea;
BEGIN
  INSERT INTO audit_head VALUES (p_workspace, 0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
  SELECT sequence + 1, hash INTO STRICT v_sequence, v_previous
    FROM audit_head WHERE workspace_id = p_workspace FOR UPDATE;
  v_hash := sha256(convert_to(
    encode(v_previous, 'hex')
      || '{"accountId":' || coalesce(to_json(p_account)::text, 'null')
      || ',"accountSeq":' || coalesce(p_account_seq::text, 'null')
      || ',"action":' || to_json(p_action)::text
      || ',"actor":' || to_json(p_actor)::text
      || ',"at":' || p_at::text
      || ',"details":' || coalesce(p_details, 'null')
      || ',"sequence":' || v_sequence::text
      || ',"target":' || coalesce(to_json(p_target)::text, 'null')
      || ',"workspaceId":' || to_json(p_workspace)::text || '}', 'UTF8'));
  INSERT INTO audit_entry VALUES (
    p_workspace, v_sequence, p_account, p_account_seq, p_at, p_actor, p_action, p_target, p_details, v_previous, v_hash);
  UPDATE audit_head SET sequence = v_sequence, hash = v_hash WHERE workspace_id = p_workspace;
  RETURN v_sequence;
END $$;

-- For requests: always of the transaction's own workspace.
CREATE FUNCTION append_audit(p_account text, p_at bigint, p_actor text, p_action text, p_target text, p_details text)
  RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ SELECT audit_chain(${CURRENT_WORKSPACE}, p_account, NULL, p_at, p_actor, p_action, p_target, p_details) $$;

REVOKE EXECUTE ON FUNCTION audit_chain, append_audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_chain TO ${ROLE_NAMES.writer};
GRANT EXECUTE ON FUNCTION append_audit TO ${ROLE_NAMES.app};
`;

export class Audit extends Migration {
  override up(): void {
    this.addSql(TABLES);
    this.addSql(secureTenantTable('audit_head', { app: null, writer: 'SELECT' }));
    this.addSql(secureTenantTable('audit_entry', { app: 'SELECT', writer: 'SELECT' }));
    this.addSql(allowOwner('audit_head', 'ALL'));
    this.addSql(allowOwner('audit_entry', 'ALL'));
    this.addSql(FUNCTIONS);
  }
}
