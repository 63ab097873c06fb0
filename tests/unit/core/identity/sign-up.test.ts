import { describe, expect, it } from '@jest/globals';

import type { IdentityError } from '../../../../core/identity/identity-error.ts';
import { DEFAULT_IDENTITY_SETTINGS } from '../../../../core/identity/identity-ports.ts';
import type { SignUpResult } from '../../../../core/identity/identity-services.ts';
import { createIdentityHarness, origin, PASSWORD } from '../../../support/identity-harness.ts';

const ALICE = { email: 'Alice@Example.com ', password: PASSWORD, displayName: ' Alice ' };
const withVerification = { ...DEFAULT_IDENTITY_SETTINGS, requireEmailVerification: true };

function sessionOf(result: SignUpResult) {
  if (result.kind !== 'session') throw new Error('no session');
  return result.session;
}

describe('signing up', () => {
  it('makes a user with a workspace of their own, in which they are ADMIN, and signs them in', async () => {
    const { services, store, clock } = await createIdentityHarness();
    const session = sessionOf(await services.signUp(ALICE, origin()));
    expect(session.user).toMatchObject({ email: 'alice@example.com', displayName: 'Alice' });
    expect(session.expiresAt).toBe(clock.now() + 600_000);
    const [membership] = await store.workspaces.membershipsOf(session.user.id, origin().signal);
    expect(membership).toMatchObject({ workspaceId: session.workspace.id, role: 'ADMIN' });
    expect(store.audit.records.map((record) => record.action)).toEqual(['user.signed-up', 'session.opened']);
  });

  it('stores neither the password nor any token', async () => {
    const { services, store } = await createIdentityHarness();
    const session = sessionOf(await services.signUp(ALICE, origin()));
    const stored = store.dump();
    const verifier = session.refreshToken.split('_')[2]!;
    expect(stored).toContain('alice@example.com');
    for (const secret of [PASSWORD, session.accessToken, session.refreshToken, verifier]) {
      expect(stored).not.toContain(secret);
    }
  });

  it.each([
    ['no address', { email: 'alice' }, 'input.email'],
    ['an address with a line break', { email: 'a\n@example.com' }, 'input.email'],
    ['an address with NUL', { email: 'a\u0000b@example.com' }, 'input.email'],
    ['an address of absurd length', { email: `${'a'.repeat(300)}@example.com` }, 'input.email'],
    ['a short password', { password: 'short pass1' }, 'input.password'],
    ['a long password', { password: 'long '.repeat(26) }, 'input.password'],
    ['a common password', { password: 'qwerty123456' }, 'input.password'],
    ['a common password in capitals', { password: 'QWERTY123456' }, 'input.password'],
    ['a common password with a year', { password: 'Sunshine2024' }, 'input.password'],
    ['a common password, repeated', { password: 'dragondragon' }, 'input.password'],
    ['one letter, repeated', { password: 'z'.repeat(20) }, 'input.password'],
    ['the address as password', { password: 'alice@example.com!' }, 'input.password'],
    ['half a character in the password', { password: 'good password \ud800' }, 'input.password'],
    ['an empty name', { displayName: '   ' }, 'input.displayName'],
    ['a name of 101 characters', { displayName: 'n'.repeat(101) }, 'input.displayName'],
    ['a name with a control character', { displayName: 'A\u0000B' }, 'input.displayName'],
  ])('refuses %s, naming the field, and changes nothing', async (_what, wrong, field) => {
    const { services, store } = await createIdentityHarness();
    const before = store.dump();
    await expect(services.signUp({ ...ALICE, ...wrong }, origin())).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      field,
    });
    expect(store.dump()).toBe(before);
  });

  it.each([
    'correct horse battery staple',
    'päßwörter sind läng',
    '密码需要至少十二个字符长吧',
    '🙂'.repeat(6) + 'abcdef',
  ])('takes %s', async (password) => {
    const { services } = await createIdentityHarness();
    sessionOf(await services.signUp({ ...ALICE, password }, origin()));
    await services.signIn({ email: ALICE.email, password: password.normalize('NFD') }, origin());
  });

  it('says that an address is taken, whatever its case', async () => {
    const { services } = await createIdentityHarness();
    await services.signUp(ALICE, origin());
    await expect(services.signUp({ ...ALICE, email: 'ALICE@EXAMPLE.COM' }, origin())).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.email',
    });
  });

  it('lets nobody ask for one address after the other', async () => {
    const { services } = await createIdentityHarness();
    await services.signUp(ALICE, origin());
    const codes: unknown[] = [];
    for (let i = 0; i < 7; i++) {
      await services
        .signUp(ALICE, origin())
        .catch((error: unknown) => codes.push((error as IdentityError).code));
    }
    expect(codes.slice(0, 5)).toEqual(Array(5).fill('BAD_USER_INPUT'));
    expect(codes.slice(5)).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
  });
});

describe('signing up where addresses must be verified', () => {
  it('answers alike for a new and a known address, after the same work', async () => {
    const { services, hasher, mails, settled } = await createIdentityHarness({ settings: withVerification });
    const first = await services.signUp(ALICE, origin());
    const hashesOfFirst = hasher.calls.hash;
    await settled();
    const second = await services.signUp(ALICE, origin());
    expect(second).toEqual(first);
    expect(first).toEqual({ kind: 'verificationRequired', email: 'alice@example.com' });
    expect(hasher.calls.hash).toBe(2 * hashesOfFirst);
    await settled();
    expect(mails.map((mail) => [mail.to, mail.subject])).toEqual([
      ['alice@example.com', 'Verify your address'],
      ['alice@example.com', 'You have an account already'],
    ]);
  });

  it('lets the user in once the token of the mail was shown', async () => {
    const { services, mails, settled, store } = await createIdentityHarness({ settings: withVerification });
    await services.signUp(ALICE, origin());
    await settled();
    await expect(services.signIn(ALICE, origin())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const token = /\n(ey\S+)\n/.exec(mails[0]!.text)![1]!;
    await services.verifyEmail(token, origin());
    await services.verifyEmail(token, origin());
    expect((await services.signIn(ALICE, origin())).user.email).toBe('alice@example.com');
    expect(store.audit.records.filter(({ action }) => action === 'user.email-verified')).toHaveLength(1);
  });

  it('does not tell a stranger with a wrong password that an address waits for its proof', async () => {
    const { services, settled } = await createIdentityHarness({ settings: withVerification });
    await services.signUp(ALICE, origin());
    await settled();
    await expect(services.signIn({ ...ALICE, password: 'not the password' }, origin())).rejects.toMatchObject(
      { code: 'INVALID_CREDENTIALS' },
    );
  });

  it('refuses a proof that has expired, and an access token in its place', async () => {
    const { services, mails, settled, clock } = await createIdentityHarness({ settings: withVerification });
    await services.signUp(ALICE, origin());
    await settled();
    const token = /\n(ey\S+)\n/.exec(mails[0]!.text)![1]!;
    await services.verifyEmail(token, origin());
    const { accessToken } = await services.signIn(ALICE, origin());
    clock.jump(withVerification.emailProofTtl);
    const refusal = { code: 'BAD_USER_INPUT', field: 'token' };
    await expect(services.verifyEmail(token, origin())).rejects.toMatchObject(refusal);
    clock.jump(-withVerification.emailProofTtl);
    await expect(services.verifyEmail(accessToken, origin())).rejects.toMatchObject(refusal);
    await expect(services.verifyEmail('garbage', origin())).rejects.toMatchObject(refusal);
  });

  it('gives no answer that tells a known address from a new one, however often it asks', async () => {
    const { services, settled } = await createIdentityHarness({ settings: withVerification });
    await services.signUp(ALICE, origin('198.51.100.1'));
    await settled();
    const answersTo = async (email: string, address: string): Promise<unknown[]> => {
      const answers: unknown[] = [];
      for (let i = 0; i < 8; i++) {
        const asked = services.signUp({ ...ALICE, email }, origin(address));
        answers.push(
          await asked.then(
            ({ kind }) => kind,
            (error: unknown) => (error as IdentityError).code,
          ),
        );
        await settled();
      }
      return answers;
    };
    const known = await answersTo(ALICE.email, '192.0.2.1');
    const fresh = await answersTo('bob@example.com', '192.0.2.2');
    expect(known).toEqual(fresh);
  });

  it('answers although the mail cannot be sent, and logs it', async () => {
    const { services, settled, logged } = await createIdentityHarness({
      settings: withVerification,
      mailer: { send: () => Promise.reject(new Error('no route to host')) },
    });
    expect((await services.signUp(ALICE, origin())).kind).toBe('verificationRequired');
    await settled();
    expect(logged).toEqual(['user.sign-up failed']);
  });
});
