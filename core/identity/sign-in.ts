import type { SignInAttempt } from '../ports/credentials.ts';
import type { UserRecord } from '../ports/identity.ts';
import { runInBackground } from './background-work.ts';
import { normaliseEmail } from './email-address.ts';
import { IdentityError } from './identity-error.ts';
import type { IdentityPorts } from './identity-ports.ts';
import type { CallOrigin, OpenedSession, SignInInput } from './identity-services.ts';
import { findMember, openSession } from './open-session.ts';
import { isTooLong, normalisePassword } from './password-policy.ts';

/**
 * Whatever is wrong, the answer is INVALID_CREDENTIALS after the time of one verification: neither
 * message nor time tells whether the address is known. Only the right password learns more.
 */
export async function signIn(
  ports: IdentityPorts,
  input: SignInInput,
  origin: CallOrigin,
): Promise<OpenedSession> {
  const email = normaliseEmail(input.email);
  const attempt = { account: email ?? 'no address', remoteAddress: origin.remoteAddress };
  await admitAttempt(ports, attempt);
  const user = email === null ? null : await ports.users.findByEmail(email, origin.signal);
  await checkPassword(ports, user, input.password, origin);
  await ports.throttle.succeeded(attempt);
  if (user === null) throw invalidCredentials();
  if (ports.settings.requireEmailVerification && user.emailVerifiedAt === null) {
    throw new IdentityError(
      'FORBIDDEN',
      'Verify the e-mail address first: the token is in the mail sent to it.',
    );
  }
  const member = await findMember(ports, user, null, origin.signal);
  if (member === null) throw new IdentityError('FORBIDDEN', 'This user is in no workspace.');
  return openSession(ports, member, origin.signal);
}

/** Throws RATE_LIMITED, with the seconds to wait. */
export async function admitAttempt(ports: IdentityPorts, attempt: SignInAttempt): Promise<void> {
  const retryAfter = await ports.throttle.begin(attempt);
  if (retryAfter === null) return;
  throw new IdentityError('RATE_LIMITED', `Too many attempts: try again in ${retryAfter} s.`, { retryAfter });
}

async function checkPassword(
  ports: IdentityPorts,
  user: UserRecord | null,
  given: string,
  { signal }: CallOrigin,
): Promise<void> {
  // Nobody's password is empty.
  const password = isTooLong(given) ? '' : normalisePassword(given);
  if (user === null) {
    await ports.passwords.pretend(password, signal);
    throw invalidCredentials();
  }
  const verdict = await ports.passwords.verify(user.passwordHash, password, signal);
  if (verdict === 'WRONG') {
    auditRefusal(ports, user);
    throw invalidCredentials();
  }
  if (verdict === 'OUTDATED') {
    const replacement = await ports.passwords.hash(password, signal);
    await ports.users.replacePasswordHash(user.id, user.passwordHash, replacement, signal);
  }
}

function auditRefusal(ports: IdentityPorts, user: UserRecord): void {
  const at = ports.clock.now();
  runInBackground(ports, 'audit.session-refused', async (signal) => {
    const actor = `user:${user.id}`;
    for (const { workspaceId } of await ports.workspaces.membershipsOf(user.id, signal)) {
      await ports.audit.append(
        { workspaceId, at, actor, action: 'session.refused', target: actor, details: null },
        signal,
      );
    }
  });
}

function invalidCredentials(): IdentityError {
  return new IdentityError('INVALID_CREDENTIALS', 'The e-mail address or the password is wrong.');
}
