import type { MembershipRecord, UserRecord, WorkspaceRecord } from '../ports/identity.ts';
import { normaliseEmail } from './email-address.ts';
import { sendAlreadyKnown, sendEmailProof } from './email-verification.ts';
import { IdentityError } from './identity-error.ts';
import type { IdentityPorts } from './identity-ports.ts';
import type { CallOrigin, SignUpInput, SignUpResult } from './identity-services.ts';
import { type Member, openSession } from './open-session.ts';
import { normalisePassword, passwordWeakness } from './password-policy.ts';
import { admitAttempt } from './sign-in.ts';
import { parseName } from './text-input.ts';

/**
 * A user, a workspace of their own and the role ADMIN in it. Where addresses must be verified, a known
 * one gets the same answer (and its owner a mail that says so); otherwise it is BAD_USER_INPUT. Asking
 * about known addresses is throttled like guessing passwords.
 */
export async function signUp(
  ports: IdentityPorts,
  input: SignUpInput,
  origin: CallOrigin,
): Promise<SignUpResult> {
  const email = normaliseEmail(input.email);
  if (email === null) {
    throw new IdentityError('BAD_USER_INPUT', 'This is no e-mail address.', { field: 'input.email' });
  }
  const displayName = parseName(input.displayName, 'input.displayName');
  const password = normalisePassword(input.password);
  const weakness = passwordWeakness(password, email, ports.commonPasswords);
  if (weakness !== null) throw new IdentityError('BAD_USER_INPUT', weakness, { field: 'input.password' });

  const attempt = { account: email, remoteAddress: origin.remoteAddress };
  await admitAttempt(ports, attempt);
  // Hashed before anyone looks whether the address is known, so that time does not tell.
  const passwordHash = await ports.passwords.hash(password, origin.signal);
  const member = newMember(ports, { email, displayName, passwordHash });
  const outcome = await ports.users.register(member.user, member.workspace, member.membership, origin.signal);

  if (outcome === 'EMAIL_TAKEN') {
    if (!ports.settings.requireEmailVerification) {
      throw new IdentityError('BAD_USER_INPUT', 'The address is taken.', { field: 'input.email' });
    }
    sendAlreadyKnown(ports, email);
    return { kind: 'verificationRequired', email };
  }
  await auditSignUp(ports, member, origin.signal);
  await ports.throttle.succeeded(attempt);
  if (ports.settings.requireEmailVerification) {
    sendEmailProof(ports, member.user);
    return { kind: 'verificationRequired', email };
  }
  return { kind: 'session', session: await openSession(ports, member, origin.signal) };
}

function newMember(
  ports: IdentityPorts,
  given: Pick<UserRecord, 'email' | 'displayName' | 'passwordHash'>,
): Member {
  const createdAt = ports.clock.now();
  const user: UserRecord = {
    id: ports.ids.next(),
    ...given,
    authzVersion: 1,
    emailVerifiedAt: null,
    createdAt,
  };
  const workspace: WorkspaceRecord = { id: ports.ids.next(), name: given.displayName, createdAt };
  const membership: MembershipRecord = {
    workspaceId: workspace.id,
    userId: user.id,
    role: 'ADMIN',
    createdAt,
  };
  return { user, workspace, membership };
}

function auditSignUp(ports: IdentityPorts, { user, workspace }: Member, signal: AbortSignal): Promise<void> {
  const actor = `user:${user.id}`;
  return ports.audit.append(
    {
      workspaceId: workspace.id,
      at: user.createdAt,
      actor,
      action: 'user.signed-up',
      target: actor,
      details: null,
    },
    signal,
  );
}
