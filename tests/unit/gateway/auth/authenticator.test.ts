import { describe, expect, it } from '@jest/globals';

import type { ApiKeyRepository, SessionRepository } from '../../../../core/ports/identity.ts';
import { createAuthenticator } from '../../../../gateway/auth/authenticator.ts';
import { createIdentityHarness, origin, PASSWORD } from '../../../support/identity-harness.ts';
import { createMemoryIdentity } from '../../../support/memory-identity.ts';

const { signal } = new AbortController();

/** A signed-in user behind an authenticator that counts what it asks the database. */
async function setup(options: { capacity?: number; freshFor?: number } = {}) {
  const store = createMemoryIdentity();
  const asked = { sessions: 0, keys: 0 };
  const gate = { before: async () => {}, after: async () => {} };
  const sessions: SessionRepository = {
    ...store.sessions,
    async standing(id, given) {
      asked.sessions += 1;
      await gate.before();
      const standing = await store.sessions.standing(id, given);
      await gate.after();
      return standing;
    },
  };
  const apiKeys: ApiKeyRepository = {
    ...store.apiKeys,
    async standing(id, given) {
      asked.keys += 1;
      return store.apiKeys.standing(id, given);
    },
  };
  const harness = await createIdentityHarness({ ...store, sessions, apiKeys });
  const authenticator = createAuthenticator(harness.ports, options);
  const result = await harness.services.signUp(
    { email: 'alice@example.com', password: PASSWORD, displayName: 'Alice' },
    origin(),
  );
  if (result.kind !== 'session') throw new Error('no session');
  const bearer = { authorization: `Bearer ${result.session.accessToken}` };
  return { ...harness, store, asked, gate, authenticator, session: result.session, bearer };
}

describe('authenticating a request', () => {
  it('without credentials is anonymous, not refused', async () => {
    const { authenticator } = await setup();
    expect(await authenticator.authenticate({}, signal)).toBeNull();
  });

  it('asks the database once for many requests with one token', async () => {
    const { authenticator, bearer, asked, session } = await setup();
    const all = await Promise.all(
      Array.from({ length: 50 }, () => authenticator.authenticate(bearer, signal)),
    );
    expect(all[0]).toMatchObject({ kind: 'user', userId: session.user.id });
    await authenticator.authenticate(bearer, signal);
    expect(asked.sessions).toBe(1);
    expect(authenticator.peek(bearer)).toBe(all[0]);
  });

  it('takes the scheme in any case', async () => {
    const { authenticator, session } = await setup();
    const authorization = `bearer  ${session.accessToken}`;
    expect(await authenticator.authenticate({ authorization }, signal)).toMatchObject({ kind: 'user' });
  });

  it.each([
    ['an empty header', { authorization: '' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['a scheme without a token', { authorization: 'Bearer ' }],
    ['two tokens', { authorization: 'Bearer a b' }],
    ['garbage', { authorization: 'Bearer garbage' }],
    ['a megabyte', { authorization: `Bearer ${'a'.repeat(1_000_000)}` }],
    ['an empty key', { apiKey: '' }],
    ['a key that is none', { apiKey: 'oq_live_nothing' }],
  ])('refuses %s without asking the database', async (_what, credentials) => {
    const { authenticator, asked } = await setup();
    await expect(authenticator.authenticate(credentials, signal)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(asked).toEqual({ sessions: 0, keys: 0 });
  });

  it('refuses a token and a key together, whoever they are', async () => {
    const { authenticator, bearer } = await setup();
    await authenticator.authenticate(bearer, signal);
    await expect(authenticator.authenticate({ ...bearer, apiKey: 'x' }, signal)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('does not take a token as a key, nor a key as a token', async () => {
    const { authenticator, bearer, services, session } = await setup();
    const principal = (await authenticator.authenticate(bearer, signal))!;
    const { secret } = await services.createApiKey(
      principal,
      { name: 'k', scopes: ['READ'], expiresAt: null },
      origin(),
    );
    await authenticator.authenticate({ apiKey: secret }, signal);
    for (const swapped of [{ apiKey: session.accessToken }, { authorization: `Bearer ${secret}` }]) {
      await expect(authenticator.authenticate(swapped, signal)).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    }
  });

  it('forgets a token at its own expiry, though the answer was kept', async () => {
    const { authenticator, bearer, clock } = await setup({ freshFor: 3_600_000 });
    await authenticator.authenticate(bearer, signal);
    clock.jump(600_000);
    expect(authenticator.peek(bearer)).toBeUndefined();
    await expect(authenticator.authenticate(bearer, signal)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('stops at once when the session is signed out', async () => {
    const { authenticator, bearer, services } = await setup();
    const principal = (await authenticator.authenticate(bearer, signal))!;
    await services.signOut(principal, origin());
    await expect(authenticator.authenticate(bearer, signal)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('stops at once when the API key is revoked, and not before', async () => {
    const { authenticator, bearer, services, asked, settled } = await setup();
    const principal = (await authenticator.authenticate(bearer, signal))!;
    const input = { name: 'k', scopes: ['READ'] as const, expiresAt: null };
    const [one, two] = [
      await services.createApiKey(principal, input, origin()),
      await services.createApiKey(principal, input, origin()),
    ];
    await authenticator.authenticate({ apiKey: one.secret }, signal);
    await authenticator.authenticate({ apiKey: two.secret }, signal);
    await services.revokeApiKey(principal, one.apiKey.id, origin());
    await expect(authenticator.authenticate({ apiKey: one.secret }, signal)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    const before = asked.keys;
    await authenticator.authenticate({ apiKey: two.secret }, signal);
    expect(asked.keys).toBe(before);
    await settled();
  });

  it('notices a revocation of which no message came, when the answer is no longer fresh', async () => {
    const { authenticator, bearer, store, session, clock } = await setup();
    await authenticator.authenticate(bearer, signal);
    store.bumpAuthz(session.user.id);
    await clock.advance(4_999);
    expect(await authenticator.authenticate(bearer, signal)).not.toBeNull();
    await clock.advance(1);
    await expect(authenticator.authenticate(bearer, signal)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('does not keep what was read before a revocation that came meanwhile', async () => {
    const { authenticator, bearer, services, gate, ports } = await setup();
    const principal = (await authenticator.authenticate(bearer, signal))!;
    // The answer is on its way when the session ends; the message overtakes it.
    authenticator.close();
    const second = createAuthenticator(ports);
    gate.after = async () => {
      gate.after = async () => {};
      await services.signOut(principal, origin());
    };
    await expect(second.authenticate(bearer, signal)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(second.peek(bearer)).toBeUndefined();
  });

  it('is UNAVAILABLE, not UNAUTHENTICATED, while the database is away, and comes back with it', async () => {
    const { authenticator, bearer, gate } = await setup();
    gate.before = () => Promise.reject(new Error('connection refused'));
    await expect(authenticator.authenticate(bearer, signal)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    gate.before = async () => {};
    expect(await authenticator.authenticate(bearer, signal)).not.toBeNull();
  });

  it('is not ended for others by a client that leaves', async () => {
    const { authenticator, bearer, gate } = await setup();
    const leaver = new AbortController();
    gate.before = async () => leaver.abort();
    const [left, stayed] = await Promise.allSettled([
      authenticator.authenticate(bearer, leaver.signal),
      authenticator.authenticate(bearer, signal),
    ]);
    expect([left.status, stayed.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('keeps a bounded number of answers', async () => {
    const { authenticator, services, asked } = await setup({ capacity: 3 });
    const bearers = [];
    for (let i = 0; i < 5; i++) {
      const { accessToken } = await services.signIn(
        { email: 'alice@example.com', password: PASSWORD },
        origin(),
      );
      bearers.push({ authorization: `Bearer ${accessToken}` });
    }
    for (const bearer of bearers) await authenticator.authenticate(bearer, signal);
    expect(bearers.map((bearer) => authenticator.peek(bearer) !== undefined)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
    expect(asked.sessions).toBe(5);
  });
});
