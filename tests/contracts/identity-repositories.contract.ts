import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type {
  ApiKeyRecord,
  ApiKeyRepository,
  SessionRecord,
  SessionRepository,
  UserRecord,
  UserRepository,
  WorkspaceRecord,
  WorkspaceRepository,
} from '../../core/ports/identity.ts';

export interface IdentityRepositories {
  readonly users: UserRepository;
  readonly workspaces: WorkspaceRepository;
  readonly sessions: SessionRepository;
  readonly apiKeys: ApiKeyRepository;
  close(): Promise<void>;
}

const AT = Date.UTC(2026, 0, 5, 12, 0, 0, 123);
const HOUR = 3_600_000;
const { signal } = new AbortController();

/** What core/identity relies on, over any adapter. Ids and addresses are new each time: nothing is cleaned up. */
export function describeIdentityRepositories(name: string, open: () => Promise<IdentityRepositories>): void {
  describe(`identity repositories: ${name}`, () => {
    let store: IdentityRepositories;
    beforeAll(async () => void (store = await open()));
    afterAll(() => store.close());

    const register = async (): Promise<{ user: UserRecord; workspace: WorkspaceRecord }> => {
      const made = newUser();
      const outcome = await store.users.register(made.user, made.workspace, made.membership, signal);
      expect(outcome).toBe('REGISTERED');
      return made;
    };
    const openSession = async (): Promise<SessionRecord> => {
      const { user, workspace } = await register();
      const session = newSession(user.id, workspace.id);
      await store.sessions.insert(session, signal);
      return session;
    };
    const makeKey = async (): Promise<ApiKeyRecord> => {
      const { user, workspace } = await register();
      const key = newKey(user.id, workspace.id);
      await store.apiKeys.insert(key, signal);
      return key;
    };

    it('gives back a registered user, workspace and membership as they were', async () => {
      const made = newUser();
      await store.users.register(made.user, made.workspace, made.membership, signal);
      expect(await store.users.findByEmail(made.user.email, signal)).toEqual(made.user);
      expect(await store.users.findById(made.user.id, signal)).toEqual(made.user);
      expect(await store.workspaces.findById(made.workspace.id, signal)).toEqual(made.workspace);
      expect(await store.workspaces.membershipsOf(made.user.id, signal)).toEqual([made.membership]);
    });

    it('knows nothing of what was never registered', async () => {
      expect(await store.users.findByEmail(`${randomUUID()}@example.com`, signal)).toBeNull();
      expect(await store.users.findById(randomUUID(), signal)).toBeNull();
      expect(await store.workspaces.findById(randomUUID(), signal)).toBeNull();
      expect(await store.workspaces.membershipsOf(randomUUID(), signal)).toEqual([]);
      expect(await store.sessions.findBySelector(randomUUID(), signal)).toBeNull();
      expect(await store.sessions.standing(randomUUID(), signal)).toBeNull();
      expect(await store.apiKeys.standing(randomUUID(), signal)).toBeNull();
    });

    it('registers an address once, and leaves nothing behind of the second', async () => {
      const first = await register();
      const second = newUser({ email: first.user.email });
      const outcome = await store.users.register(second.user, second.workspace, second.membership, signal);
      expect(outcome).toBe('EMAIL_TAKEN');
      expect(await store.users.findById(second.user.id, signal)).toBeNull();
      expect(await store.workspaces.findById(second.workspace.id, signal)).toBeNull();
    });

    it('lets one of many simultaneous registrations of an address win', async () => {
      const email = `${randomUUID()}@example.com`;
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, () => {
          const { user, workspace, membership } = newUser({ email });
          return store.users.register(user, workspace, membership, signal);
        }),
      );
      expect(outcomes.filter((outcome) => outcome === 'REGISTERED')).toHaveLength(1);
    });

    it('replaces a password hash only if it is still the expected one', async () => {
      const { user } = await register();
      expect(await store.users.replacePasswordHash(user.id, 'another', 'new', signal)).toBe(false);
      expect(await store.users.replacePasswordHash(user.id, user.passwordHash, 'new', signal)).toBe(true);
      expect((await store.users.findById(user.id, signal))?.passwordHash).toBe('new');
      expect(await store.users.replacePasswordHash(user.id, user.passwordHash, 'newer', signal)).toBe(false);
    });

    it('keeps the time at which an address was first verified', async () => {
      const { user } = await register();
      expect(await store.users.markEmailVerified(user.id, AT + 1, signal)).toBe(true);
      expect(await store.users.markEmailVerified(user.id, AT + 2, signal)).toBe(true);
      expect((await store.users.findById(user.id, signal))?.emailVerifiedAt).toBe(AT + 1);
      expect(await store.users.markEmailVerified(randomUUID(), AT, signal)).toBe(false);
    });

    it('finds a session by its selector, and by its id in its own workspace only', async () => {
      const session = await openSession();
      expect(await store.sessions.findBySelector(session.selector, signal)).toEqual(session);
      expect(await store.sessions.findById(session.workspaceId, session.id, signal)).toEqual(session);
      const { workspace } = await register();
      expect(await store.sessions.findById(workspace.id, session.id, signal)).toBeNull();
    });

    it('answers how a session stands', async () => {
      const session = await openSession();
      expect(await store.sessions.standing(session.id, signal)).toEqual({
        sessionId: session.id,
        userId: session.userId,
        workspaceId: session.workspaceId,
        expiresAt: session.expiresAt,
        revokedAt: null,
        authzVersion: 1,
        role: 'ADMIN',
      });
    });

    it('stores every part of a session that a rotation or an end changes', async () => {
      const session = await openSession();
      const rotated: SessionRecord = {
        ...session,
        version: 2,
        liveHashes: ['c'.repeat(64), 'd'.repeat(64)],
        previousHash: session.liveHashes[0]!,
        rotatedAt: AT + 5,
        idleExpiresAt: AT + 2 * HOUR,
      };
      expect(await store.sessions.compareAndSet(rotated, 1, signal)).toBe(true);
      expect(await store.sessions.findBySelector(session.selector, signal)).toEqual(rotated);
      const ended: SessionRecord = {
        ...rotated,
        version: 3,
        revokedAt: AT + 6,
        revokedReason: 'TOKEN_REUSED',
      };
      expect(await store.sessions.compareAndSet(ended, 2, signal)).toBe(true);
      expect(await store.sessions.findBySelector(session.selector, signal)).toEqual(ended);
      expect((await store.sessions.standing(session.id, signal))?.revokedAt).toBe(AT + 6);
    });

    it('lets exactly one of many simultaneous changes of a session win', async () => {
      const session = await openSession();
      const hashes = Array.from({ length: 8 }, (_, i) => String(i).repeat(64));
      const outcomes = await Promise.all(
        hashes.map((hash) =>
          store.sessions.compareAndSet({ ...session, version: 2, liveHashes: [hash] }, 1, signal),
        ),
      );
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      const stored = await store.sessions.findBySelector(session.selector, signal);
      expect(stored?.liveHashes).toEqual([hashes[outcomes.indexOf(true)]]);
    });

    it('changes nothing when the version is not the expected one', async () => {
      const session = await openSession();
      expect(await store.sessions.compareAndSet({ ...session, version: 8 }, 7, signal)).toBe(false);
      expect(await store.sessions.findBySelector(session.selector, signal)).toEqual(session);
    });

    it('gives back an API key as it was, with how its creator stands', async () => {
      const key = await makeKey();
      expect(await store.apiKeys.standing(key.id, signal)).toEqual({
        key,
        creatorRole: 'ADMIN',
        authzVersion: 1,
      });
      expect(await store.apiKeys.findById(key.workspaceId, key.id, signal)).toEqual(key);
    });

    it('neither shows, lists, revokes nor touches a key of another workspace', async () => {
      const key = await makeKey();
      const { workspace } = await register();
      expect(await store.apiKeys.findById(workspace.id, key.id, signal)).toBeNull();
      expect(await store.apiKeys.listByCreator(workspace.id, key.createdBy, signal)).toEqual([]);
      expect(await store.apiKeys.revoke(workspace.id, key.id, AT, signal)).toBeNull();
      await store.apiKeys.touch(workspace.id, key.id, AT, signal);
      expect(await store.apiKeys.findById(key.workspaceId, key.id, signal)).toEqual(key);
    });

    it('lists the keys of their creator, newest first', async () => {
      const old = await makeKey();
      const recent = newKey(old.createdBy, old.workspaceId, { createdAt: AT + 1, expiresAt: null });
      await store.apiKeys.insert(recent, signal);
      expect(await store.apiKeys.listByCreator(old.workspaceId, old.createdBy, signal)).toEqual([
        recent,
        old,
      ]);
    });

    it('revokes once: the first time stays', async () => {
      const key = await makeKey();
      const revoked = { ...key, revokedAt: AT + 1 };
      expect(await store.apiKeys.revoke(key.workspaceId, key.id, AT + 1, signal)).toEqual(revoked);
      expect(await store.apiKeys.revoke(key.workspaceId, key.id, AT + 2, signal)).toEqual(revoked);
      expect((await store.apiKeys.standing(key.id, signal))?.key).toEqual(revoked);
    });

    it('never moves the last use back', async () => {
      const key = await makeKey();
      await store.apiKeys.touch(key.workspaceId, key.id, AT + 5, signal);
      await store.apiKeys.touch(key.workspaceId, key.id, AT + 3, signal);
      expect((await store.apiKeys.findById(key.workspaceId, key.id, signal))?.lastUsedAt).toBe(AT + 5);
    });
  });
}

function newUser(given: Partial<UserRecord> = {}) {
  const id = randomUUID();
  const user: UserRecord = {
    id,
    email: `${id}@example.com`,
    displayName: 'Zoë 李 🙂',
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
    authzVersion: 1,
    emailVerifiedAt: null,
    createdAt: AT,
    ...given,
  };
  const workspace: WorkspaceRecord = { id: randomUUID(), name: "O'Brien; drop table x", createdAt: AT };
  const membership = { workspaceId: workspace.id, userId: id, role: 'ADMIN' as const, createdAt: AT };
  return { user, workspace, membership };
}

function newSession(userId: string, workspaceId: string): SessionRecord {
  return {
    id: randomUUID(),
    userId,
    workspaceId,
    selector: randomUUID().replaceAll('-', '').slice(0, 22),
    version: 1,
    liveHashes: ['a'.repeat(64)],
    previousHash: null,
    rotatedAt: null,
    createdAt: AT,
    expiresAt: AT + 24 * HOUR,
    idleExpiresAt: AT + HOUR,
    revokedAt: null,
    revokedReason: null,
  };
}

function newKey(createdBy: string, workspaceId: string, given: Partial<ApiKeyRecord> = {}): ApiKeyRecord {
  const id = randomUUID();
  return {
    id,
    workspaceId,
    createdBy,
    name: 'desk "1"',
    prefix: `oq_live_${id.replaceAll('-', '')}`,
    scopes: ['READ', 'TRADE'],
    mac: 'b'.repeat(64),
    createdAt: AT,
    expiresAt: AT + HOUR,
    lastUsedAt: null,
    revokedAt: null,
    ...given,
  };
}
