import type { IdentityServices } from '../core/identity/identity-services.ts';
import type { Principal } from '../core/identity/principal.ts';

/** What resolvers call. */
export interface Services {
  readonly identity: IdentityServices;
}

/** Made anew for each request, and for each event of a subscription. */
export interface RequestContext {
  /** Null for an anonymous caller. */
  readonly principal: Principal | null;
  /** Throws UNAUTHENTICATED for an anonymous caller. */
  requirePrincipal(): Principal;
  /** Address of the client, for throttling; behind a trusted proxy the one it names. */
  readonly remoteAddress: string;
  readonly correlationId: string;
  /** W3C traceparent of the request's span. */
  readonly traceparent: string | null;
  /** Aborted when the client is gone or the request's deadline has passed. */
  readonly signal: AbortSignal;
  readonly services: Services;
}
