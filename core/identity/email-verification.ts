import type { UserRecord } from '../ports/identity.ts';
import { IdentityError } from './identity-error.ts';
import type { IdentityPorts } from './identity-ports.ts';
import type { CallOrigin } from './identity-services.ts';

/** Mails the proof that the address is the user's. */
export async function sendEmailProof(
  ports: IdentityPorts,
  user: UserRecord,
  signal: AbortSignal,
): Promise<void> {
  const expiresAt = ports.clock.now() + ports.settings.emailProofTtl;
  const token = await ports.tokens.signEmailProof({ userId: user.id, email: user.email, expiresAt });
  const text =
    ports.settings.verificationUrl === null
      ? `To use OmniQuant, verify this address with the mutation verifyEmail and this token:\n\n${token}\n`
      : `To use OmniQuant, verify this address:\n\n${ports.settings.verificationUrl}${token}\n`;
  await ports.mailer.send({ to: user.email, subject: 'Verify your address', text }, signal);
}

export function sendAlreadyKnown(ports: IdentityPorts, email: string, signal: AbortSignal): Promise<void> {
  const text =
    'Someone, perhaps you, signed up to OmniQuant with this address, which has an account already. ' +
    'Sign in with it; if it was not you, there is nothing to do.\n';
  return ports.mailer.send({ to: email, subject: 'You have an account already', text }, signal);
}

/** Throws BAD_USER_INPUT for a token that is not good (any more). Repeating it is harmless. */
export async function verifyEmail(ports: IdentityPorts, token: string, origin: CallOrigin): Promise<void> {
  const proof = await ports.tokens.verifyEmailProof(token);
  const user = proof === null ? null : await ports.users.findById(proof.userId, origin.signal);
  if (proof === null || user === null || user.email !== proof.email) {
    throw new IdentityError('BAD_USER_INPUT', 'The token is not valid, or has expired.', { field: 'token' });
  }
  if (user.emailVerifiedAt !== null) return;
  const at = ports.clock.now();
  await ports.users.markEmailVerified(user.id, at, origin.signal);
  const [membership] = await ports.workspaces.membershipsOf(user.id, origin.signal);
  if (membership === undefined) return;
  const actor = `user:${user.id}`;
  await ports.audit.append(
    {
      workspaceId: membership.workspaceId,
      at,
      actor,
      action: 'user.email-verified',
      target: actor,
      details: null,
    },
    origin.signal,
  );
}
