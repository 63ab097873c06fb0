import type { AccessClaims } from '../ports/credentials.ts';
import type { MembershipRecord, SessionRecord, UserRecord, WorkspaceRecord } from '../ports/identity.ts';
import type { IdentityPorts } from './identity-ports.ts';
import type { OpenedSession } from './identity-services.ts';
import { formatRefreshToken, newSelector, newVerifier } from './refresh-token.ts';

/** A user where they are a member. */
export interface Member {
  readonly user: UserRecord;
  readonly workspace: WorkspaceRecord;
  readonly membership: MembershipRecord;
}

/** Starts a session of its own family; audited. */
export async function openSession(
  ports: IdentityPorts,
  member: Member,
  signal: AbortSignal,
): Promise<OpenedSession> {
  const now = ports.clock.now();
  const selector = newSelector(ports.secrets);
  const verifier = newVerifier(ports.secrets);
  const session: SessionRecord = {
    id: ports.ids.next(),
    userId: member.user.id,
    workspaceId: member.workspace.id,
    selector,
    version: 1,
    liveHashes: [ports.digests.sha256(verifier)],
    previousHash: null,
    rotatedAt: null,
    createdAt: now,
    expiresAt: now + ports.settings.sessionTtl,
    idleExpiresAt: now + Math.min(ports.settings.sessionIdleTtl, ports.settings.sessionTtl),
    revokedAt: null,
    revokedReason: null,
  };
  await ports.sessions.insert(session, signal);
  await ports.audit.append(
    {
      workspaceId: session.workspaceId,
      at: now,
      actor: `user:${session.userId}`,
      action: 'session.opened',
      target: `session:${session.id}`,
      details: null,
    },
    signal,
  );
  return issueTokens(ports, session, member, formatRefreshToken({ selector, verifier }));
}

/** The pair a client gets: a new access token beside the refresh token just made. */
export async function issueTokens(
  ports: IdentityPorts,
  session: SessionRecord,
  { user, workspace, membership }: Member,
  refreshToken: string,
): Promise<OpenedSession> {
  const wanted = Math.min(ports.clock.now() + ports.settings.accessTokenTtl, session.expiresAt);
  const claims: AccessClaims = {
    userId: user.id,
    sessionId: session.id,
    workspaceId: workspace.id,
    role: membership.role,
    authzVersion: user.authzVersion,
    // A token says its end in whole seconds, and the answer should say the same.
    expiresAt: Math.floor(wanted / 1000) * 1000,
  };
  const accessToken = await ports.tokens.signAccess(claims);
  return { accessToken, refreshToken, expiresAt: claims.expiresAt, user, workspace };
}

/** The user's membership in a workspace, or in their oldest where none is named; null without one. */
export async function findMember(
  ports: IdentityPorts,
  user: UserRecord,
  workspaceId: string | null,
  signal: AbortSignal,
): Promise<Member | null> {
  const memberships = await ports.workspaces.membershipsOf(user.id, signal);
  const membership = memberships.find((one) => workspaceId === null || one.workspaceId === workspaceId);
  if (membership === undefined) return null;
  const workspace = await ports.workspaces.findById(membership.workspaceId, signal);
  return workspace === null ? null : { user, workspace, membership };
}
