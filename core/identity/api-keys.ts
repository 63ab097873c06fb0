import type { ApiKeyRecord } from '../ports/identity.ts';
import { scopesOfRole, scopesWithin } from './access.ts';
import { formatApiKey } from './api-key-format.ts';
import { IdentityError } from './identity-error.ts';
import type { IdentityPorts } from './identity-ports.ts';
import type { CallOrigin, CreateApiKeyInput, CreatedApiKey } from './identity-services.ts';
import { actorOf, hasScope, keySubject, type Principal } from './principal.ts';
import { parseName } from './text-input.ts';
import { isUuid } from './uuid.ts';

/** Keys of one user that are neither revoked nor expired. */
export const MAX_LIVE_API_KEYS = 50;

/** A key may at most what its creator may. Only a signed-in user makes keys: a stolen key breeds none. */
export async function createApiKey(
  ports: IdentityPorts,
  principal: Principal,
  input: CreateApiKeyInput,
  { signal }: CallOrigin,
): Promise<CreatedApiKey> {
  const createdBy = requireUser(principal);
  const now = ports.clock.now();
  const name = parseName(input.name, 'input.name');
  const scopes = parseScopes(input, principal);
  if (input.expiresAt !== null && !(input.expiresAt > now)) {
    throw new IdentityError('BAD_USER_INPUT', 'A key expires in the future.', { field: 'input.expiresAt' });
  }
  const keys = await ports.apiKeys.listByCreator(principal.workspaceId, createdBy, signal);
  if (keys.filter((key) => isLive(key, now)).length >= MAX_LIVE_API_KEYS) {
    throw new IdentityError(
      'BAD_USER_INPUT',
      `A user has at most ${MAX_LIVE_API_KEYS} live keys: revoke one first.`,
    );
  }

  const id = ports.ids.next();
  const { secret, prefix } = formatApiKey(id, ports.secrets, ports.digests);
  const apiKey: ApiKeyRecord = {
    id,
    workspaceId: principal.workspaceId,
    createdBy,
    name,
    prefix,
    scopes,
    mac: ports.digests.mac(secret),
    createdAt: now,
    expiresAt: input.expiresAt,
    lastUsedAt: null,
    revokedAt: null,
  };
  await ports.apiKeys.insert(apiKey, signal);
  await auditKey(ports, principal, apiKey, 'api-key.created', signal);
  return { apiKey, secret };
}

/**
 * Bites at once where the revocation is heard, and within the authenticator's cache time elsewhere.
 * A user revokes the keys they made, an ADMIN all of the workspace; any other is NOT_FOUND.
 */
export async function revokeApiKey(
  ports: IdentityPorts,
  principal: Principal,
  id: string,
  { signal }: CallOrigin,
): Promise<ApiKeyRecord> {
  const userId = requireUser(principal);
  const found = isUuid(id) ? await ports.apiKeys.findById(principal.workspaceId, id, signal) : null;
  const allowed = found !== null && (found.createdBy === userId || hasScope(principal, 'ADMIN'));
  if (!allowed) throw new IdentityError('NOT_FOUND', 'There is no such API key.');
  if (found.revokedAt !== null) return found;
  const revoked = await ports.apiKeys.revoke(principal.workspaceId, id, ports.clock.now(), signal);
  if (revoked === null) throw new IdentityError('NOT_FOUND', 'There is no such API key.');
  ports.bus.publish('revocation', { subject: keySubject(id) });
  await auditKey(ports, principal, revoked, 'api-key.revoked', signal);
  return revoked;
}

export function isLive(key: ApiKeyRecord, now: number): boolean {
  return key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now);
}

function requireUser(principal: Principal): string {
  if (principal.userId === null) {
    throw new IdentityError('FORBIDDEN', 'API keys are managed by a signed-in user, not by a key.');
  }
  return principal.userId;
}

function parseScopes(input: CreateApiKeyInput, principal: Principal): ApiKeyRecord['scopes'] {
  const field = 'input.scopes';
  if (input.scopes.length === 0) {
    throw new IdentityError('BAD_USER_INPUT', 'A key has at least one scope.', { field });
  }
  const missing = input.scopes.find((scope) => !scopesOfRole(principal.role).includes(scope));
  if (missing !== undefined) {
    throw new IdentityError('FORBIDDEN', `The role ${principal.role} cannot give the scope ${missing}.`, {
      field,
    });
  }
  return scopesWithin(input.scopes, principal.role);
}

function auditKey(
  ports: IdentityPorts,
  principal: Principal,
  key: ApiKeyRecord,
  action: 'api-key.created' | 'api-key.revoked',
  signal: AbortSignal,
): Promise<void> {
  return ports.audit.append(
    {
      workspaceId: key.workspaceId,
      at: (action === 'api-key.revoked' ? key.revokedAt : null) ?? key.createdAt,
      actor: actorOf(principal),
      action,
      target: `key:${key.id}`,
      details: { scopes: key.scopes.join(' ') },
    },
    signal,
  );
}
