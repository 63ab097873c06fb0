import type { IncomingHttpHeaders } from 'node:http';

import { IdentityError } from '../../../core/identity/identity-error.ts';
import type { Principal } from '../../../core/identity/principal.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Authenticator, Credentials } from '../../auth/authenticator.ts';
import { credentialsOf } from '../http/graphql-route.ts';
import type { ServerLimits } from '../server-limits.ts';
import type { SocketCounter } from './admission.ts';
import { CLOSE_TRY_AGAIN, type SocketOutlet } from './socket-outlet.ts';
import { createSocketRights, type SocketRights } from './socket-rights.ts';

/** What the server keeps of one socket, for as long as it is open. */
export interface SocketSession {
  readonly outlet: SocketOutlet;
  readonly remoteAddress: string;
  /** Aborted when the socket is closed. */
  readonly signal: AbortSignal;
  /** Null until connection_init was accepted. */
  readonly rights: SocketRights | null;
  /** connection_init: true to acknowledge, false to close with 4403. */
  initialise(payload: Readonly<Record<string, unknown>> | undefined): Promise<boolean>;
  revoked(subject: string): void;
  close(): void;
}

export interface SocketSessionOptions {
  readonly outlet: SocketOutlet;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string;
  readonly authenticator: Pick<Authenticator, 'authenticate' | 'peek'>;
  readonly clock: Clock;
  readonly limits: ServerLimits;
  /** Of sockets by principal. */
  readonly principals: SocketCounter;
}

export function createSocketSession(options: SocketSessionOptions): SocketSession {
  const { outlet, authenticator, clock, limits } = options;
  const closing = new AbortController();
  let rights: SocketRights | null = null;
  let release: (() => void) | null = null;

  async function initialise(payload: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    const credentials = credentialsIn(payload, options.headers);
    let principal: Principal | null;
    try {
      principal = await authenticator.authenticate(credentials, closing.signal);
    } catch (error) {
      if (error instanceof IdentityError && error.code === 'UNAUTHENTICATED') return false;
      outlet.close(CLOSE_TRY_AGAIN, 'Unavailable');
      return true;
    }
    if (closing.signal.aborted) return true;
    release = principal === null ? null : options.principals.admit(nameOf(principal));
    if (principal !== null && release === null) {
      outlet.close(CLOSE_TRY_AGAIN, 'Too many connections');
      return true;
    }
    rights = createSocketRights({
      principal,
      credentials,
      authenticator,
      clock,
      freshMs: limits.rightsFreshMs,
      closeSocket: (code, reason) => {
        outlet.close(code, reason);
      },
    });
    return true;
  }

  return {
    outlet,
    remoteAddress: options.remoteAddress,
    signal: closing.signal,
    get rights() {
      return rights;
    },
    initialise,
    revoked(subject) {
      rights?.revoked(subject);
    },
    close() {
      closing.abort(new Error('the socket is closed'));
      rights?.close();
      release?.();
      release = null;
    },
  };
}

/**
 * From the payload of connection_init, as GraphiQL and clients send their headers there; from the
 * headers of the upgrade if it has none.
 */
function credentialsIn(
  payload: Readonly<Record<string, unknown>> | undefined,
  headers: IncomingHttpHeaders,
): Credentials {
  const given = new Map(
    Object.entries(payload ?? {}).flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' ? [[name.toLowerCase(), value] as const] : [],
    ),
  );
  const authorization = given.get('authorization');
  const apiKey = given.get('x-api-key');
  if (authorization === undefined && apiKey === undefined) return credentialsOf(headers);
  return { authorization, apiKey };
}

function nameOf(principal: Principal): string {
  return `${principal.kind}:${principal.userId ?? principal.keyId ?? ''}`;
}
