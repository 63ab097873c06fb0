import type { SessionRecord } from '../ports/identity.ts';
import { IdentityError } from './identity-error.ts';
import type { IdentityPorts } from './identity-ports.ts';
import type { CallOrigin, OpenedSession } from './identity-services.ts';
import { findMember, issueTokens } from './open-session.ts';
import { type Principal, sessionSubject } from './principal.ts';
import { formatRefreshToken, newVerifier, parseRefreshToken } from './refresh-token.ts';
import { ended, rotate, type Rotation } from './session-family.ts';

/** Each attempt loses only to another change of the same session, so a few are enough for any client. */
const MAX_ATTEMPTS = 8;

/** Rotates; UNAUTHENTICATED for a token that is not good, and the family ends when it was good once. */
export async function refreshSession(
  ports: IdentityPorts,
  refreshToken: string,
  { signal }: CallOrigin,
): Promise<OpenedSession> {
  const token = parseRefreshToken(refreshToken);
  if (token === null) throw notRefreshable();
  const presentedHash = ports.digests.sha256(token.verifier);
  const verifier = newVerifier(ports.secrets);
  const freshHash = ports.digests.sha256(verifier);

  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const session = await ports.sessions.findBySelector(token.selector, signal);
    if (session === null) throw notRefreshable();
    const rotation = rotate(session, presentedHash, freshHash, ports.clock.now(), ports.settings);
    refuseWithoutChange(rotation);
    if (!(await ports.sessions.compareAndSet(rotation.next, session.version, signal))) continue;
    if (rotation.kind === 'REUSED') {
      await announceEnd(ports, rotation.next, 'session.token-reused', signal);
      throw notRefreshable();
    }
    return reissue(ports, rotation.next, formatRefreshToken({ selector: token.selector, verifier }), signal);
  }
  throw contended();
}

/** Ends the principal's session, all its tokens with it. False for an API key, which has none. */
export async function signOut(
  ports: IdentityPorts,
  principal: Principal,
  { signal }: CallOrigin,
): Promise<boolean> {
  if (principal.sessionId === null) return false;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const session = await ports.sessions.findById(principal.workspaceId, principal.sessionId, signal);
    if (session === null || session.revokedAt !== null) return true;
    const next = ended(session, 'SIGNED_OUT', ports.clock.now());
    if (!(await ports.sessions.compareAndSet(next, session.version, signal))) continue;
    await announceEnd(ports, next, 'session.closed', signal);
    return true;
  }
  throw contended();
}

function refuseWithoutChange(
  rotation: Rotation,
): asserts rotation is Extract<Rotation, { readonly next: SessionRecord }> {
  if (rotation.kind === 'ENDED') throw notRefreshable();
  if (rotation.kind === 'CROWDED') {
    throw new IdentityError('RATE_LIMITED', 'This token was used several times just now.', {
      retryAfter: 10,
    });
  }
}

async function reissue(
  ports: IdentityPorts,
  session: SessionRecord,
  refreshToken: string,
  signal: AbortSignal,
): Promise<OpenedSession> {
  const user = await ports.users.findById(session.userId, signal);
  const member = user === null ? null : await findMember(ports, user, session.workspaceId, signal);
  if (member === null) throw notRefreshable();
  return issueTokens(ports, session, member, refreshToken);
}

/** Told at once to those who hold the session open, then recorded. */
async function announceEnd(
  ports: IdentityPorts,
  session: SessionRecord,
  action: 'session.closed' | 'session.token-reused',
  signal: AbortSignal,
): Promise<void> {
  ports.bus.publish('revocation', { subject: sessionSubject(session.id) });
  await ports.audit.append(
    {
      workspaceId: session.workspaceId,
      at: session.revokedAt ?? ports.clock.now(),
      actor: `user:${session.userId}`,
      action,
      target: `session:${session.id}`,
      details: null,
    },
    signal,
  );
}

function notRefreshable(): IdentityError {
  return new IdentityError('UNAUTHENTICATED', 'The refresh token is not valid (any more): sign in again.');
}

function contended(): IdentityError {
  return new IdentityError('UNAVAILABLE', 'The session is being changed by many requests: try again.');
}
