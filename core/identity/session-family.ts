import type { SessionEnd, SessionRecord } from '../ports/identity.ts';
import type { IdentitySettings } from './identity-ports.ts';

/**
 * The life of a session's refresh tokens, as a pure function of the stored record.
 *
 * Using a live token spends every live token and puts one new in their place. The token that was used
 * last may be used once more within the grace, because the answer to its rotation may have been lost:
 * it then gets a sibling of the token that it already made, and whichever of them is used first spends
 * the other. Since a use of any child makes that child the last one used, the grace ends with it. Any
 * other token of the family is one that was stolen or copied: the whole family ends.
 */
export type Rotation =
  | { readonly kind: 'ROTATED'; readonly next: SessionRecord }
  /** Too many siblings are asked for; wait until the grace is over. */
  | { readonly kind: 'CROWDED' }
  | { readonly kind: 'REUSED'; readonly next: SessionRecord }
  /** Signed out, expired, or revoked before. */
  | { readonly kind: 'ENDED' };

/** Live tokens at one time: bounds what can be made of one stolen token within the grace. */
export const MAX_SIBLINGS = 4;

export function rotate(
  session: SessionRecord,
  presentedHash: string,
  freshHash: string,
  now: number,
  settings: Pick<IdentitySettings, 'refreshGrace' | 'sessionIdleTtl'>,
): Rotation {
  if (hasEnded(session, now)) return { kind: 'ENDED' };
  const idleExpiresAt = Math.min(now + settings.sessionIdleTtl, session.expiresAt);
  const version = session.version + 1;
  if (session.liveHashes.includes(presentedHash)) {
    const next = {
      ...session,
      version,
      liveHashes: [freshHash],
      previousHash: presentedHash,
      rotatedAt: now,
      idleExpiresAt,
    };
    return { kind: 'ROTATED', next };
  }
  if (
    presentedHash !== session.previousHash ||
    session.rotatedAt === null ||
    now - session.rotatedAt > settings.refreshGrace
  ) {
    return { kind: 'REUSED', next: ended(session, 'TOKEN_REUSED', now) };
  }
  if (session.liveHashes.length >= MAX_SIBLINGS) return { kind: 'CROWDED' };
  return {
    kind: 'ROTATED',
    next: { ...session, version, liveHashes: [...session.liveHashes, freshHash], idleExpiresAt },
  };
}

export function hasEnded(session: SessionRecord, now: number): boolean {
  return session.revokedAt !== null || now >= session.expiresAt || now >= session.idleExpiresAt;
}

/** The session with its end; one revoked before keeps the first end. */
export function ended(session: SessionRecord, reason: SessionEnd, now: number): SessionRecord {
  if (session.revokedAt !== null) return session;
  return { ...session, version: session.version + 1, revokedAt: now, revokedReason: reason };
}
