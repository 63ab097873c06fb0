import { Migration } from '@mikro-orm/migrations';

import { ROLE_NAMES } from '../roles.ts';
import { allowOwner } from './row-security.ts';

/** The first workspace of the installation is its operator's: it alone may stop everybody's trading. */
const OPERATOR = `
CREATE FUNCTION operator_workspace() RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ SELECT id FROM workspace ORDER BY created_at, id LIMIT 1 $$;
REVOKE EXECUTE ON FUNCTION operator_workspace FROM PUBLIC;
GRANT EXECUTE ON FUNCTION operator_workspace TO ${ROLE_NAMES.app};
`;

export class OperatorWorkspace extends Migration {
  override up(): void {
    this.addSql(allowOwner('workspace', 'SELECT'));
    this.addSql(OPERATOR);
  }
}
