import { ROLE_NAMES } from '../roles.ts';

/** The workspace of the transaction; null, which equals nothing, when none is set. Evaluated once a query. */
export const CURRENT_WORKSPACE = `(SELECT nullif(current_setting('app.workspace', true), ''))`;
/** The user on whose behalf the transaction runs. */
export const CURRENT_USER_ID = `(SELECT nullif(current_setting('app.user', true), ''))`;

/**
 * Row-level security of a tenant's table: enabled, and forced so that owning the table is no way
 * round it. `app` sees and writes rows of the transaction's workspace only, `writer` those of all;
 * either can do only what it is granted, e.g. 'SELECT, INSERT', or null for nothing.
 */
export function secureTenantTable(
  table: string,
  grants: { readonly app: string | null; readonly writer: string | null },
  ownWorkspace = `workspace_id = ${CURRENT_WORKSPACE}`,
): string {
  return [
    forceRowSecurity(table),
    ...(grants.app === null ? [] : allow(table, 'app', grants.app, ownWorkspace)),
    ...(grants.writer === null ? [] : allow(table, 'writer', grants.writer, 'true')),
  ].join('\n');
}

/** Without a policy nobody but a superuser sees a row: for partitions, which are read through their parent. */
export function forceRowSecurity(table: string): string {
  return `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;`;
}

/** For functions of the owner that look across workspaces on purpose. */
export function allowOwner(table: string, command: 'SELECT' | 'ALL'): string {
  return `CREATE POLICY ${table}_owner ON ${table} FOR ${command} TO CURRENT_USER USING (true);`;
}

function allow(table: string, role: 'app' | 'writer', grant: string, rows: string): string[] {
  const name = ROLE_NAMES[role];
  return [
    `CREATE POLICY ${table}_${role} ON ${table} TO ${name} USING (${rows}) WITH CHECK (${rows});`,
    `GRANT ${grant} ON ${table} TO ${name};`,
  ];
}
