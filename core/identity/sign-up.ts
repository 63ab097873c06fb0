import type { MembershipRecord, UserRecord, WorkspaceRecord } from '../ports/identity.ts';
import { runInBackground } from './background-work.ts';
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
 * A user, a workspace of their own and the role ADMIN in it. Where addresses must be verified, nobody
 * learns from the answer or its time whether one is known: its owner gets a mail, with the proof or with
 * the word that there is an account already. Otherwise a known address is BAD_USER_INPUT, and asking
 * about addresses is throttled like guessing passwords.
 */
export async function signUp(
  ports: IdentityPorts,
  input: SignUpInput,
  origin: CallOrigin,
): Promise<SignUpResult> {
  const { email, displayName, password } = parseSignUp(ports, input);
  const attempt = { account: email, remoteAddress: origin.remoteAddress };
  await admitAttempt(ports, attempt);
  const passwordHash = await ports.passwords.hash(password, origin.signal);
  const member = newMember(ports, { email, displayName, passwordHash });

  if (ports.settings.requireEmailVerification) {
    runInBackground(ports, 'user.sign-up', async (signal) => {
      if (await register(ports, member, signal)) await sendEmailProof(ports, member.user, signal);
      else await sendAlreadyKnown(ports, email, signal);
    });
    return { kind: 'verificationRequired', email };
  }
  if (!(await register(ports, member, origin.signal))) {
    throw new IdentityError('BAD_USER_INPUT', 'The address is taken.', { field: 'input.email' });
  }
  await ports.throttle.succeeded(attempt);
  return { kind: 'session', session: await openSession(ports, member, origin.signal) };
}

function parseSignUp(ports: IdentityPorts, input: SignUpInput): SignUpInput {
  const email = normaliseEmail(input.email);
  if (email === null) {
    throw new IdentityError('BAD_USER_INPUT', 'This is no e-mail address.', { field: 'input.email' });
  }
  const displayName = parseName(input.displayName, 'input.displayName');
  const password = normalisePassword(input.password);
  const weakness = passwordWeakness(password, email, ports.commonPasswords);
  if (weakness !== null) throw new IdentityError('BAD_USER_INPUT', weakness, { field: 'input.password' });
  return { email, displayName, password };
}

/** False when the address is known. */
async function register(
  ports: IdentityPorts,
  { user, workspace, membership }: Member,
  signal: AbortSignal,
): Promise<boolean> {
  if ((await ports.users.register(user, workspace, membership, signal)) === 'EMAIL_TAKEN') return false;
  const actor = `user:${user.id}`;
  await ports.audit.append(
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
  return true;
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
