import { IdentityError } from '../../../core/identity/identity-error.ts';
import { type Principal, revocationSubjectsOf } from '../../../core/identity/principal.ts';
import type { Clock, Timer } from '../../../core/ports/clock.ts';
import type { Authenticator, Credentials } from '../../auth/authenticator.ts';
import { pause } from '../subscriptions/pause.ts';

/** The close code of graphql-transport-ws for rights that are missing, ended or changed. */
export const CLOSE_FORBIDDEN = 4403;

const RETRY_MS = 1_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface SocketRightsOptions {
  readonly principal: Principal | null;
  readonly credentials: Credentials;
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly clock: Clock;
  /** How long an answer holds without being asked for again; ms. */
  readonly freshMs: number;
  readonly closeSocket: (code: number, reason: string) => void;
}

/**
 * Who is at the other end of a socket, and whether that still holds. Asked at each operation and at each
 * event of a subscription: an answer holds for `freshMs`, until a revocation that concerns it is heard, and
 * until its expiry. While it is asked for again nothing is sent. The protocol has no way of presenting new
 * credentials, so the end of the rights, or any change of them, is the end of the socket (4403).
 */
export interface SocketRights {
  readonly principal: Principal | null;
  /** Known to be good as of now. */
  current(): boolean;
  /** True when they are good; false when the socket is closed for them, or gone. */
  renew(): Promise<boolean>;
  /** A revocation was heard. */
  revoked(subject: string): void;
  close(): void;
}

export function createSocketRights(options: SocketRightsOptions): SocketRights {
  const { principal, credentials, authenticator, clock, closeSocket } = options;
  const closing = new AbortController();
  const subjects = principal === null ? [] : revocationSubjectsOf(principal);
  let freshUntil = clock.monotonic() + options.freshMs;
  let renewing: Promise<boolean> | null = null;
  let expiry: Timer | null = null;

  function end(reason: string): false {
    if (!closing.signal.aborted) {
      closing.abort(new Error(reason));
      expiry?.cancel();
      closeSocket(CLOSE_FORBIDDEN, reason);
    }
    return false;
  }

  function watchExpiry(expiresAt: number): void {
    const left = expiresAt - clock.now();
    if (left <= 0) {
      end('Expired');
      return;
    }
    expiry = clock.after(Math.min(left, LONGEST_TIMER_MS), () => {
      watchExpiry(expiresAt);
    });
  }

  async function ask(held: Principal): Promise<boolean> {
    while (!closing.signal.aborted) {
      const askedAt = clock.monotonic();
      try {
        const now = await authenticator.authenticate(credentials, closing.signal);
        if (now === null || !sameRights(held, now)) return end('Rights changed');
        freshUntil = askedAt + options.freshMs;
        return true;
      } catch (error) {
        if (error instanceof IdentityError && error.code === 'UNAUTHENTICATED') return end('Revoked');
        await pause(clock, RETRY_MS, closing.signal).catch(() => undefined);
      }
    }
    return false;
  }

  function renew(): Promise<boolean> {
    if (principal === null) return Promise.resolve(!closing.signal.aborted);
    renewing ??= ask(principal).finally(() => {
      renewing = null;
    });
    return renewing;
  }

  if (principal !== null && principal.expiresAt !== null) watchExpiry(principal.expiresAt);

  return {
    principal,
    current: () =>
      !closing.signal.aborted &&
      (principal === null || (renewing === null && clock.monotonic() < freshUntil)),
    renew,
    revoked(subject) {
      if (!subjects.includes(subject)) return;
      freshUntil = Number.NEGATIVE_INFINITY;
      // After the authenticator has heard of it as well, and dropped what it knew.
      queueMicrotask(() => void renew());
    },
    close() {
      closing.abort(new Error('the socket is closed'));
      expiry?.cancel();
    },
  };
}

function sameRights(before: Principal, now: Principal): boolean {
  return (
    before.kind === now.kind &&
    before.userId === now.userId &&
    before.keyId === now.keyId &&
    before.workspaceId === now.workspaceId &&
    before.role === now.role &&
    before.scopes.length === now.scopes.length &&
    before.scopes.every((scope) => now.scopes.includes(scope))
  );
}
