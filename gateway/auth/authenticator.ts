import { hash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import { authenticateAccessToken, authenticateApiKey } from '../../core/identity/authentication.ts';
import { IdentityError } from '../../core/identity/identity-error.ts';
import type { IdentityPorts } from '../../core/identity/identity-ports.ts';
import { type Principal, revocationSubjectsOf } from '../../core/identity/principal.ts';

/** What a request (or a socket's connection_init) sends to say who it is. */
export interface Credentials {
  /** The header `authorization`. */
  readonly authorization?: string | undefined;
  /** The header `x-api-key`. */
  readonly apiKey?: string | undefined;
}

export interface Authenticator {
  /**
   * Null for a caller who sends nothing. Rejects with IdentityError UNAUTHENTICATED for credentials that
   * are not good, UNAVAILABLE when that cannot be found out.
   */
  authenticate(credentials: Credentials, signal: AbortSignal): Promise<Principal | null>;
  /** The answer as of now, if it is known without asking; undefined otherwise. */
  peek(credentials: Credentials): Principal | null | undefined;
  close(): void;
}

export interface AuthenticatorOptions {
  /** Credentials known at a time. */
  readonly capacity?: number;
  /** How long an answer holds if no revocation is heard; ms. Bounds what a lost message can cost. */
  readonly freshFor?: number;
}

type Ports = Pick<
  IdentityPorts,
  'apiKeys' | 'bus' | 'clock' | 'digests' | 'sessions' | 'telemetry' | 'tokens'
>;

interface Known {
  readonly principal: Principal;
  /** On the monotonic clock. */
  readonly freshUntil: number;
}

interface Presented {
  readonly kind: 'bearer' | 'apiKey';
  readonly secret: string;
}

const ASK_TIMEOUT_MS = 5_000;
const MAX_ATTEMPTS = 3;
const MAX_SECRET_LENGTH = 4_096;
const BEARER = /^Bearer +(\S+)$/i;

/**
 * Answers are kept by the hash of what was presented. An answer is dropped when the bus says that its
 * session, user, key or workspace changed, when it is older than `freshFor`, and at its own expiry; one
 * that was found out while a revocation came in is used for that request and not kept.
 */
export function createAuthenticator(ports: Ports, options: AuthenticatorOptions = {}): Authenticator {
  const freshFor = options.freshFor ?? 5_000;
  const known = new LRUCache<string, Known>({ max: options.capacity ?? 10_000 });
  const asking = new Map<string, Promise<Principal | null>>();
  let revocations = 0;

  const unsubscribe = ports.bus.subscribe('revocation', ({ subject }) => {
    revocations += 1;
    asking.clear();
    for (const [key, entry] of known) {
      if (revocationSubjectsOf(entry.principal).includes(subject)) known.delete(key);
    }
  });

  function recall(key: string): Principal | null {
    const entry = known.get(key);
    if (entry === undefined) return null;
    const { principal, freshUntil } = entry;
    const expired = principal.expiresAt !== null && principal.expiresAt <= ports.clock.now();
    if (!expired && ports.clock.monotonic() < freshUntil) return principal;
    known.delete(key);
    return null;
  }

  async function ask(key: string, presented: Presented): Promise<Principal | null> {
    const verify = presented.kind === 'bearer' ? authenticateAccessToken : authenticateApiKey;
    const deadline = AbortSignal.timeout(ASK_TIMEOUT_MS);
    for (let attempt = 1; ; attempt++) {
      const before = revocations;
      const askedAt = ports.clock.monotonic();
      const principal = await verify(ports, presented.secret, deadline);
      if (before === revocations) {
        if (principal !== null) known.set(key, { principal, freshUntil: askedAt + freshFor });
        return principal;
      }
      // Something was revoked meanwhile, perhaps this: what was read may be older than that.
      if (attempt === MAX_ATTEMPTS) return principal;
    }
  }

  /** Many requests with the same new token ask once. */
  function askOnce(key: string, presented: Presented): Promise<Principal | null> {
    const running = asking.get(key);
    if (running !== undefined) return running;
    const promise = ask(key, presented).finally(() => {
      if (asking.get(key) === promise) asking.delete(key);
    });
    asking.set(key, promise);
    return promise;
  }

  return {
    async authenticate(credentials, signal) {
      const presented = read(credentials);
      if (presented === null) return null;
      const key = keyOf(presented);
      const principal = recall(key) ?? (await askOnce(key, presented).catch(unavailable));
      signal.throwIfAborted();
      if (principal === null) throw refused();
      return principal;
    },
    peek(credentials) {
      const presented = read(credentials);
      if (presented === null) return null;
      return recall(keyOf(presented)) ?? undefined;
    },
    close() {
      unsubscribe();
      known.clear();
    },
  };
}

/** Throws for what cannot be good: both kinds at once, another scheme, an absurd length. */
function read({ authorization, apiKey }: Credentials): Presented | null {
  if (authorization === undefined && apiKey === undefined) return null;
  if (authorization !== undefined && apiKey !== undefined) {
    throw new IdentityError('UNAUTHENTICATED', 'Send an access token or an API key, not both.');
  }
  const kind = apiKey === undefined ? 'bearer' : 'apiKey';
  const secret = apiKey ?? BEARER.exec(authorization ?? '')?.[1] ?? '';
  if (secret === '' || secret.length > MAX_SECRET_LENGTH) throw refused();
  return { kind, secret };
}

/** The kind is part of it: a token known as one is no key. */
function keyOf({ kind, secret }: Presented): string {
  return hash('sha256', `${kind} ${secret}`, 'base64url');
}

function refused(): IdentityError {
  return new IdentityError('UNAUTHENTICATED', 'The access token or API key is not valid (any more).');
}

function unavailable(cause: unknown): never {
  if (cause instanceof IdentityError) throw cause;
  throw new IdentityError('UNAVAILABLE', 'Who you are cannot be checked at the moment.', { cause });
}
