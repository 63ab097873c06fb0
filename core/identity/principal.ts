import type { ApiScope, Role } from './access.ts';
import { IdentityError } from './identity-error.ts';

/**
 * Who asks, as authenticated for one request (or one socket, where it is checked again). `role` and
 * `scopes` are those of now, not those of when the token was made.
 */
export interface Principal {
  readonly kind: 'user' | 'apiKey';
  /** Null for an API key. */
  readonly userId: string | null;
  /** Null for a user. */
  readonly keyId: string | null;
  readonly workspaceId: string;
  /** For an API key the least role that has its scopes. */
  readonly role: Role;
  readonly scopes: readonly ApiScope[];
  /** Null for an API key. */
  readonly sessionId: string | null;
  readonly authzVersion: number;
  /** Epoch ms; null for a key without end. Sockets are closed then. */
  readonly expiresAt: number | null;
}

/** How journals and audits name a principal. */
export function actorOf(principal: Principal): string {
  return principal.kind === 'user' ? `user:${principal.userId ?? ''}` : `key:${principal.keyId ?? ''}`;
}

/** The subjects under which a RevocationNotice concerns this principal. */
export function revocationSubjectsOf(principal: Principal): readonly string[] {
  if (principal.kind === 'apiKey') {
    return [keySubject(principal.keyId ?? ''), workspaceSubject(principal.workspaceId)];
  }
  return [
    sessionSubject(principal.sessionId ?? ''),
    userSubject(principal.userId ?? ''),
    workspaceSubject(principal.workspaceId),
  ];
}

export const sessionSubject = (id: string): string => `session:${id}`;
export const userSubject = (id: string): string => `user:${id}`;
export const keySubject = (id: string): string => `key:${id}`;
export const workspaceSubject = (id: string): string => `workspace:${id}`;

export function hasScope(principal: Principal, scope: ApiScope): boolean {
  return principal.scopes.includes(scope);
}

/** Throws UNAUTHENTICATED. */
export function requirePrincipal(principal: Principal | null): Principal {
  if (principal === null) throw new IdentityError('UNAUTHENTICATED', 'Sign in, or send an API key.');
  return principal;
}

/** Throws UNAUTHENTICATED without a principal, FORBIDDEN without the scope. */
export function requireScope(principal: Principal | null, scope: ApiScope): Principal {
  const known = requirePrincipal(principal);
  if (!hasScope(known, scope)) throw new IdentityError('FORBIDDEN', `This needs the scope ${scope}.`);
  return known;
}
