import type { AuditLog, AuditRecord } from '../../core/ports/audit-log.ts';
import type {
  ApiKeyRecord,
  ApiKeyRepository,
  MembershipRecord,
  SessionRecord,
  SessionRepository,
  UserRecord,
  UserRepository,
  WorkspaceRecord,
  WorkspaceRepository,
} from '../../core/ports/identity.ts';

/** Users, sessions and keys in memory, held to the same contract as the database. */
export interface MemoryIdentity {
  readonly users: UserRepository;
  readonly workspaces: WorkspaceRepository;
  readonly sessions: SessionRepository;
  readonly apiKeys: ApiKeyRepository;
  readonly audit: AuditLog & { readonly records: readonly AuditRecord[] };
  /** What an administrator's tool would do: changes a role, or ends a membership with null. */
  setRole(workspaceId: string, userId: string, role: MembershipRecord['role'] | null): void;
  /** Raises the user's version, as every change of rights does. */
  bumpAuthz(userId: string): void;
  /** All that is stored, as text: to look for what must not be there. */
  dump(): string;
}

interface Tables {
  readonly users: Map<string, UserRecord>;
  readonly workspaces: Map<string, WorkspaceRecord>;
  readonly sessions: Map<string, SessionRecord>;
  readonly keys: Map<string, ApiKeyRecord>;
  memberships: MembershipRecord[];
}

export function createMemoryIdentity(): MemoryIdentity {
  const tables: Tables = {
    users: new Map(),
    workspaces: new Map(),
    sessions: new Map(),
    keys: new Map(),
    memberships: [],
  };
  const records: AuditRecord[] = [];
  const find = (workspaceId: string, userId: string): MembershipRecord | undefined =>
    tables.memberships.find((one) => one.workspaceId === workspaceId && one.userId === userId);
  return {
    users: usersOf(tables),
    workspaces: workspacesOf(tables),
    sessions: sessionsOf(tables, find),
    apiKeys: apiKeysOf(tables, find),
    audit: { records, append: async (record) => void records.push(record) },
    setRole(workspaceId, userId, role) {
      tables.memberships = tables.memberships.flatMap((one) => {
        if (one.workspaceId !== workspaceId || one.userId !== userId) return [one];
        return role === null ? [] : [{ ...one, role }];
      });
    },
    bumpAuthz(userId) {
      const user = tables.users.get(userId)!;
      tables.users.set(userId, { ...user, authzVersion: user.authzVersion + 1 });
    },
    dump: () =>
      JSON.stringify([
        [...tables.users],
        [...tables.sessions],
        [...tables.keys],
        tables.memberships,
        records,
      ]),
  };
}

function usersOf(tables: Tables): UserRepository {
  const byEmail = (email: string): UserRecord | null =>
    [...tables.users.values()].find((user) => user.email === email) ?? null;
  return {
    findByEmail: async (email) => byEmail(email),
    findById: async (id) => tables.users.get(id) ?? null,
    async register(user, workspace, membership) {
      if (byEmail(user.email) !== null) return 'EMAIL_TAKEN';
      tables.users.set(user.id, user);
      tables.workspaces.set(workspace.id, workspace);
      tables.memberships.push(membership);
      return 'REGISTERED';
    },
    async replacePasswordHash(id, expected, replacement) {
      const user = tables.users.get(id);
      if (user?.passwordHash !== expected) return false;
      tables.users.set(id, { ...user, passwordHash: replacement });
      return true;
    },
    async markEmailVerified(id, at) {
      const user = tables.users.get(id);
      if (user === undefined) return false;
      tables.users.set(id, { ...user, emailVerifiedAt: user.emailVerifiedAt ?? at });
      return true;
    },
  };
}

function workspacesOf(tables: Tables): WorkspaceRepository {
  return {
    findById: async (id) => tables.workspaces.get(id) ?? null,
    membershipsOf: async (userId) =>
      tables.memberships
        .filter((one) => one.userId === userId)
        .sort((a, b) => a.createdAt - b.createdAt || (a.workspaceId < b.workspaceId ? -1 : 1)),
  };
}

type FindMembership = (workspaceId: string, userId: string) => MembershipRecord | undefined;

function sessionsOf(tables: Tables, membership: FindMembership): SessionRepository {
  return {
    insert: async (session) => void tables.sessions.set(session.id, session),
    findBySelector: async (selector) =>
      [...tables.sessions.values()].find((session) => session.selector === selector) ?? null,
    async findById(workspaceId, id) {
      const session = tables.sessions.get(id);
      return session?.workspaceId === workspaceId ? session : null;
    },
    async standing(id) {
      const session = tables.sessions.get(id);
      if (session === undefined) return null;
      const { userId, workspaceId, expiresAt, revokedAt } = session;
      return {
        sessionId: id,
        userId,
        workspaceId,
        expiresAt,
        revokedAt,
        authzVersion: tables.users.get(userId)!.authzVersion,
        role: membership(workspaceId, userId)?.role ?? null,
      };
    },
    async compareAndSet(next, expectedVersion) {
      if (tables.sessions.get(next.id)?.version !== expectedVersion) return false;
      tables.sessions.set(next.id, next);
      return true;
    },
  };
}

function apiKeysOf(tables: Tables, membership: FindMembership): ApiKeyRepository {
  const find = (workspaceId: string, id: string): ApiKeyRecord | null => {
    const key = tables.keys.get(id);
    return key?.workspaceId === workspaceId ? key : null;
  };
  return {
    insert: async (key) => void tables.keys.set(key.id, key),
    async standing(id) {
      const key = tables.keys.get(id);
      if (key === undefined) return null;
      return {
        key,
        creatorRole: membership(key.workspaceId, key.createdBy)?.role ?? null,
        authzVersion: tables.users.get(key.createdBy)!.authzVersion,
      };
    },
    findById: async (workspaceId, id) => find(workspaceId, id),
    listByCreator: async (workspaceId, userId) =>
      [...tables.keys.values()]
        .filter((key) => key.workspaceId === workspaceId && key.createdBy === userId)
        .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)),
    async revoke(workspaceId, id, at) {
      const key = find(workspaceId, id);
      if (key === null) return null;
      const revoked = { ...key, revokedAt: key.revokedAt ?? at };
      tables.keys.set(id, revoked);
      return revoked;
    },
    async touch(workspaceId, id, at) {
      const key = find(workspaceId, id);
      if (key !== null) tables.keys.set(id, { ...key, lastUsedAt: Math.max(key.lastUsedAt ?? 0, at) });
    },
  };
}
