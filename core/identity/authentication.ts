import { leastRoleFor, scopesOfRole, scopesWithin } from './access.ts';
import { idInApiKey } from './api-key-format.ts';
import { isLive } from './api-keys.ts';
import { runInBackground } from './background-work.ts';
import type { IdentityPorts } from './identity-ports.ts';
import type { Principal } from './principal.ts';
import { isUuid } from './uuid.ts';

/** The last use of a key is written at most this often. */
const TOUCH_INTERVAL_MS = 60_000;

/**
 * Who an access token stands for, or null when it is not good. The signature alone is not enough: the
 * session must live, the user's rights must be those that the token was made under, and role and scopes
 * are those of now.
 */
export async function authenticateAccessToken(
  ports: Pick<IdentityPorts, 'clock' | 'sessions' | 'tokens'>,
  token: string,
  signal: AbortSignal,
): Promise<Principal | null> {
  const claims = await ports.tokens.verifyAccess(token);
  if (claims === null || !isUuid(claims.sessionId)) return null;
  const standing = await ports.sessions.standing(claims.sessionId, signal);
  if (standing === null || standing.role === null || standing.revokedAt !== null) return null;
  const same =
    standing.userId === claims.userId &&
    standing.workspaceId === claims.workspaceId &&
    standing.authzVersion === claims.authzVersion;
  const expiresAt = Math.min(claims.expiresAt, standing.expiresAt);
  if (!same || expiresAt <= ports.clock.now()) return null;
  return {
    kind: 'user',
    userId: standing.userId,
    keyId: null,
    workspaceId: standing.workspaceId,
    role: standing.role,
    scopes: scopesOfRole(standing.role),
    sessionId: standing.sessionId,
    authzVersion: standing.authzVersion,
    expiresAt,
  };
}

/** Who an API key stands for, or null when it is not good. Its scopes shrink with its creator's role. */
export async function authenticateApiKey(
  ports: Pick<IdentityPorts, 'apiKeys' | 'clock' | 'digests' | 'telemetry'>,
  presented: string,
  signal: AbortSignal,
): Promise<Principal | null> {
  const id = idInApiKey(presented, ports.digests);
  const standing = id === null ? null : await ports.apiKeys.standing(id, signal);
  if (standing === null || standing.creatorRole === null) return null;
  const { key } = standing;
  const now = ports.clock.now();
  if (!ports.digests.equal(ports.digests.mac(presented), key.mac) || !isLive(key, now)) return null;
  const scopes = scopesWithin(key.scopes, standing.creatorRole);
  if (scopes.length === 0) return null;
  if (key.lastUsedAt === null || now - key.lastUsedAt >= TOUCH_INTERVAL_MS) {
    runInBackground(ports, 'api-key.touch', (own) => ports.apiKeys.touch(key.workspaceId, key.id, now, own));
  }
  return {
    kind: 'apiKey',
    userId: null,
    keyId: key.id,
    workspaceId: key.workspaceId,
    role: leastRoleFor(scopes),
    scopes,
    sessionId: null,
    authzVersion: standing.authzVersion,
    expiresAt: key.expiresAt,
  };
}
