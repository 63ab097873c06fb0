import { randomBytes } from 'node:crypto';

import type { IdentityServices } from '../../core/identity/identity-services.ts';
import { type DemoNote, readDemoNote, writeDemoNote } from './demo-note.ts';

const EMAIL = 'demo@omniquant.example';

export interface DemoOptions {
  readonly dataDir: string;
  readonly identity: IdentityServices;
  /** Opens an account on the simulated venue for the user; answers with its id. */
  readonly openAccount: (credentials: {
    readonly email: string;
    readonly password: string;
  }) => Promise<string>;
  readonly signal: AbortSignal;
}

/**
 * Makes the demo user and account once. What a start was killed over is made up for by the next: the
 * password is noted before the user is, and the user before the account.
 */
export async function ensureDemo(options: DemoOptions): Promise<DemoNote> {
  let note = readDemoNote(options.dataDir);
  if (note === null) {
    note = { email: EMAIL, password: randomBytes(12).toString('base64url'), accountId: null };
    writeDemoNote(options.dataDir, note);
  }
  if (note.accountId !== null) {
    return note;
  }
  await signUpOnce(options, note);
  const done = { ...note, accountId: await options.openAccount(note) };
  writeDemoNote(options.dataDir, done);
  return done;
}

async function signUpOnce({ identity, signal }: DemoOptions, note: DemoNote): Promise<void> {
  const origin = { remoteAddress: '127.0.0.1', signal };
  try {
    await identity.signUp({ email: note.email, password: note.password, displayName: 'Demo' }, origin);
  } catch (error) {
    // Signed up by a start that was killed before it opened the account: the password shows it.
    await identity.signIn(note, origin).catch(() => {
      throw error;
    });
  }
}
