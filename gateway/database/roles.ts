import { createHmac } from 'node:crypto';

import type { Client } from 'pg';

import { DatabaseError } from './database-error.ts';

/**
 * Who connects. `owner` migrates and nothing else; `app` answers requests and sees one workspace a
 * transaction; `writer` writes journals, heads, read models and leases of all workspaces and answers
 * no request. Neither app nor writer is a superuser, an owner of tables or exempt from row security.
 */
export type DatabaseRole = 'owner' | 'app' | 'writer';

/** Names in PostgreSQL; migrations grant to them. The owner of a DATABASE_URL may have any name. */
export const ROLE_NAMES: Readonly<Record<DatabaseRole, string>> = {
  owner: 'omniquant_owner',
  app: 'omniquant_app',
  writer: 'omniquant_writer',
};

/** What the superuser of the embedded server does once: the three roles and the database. */
export async function createRolesAndDatabase(
  admin: Client,
  passwords: Readonly<Record<DatabaseRole, string>>,
  database: string,
): Promise<void> {
  for (const role of ['owner', 'app', 'writer'] as const) {
    await ensureLoginRole(admin, ROLE_NAMES[role], passwords[role]);
  }
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  if (rowCount === 0) {
    await admin.query(
      `CREATE DATABASE ${admin.escapeIdentifier(database)} OWNER ${ROLE_NAMES.owner} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`,
    );
  }
}

/**
 * For a DATABASE_URL, whose user is the owner: makes `app` and `writer` if the owner may, with
 * passwords derived from its own, so that every replica knows them. An installation whose roles are
 * made by hand gives their URLs instead and does not call this.
 */
export async function createDerivedRoles(owner: Client, ownerUrl: string): Promise<void> {
  for (const role of ['app', 'writer'] as const) {
    await ensureLoginRole(owner, ROLE_NAMES[role], new URL(derivedUrl(ownerUrl, role)).password);
  }
}

/** URL of `app` or `writer` beside the owner's, with the derived password. */
export function derivedUrl(ownerUrl: string, role: 'app' | 'writer'): string {
  const url = new URL(ownerUrl);
  const key = decodeURIComponent(url.password);
  url.username = ROLE_NAMES[role];
  url.password = createHmac('sha256', key).update(`omniquant role ${role}`).digest('base64url');
  return url.href;
}

/** Throws DatabaseError ROLE_RIGHTS when `app` or `writer` could get round row-level security. */
export async function checkRoleRights(client: Client): Promise<void> {
  const { rows } = await client.query<{ rolname: string; owns: boolean }>(
    `SELECT rolname, EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) AS owns
       FROM pg_roles r
      WHERE rolname = ANY ($1) AND (rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_class WHERE relowner = r.oid))`,
    [[ROLE_NAMES.app, ROLE_NAMES.writer]],
  );
  const wrong = rows[0];
  if (wrong !== undefined) {
    const why = wrong.owns ? 'owns tables' : 'is a superuser or has BYPASSRLS';
    throw new DatabaseError(
      'ROLE_RIGHTS',
      `database role ${wrong.rolname} ${why}, so that row-level security would not hold: alter the role`,
    );
  }
}

async function ensureLoginRole(client: Client, name: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  const rights = 'LOGIN NOINHERIT NOCREATEDB NOCREATEROLE';
  await client.query(`${verb} ROLE ${name} ${rights} PASSWORD ${client.escapeLiteral(password)}`);
}
