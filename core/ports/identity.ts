import type { ApiScope, Role } from '../identity/access.ts';

/*
 * Who may come in, as stored. Times are epoch ms of the wall clock, ids are UUIDs, hashes are lower-case
 * hex unless said otherwise. Secrets themselves never reach a repository. Every method is one
 * transaction. What is looked up by an e-mail address, a token's selector or a key's id is read before
 * a workspace is known, so it cannot depend on the request's workspace; all else names its workspace.
 */

export interface UserRecord {
  readonly id: string;
  /** Normalised: trimmed, NFC, lower case. Unique. */
  readonly email: string;
  readonly displayName: string;
  /** PHC string of argon2id. */
  readonly passwordHash: string;
  /** Grows when the user's rights or credentials change: tokens that carry an older one are refused. */
  readonly authzVersion: number;
  readonly emailVerifiedAt: number | null;
  readonly createdAt: number;
}

export interface WorkspaceRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

export interface MembershipRecord {
  readonly workspaceId: string;
  readonly userId: string;
  readonly role: Role;
  readonly createdAt: number;
}

export interface UserRepository {
  findByEmail(email: string, signal: AbortSignal): Promise<UserRecord | null>;
  findById(id: string, signal: AbortSignal): Promise<UserRecord | null>;
  /** A user with a workspace of their own: all three rows or, where the address is known, none. */
  register(
    user: UserRecord,
    workspace: WorkspaceRecord,
    membership: MembershipRecord,
    signal: AbortSignal,
  ): Promise<'REGISTERED' | 'EMAIL_TAKEN'>;
  /** Compare-and-set, so that a rehash at sign-in never undoes a change of password. Answers whether it was set. */
  replacePasswordHash(
    id: string,
    expected: string,
    replacement: string,
    signal: AbortSignal,
  ): Promise<boolean>;
  /** Answers false when there is no such user; an address verified before keeps its time. */
  markEmailVerified(id: string, at: number, signal: AbortSignal): Promise<boolean>;
}

export interface WorkspaceRepository {
  findById(id: string, signal: AbortSignal): Promise<WorkspaceRecord | null>;
  /** Oldest first, ties by workspace id. */
  membershipsOf(userId: string, signal: AbortSignal): Promise<readonly MembershipRecord[]>;
}

/**
 * A sign-in and the refresh tokens that descend from it (the family). A refresh token is
 * `<selector>.<verifier>`; only hashes of verifiers are kept. Invariants:
 * - any one of `liveHashes` (never empty) may be used, once, and then all of them are spent;
 * - `previousHash` is the token whose use made the live ones, null before the first rotation;
 * - `version` grows by one with each change.
 */
export interface SessionRecord {
  /** The `sid` of access tokens. */
  readonly id: string;
  readonly userId: string;
  readonly workspaceId: string;
  /** Random and unique; says which family a refresh token belongs to. */
  readonly selector: string;
  readonly version: number;
  readonly liveHashes: readonly string[];
  readonly previousHash: string | null;
  readonly rotatedAt: number | null;
  readonly createdAt: number;
  /** No token of the family is good from here on, however often rotated. */
  readonly expiresAt: number;
  /** Moves with each rotation: a session unused for long ends. */
  readonly idleExpiresAt: number;
  readonly revokedAt: number | null;
  readonly revokedReason: SessionEnd | null;
}

export type SessionEnd = 'SIGNED_OUT' | 'TOKEN_REUSED';

/** What decides whether an access token is still good. */
export interface SessionStanding {
  readonly sessionId: string;
  readonly userId: string;
  readonly workspaceId: string;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  /** Of the user, now. */
  readonly authzVersion: number;
  /** Of the user in the session's workspace, now; null when no longer a member. */
  readonly role: Role | null;
}

export interface SessionRepository {
  insert(session: SessionRecord, signal: AbortSignal): Promise<void>;
  findBySelector(selector: string, signal: AbortSignal): Promise<SessionRecord | null>;
  findById(workspaceId: string, id: string, signal: AbortSignal): Promise<SessionRecord | null>;
  /** One query, by the token's session id. */
  standing(id: string, signal: AbortSignal): Promise<SessionStanding | null>;
  /**
   * Stores `next` (whose version is `expectedVersion + 1`) if the stored version is the expected one;
   * answers whether it was. Only version, hashes, rotatedAt, idleExpiresAt and the revocation change.
   */
  compareAndSet(next: SessionRecord, expectedVersion: number, signal: AbortSignal): Promise<boolean>;
}

export interface ApiKeyRecord {
  readonly id: string;
  readonly workspaceId: string;
  /** User id of the creator: the key never may more than its creator may at the time. */
  readonly createdBy: string;
  readonly name: string;
  /** The part of the key that is no secret: what a list shows. */
  readonly prefix: string;
  readonly scopes: readonly ApiScope[];
  /** HMAC-SHA-256 of the whole key under the pepper. */
  readonly mac: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

export interface ApiKeyStanding {
  readonly key: ApiKeyRecord;
  /** Of the creator in the key's workspace, now; null when no longer a member. */
  readonly creatorRole: Role | null;
  /** Of the creator, now. */
  readonly authzVersion: number;
}

export interface ApiKeyRepository {
  insert(key: ApiKeyRecord, signal: AbortSignal): Promise<void>;
  /** One query, by the id in the presented key. */
  standing(id: string, signal: AbortSignal): Promise<ApiKeyStanding | null>;
  findById(workspaceId: string, id: string, signal: AbortSignal): Promise<ApiKeyRecord | null>;
  /** Newest first, ties by id descending; revoked and expired ones included. */
  listByCreator(workspaceId: string, userId: string, signal: AbortSignal): Promise<readonly ApiKeyRecord[]>;
  /** The key as it is after; one revoked before keeps its time. Null when the workspace has no such key. */
  revoke(workspaceId: string, id: string, at: number, signal: AbortSignal): Promise<ApiKeyRecord | null>;
  /** Sets the last use, never backwards. */
  touch(workspaceId: string, id: string, at: number, signal: AbortSignal): Promise<void>;
}
