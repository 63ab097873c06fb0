import { describe, expect, it } from '@jest/globals';

import type { IdentityError } from '../../../../core/identity/identity-error.ts';
import { createIdentityHarness, origin, PASSWORD } from '../../../support/identity-harness.ts';

const ALICE = { email: 'alice@example.com', password: PASSWORD, displayName: 'Alice' };
const WRONG = 'wrong horse battery staple';

async function harnessWithAlice(overrides: Parameters<typeof createIdentityHarness>[0] = {}) {
  const harness = await createIdentityHarness(overrides);
  const result = await harness.services.signUp(ALICE, origin());
  if (result.kind !== 'session') throw new Error('no session');
  return { ...harness, session: result.session };
}

describe('signing in', () => {
  it('opens a session of its own each time', async () => {
    const { services, session } = await harnessWithAlice();
    const again = await services.signIn({ email: ' ALICE@example.com', password: PASSWORD }, origin());
    expect(again.user.id).toBe(session.user.id);
    expect(again.workspace.id).toBe(session.workspace.id);
    expect(again.refreshToken).not.toBe(session.refreshToken);
  });

  it('answers a wrong password, an unknown address and garbage alike, after one verification each', async () => {
    const { services, hasher } = await harnessWithAlice();
    const attempts = [
      { email: ALICE.email, password: WRONG },
      { email: 'nobody@example.com', password: PASSWORD },
      { email: 'not an address', password: PASSWORD },
      { email: 'nul\u0000@example.com', password: PASSWORD },
      { email: ALICE.email, password: 'x'.repeat(1_000_000) },
      { email: ALICE.email, password: '' },
    ];
    const refusals: unknown[] = [];
    for (const attempt of attempts) {
      const before = hasher.calls.verify + hasher.calls.pretend;
      const error = (await services.signIn(attempt, origin()).catch((e: unknown) => e)) as IdentityError;
      refusals.push({ code: error.code, message: error.message, field: error.field });
      expect(hasher.calls.verify + hasher.calls.pretend - before).toBe(1);
    }
    expect(refusals[0]).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size).toBe(1);
  });

  it('records a wrong password in the workspace, without holding up the answer', async () => {
    const { services, store, settled, session } = await harnessWithAlice();
    await services.signIn({ ...ALICE, password: WRONG }, origin()).catch(() => {});
    await settled();
    expect(store.audit.records.at(-1)).toMatchObject({
      action: 'session.refused',
      workspaceId: session.workspace.id,
      actor: `user:${session.user.id}`,
    });
  });

  it('makes a guesser wait after five failures, the owner elsewhere not', async () => {
    const { services } = await harnessWithAlice();
    for (let i = 0; i < 5; i++) {
      await expect(
        services.signIn({ ...ALICE, password: WRONG }, origin('192.0.2.66')),
      ).rejects.toMatchObject({
        code: 'INVALID_CREDENTIALS',
      });
    }
    // The right password included: else the guesser would learn it by trying on.
    const refused = (await services
      .signIn(ALICE, origin('192.0.2.66'))
      .catch((e: unknown) => e)) as IdentityError;
    expect(refused.code).toBe('RATE_LIMITED');
    expect(refused.retryAfter).toBeGreaterThan(0);
    expect(refused.retryAfter).toBeLessThanOrEqual(60);
    await services.signIn(ALICE, origin('192.0.2.1'));
  });

  it('counts guesses that run at the same time', async () => {
    const { services, hasher } = await harnessWithAlice();
    const before = hasher.calls.verify;
    const guesses = Array.from({ length: 50 }, (_, i) =>
      services.signIn({ ...ALICE, password: `${WRONG} ${i}` }, origin()),
    );
    await Promise.allSettled(guesses);
    expect(hasher.calls.verify - before).toBe(5);
  });

  it('does not count successes: a busy client is not throttled', async () => {
    const { services } = await harnessWithAlice();
    for (let i = 0; i < 30; i++) await services.signIn(ALICE, origin());
  });

  it('slows guessing at one account from many addresses', async () => {
    const { services } = await harnessWithAlice();
    const codes: unknown[] = [];
    for (let i = 0; i < 25; i++) {
      await services
        .signIn({ ...ALICE, password: WRONG }, origin(`198.51.100.${i}`))
        .catch((error: unknown) => codes.push((error as IdentityError).code));
    }
    expect(codes.slice(20)).toEqual(Array(5).fill('RATE_LIMITED'));
  });

  it('hashes a password anew that was hashed under weaker settings', async () => {
    const { services, store, session, ports } = await harnessWithAlice();
    const { signal } = origin();
    const weak = session.user.passwordHash.replace('quick', 'weak');
    await store.users.replacePasswordHash(session.user.id, session.user.passwordHash, weak, signal);
    await services.signIn(ALICE, origin());
    expect((await ports.users.findById(session.user.id, signal))?.passwordHash).toBe(
      session.user.passwordHash,
    );
  });

  it('refuses a user who is in no workspace any more', async () => {
    const { services, store, session } = await harnessWithAlice();
    store.setRole(session.workspace.id, session.user.id, null);
    await expect(services.signIn(ALICE, origin())).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
