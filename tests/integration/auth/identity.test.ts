import { randomUUID } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, jwtVerify } from 'jose';

import { createIdentity, type IdentityOptions } from '../../../gateway/auth/create-identity.ts';
import { Secret } from '../../../gateway/auth/secret.ts';
import { makeSigningKeyPem, SigningKeyError } from '../../../gateway/auth/signing-keys.ts';
import { createLocalBus } from '../../../gateway/cluster/local-bus.ts';
import { createIdentityHarness, origin, PASSWORD } from '../../support/identity-harness.ts';
import { createMemoryIdentity } from '../../support/memory-identity.ts';

const ISSUER = 'https://gateway.test';
const ALICE = { email: 'alice@example.com', password: PASSWORD, displayName: 'Alice' };
const { signal } = new AbortController();

/** The machine's clock and real adapters, as in production; storage in memory. */
async function options(given: Partial<IdentityOptions> = {}): Promise<IdentityOptions> {
  const { ports } = await createIdentityHarness();
  return {
    ...createMemoryIdentity(),
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      after: (ms, task) => {
        const timer = setTimeout(task, ms);
        return { cancel: () => clearTimeout(timer) };
      },
    },
    ids: { next: () => randomUUID() },
    bus: createLocalBus((error) => {
      throw error;
    }),
    telemetry: ports.telemetry,
    issuer: ISSUER,
    secrets: {
      encryptionKey: new Secret('5e'.repeat(32)),
      tokenSigningKey: new Secret(await makeSigningKeyPem()),
    },
    ...given,
  };
}

describe('identity as the gateway puts it together', () => {
  it('takes a user from sign-up to an API key that trades and is revoked', async () => {
    const { services, authenticator, close } = await createIdentity(await options());
    await services.signUp(ALICE, origin());
    const session = await services.signIn(ALICE, origin());
    const user = await authenticator.authenticate({ authorization: `Bearer ${session.accessToken}` }, signal);
    const input = { name: 'bot', scopes: ['TRADE'] as const, expiresAt: null };
    const { apiKey, secret } = await services.createApiKey(user!, input, origin());
    const key = await authenticator.authenticate({ apiKey: secret }, signal);
    expect(key).toMatchObject({ kind: 'apiKey', scopes: ['TRADE'], workspaceId: session.workspace.id });
    await services.revokeApiKey(user!, apiKey.id, origin());
    await expect(authenticator.authenticate({ apiKey: secret }, signal)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    await close();
  });

  it('publishes keys with which others can check its tokens', async () => {
    const { services, jwks, close } = await createIdentity(await options());
    const result = await services.signUp(ALICE, origin());
    if (result.kind !== 'session') throw new Error('no session');
    const { payload } = await jwtVerify(result.session.accessToken, createLocalJWKSet(jwks), {
      issuer: ISSUER,
      audience: 'omniquant',
      typ: 'at+jwt',
    });
    expect(payload.sub).toBe(result.session.user.id);
    await close();
  });

  it('knows no session and no key of another installation, though ids and addresses are the same', async () => {
    const here = await options();
    const there = await options({
      users: here.users,
      workspaces: here.workspaces,
      sessions: here.sessions,
      apiKeys: here.apiKeys,
    });
    const elsewhere = { ...there, secrets: { ...there.secrets, encryptionKey: new Secret('6f'.repeat(32)) } };
    const [ours, theirs] = [await createIdentity(here), await createIdentity(elsewhere)];
    const result = await theirs.services.signUp(ALICE, origin());
    if (result.kind !== 'session') throw new Error('no session');
    const authorization = `Bearer ${result.session.accessToken}`;
    const principal = await theirs.authenticator.authenticate({ authorization }, signal);
    const { secret } = await theirs.services.createApiKey(
      principal!,
      { name: 'k', scopes: ['READ'], expiresAt: null },
      origin(),
    );
    for (const credentials of [{ authorization }, { apiKey: secret }]) {
      await expect(ours.authenticator.authenticate(credentials, signal)).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    }
    await Promise.all([ours.close(), theirs.close()]);
  });

  it('does not start with a key that cannot sign, or with proofs that cannot be mailed', async () => {
    const secrets = { encryptionKey: new Secret('5e'.repeat(32)), tokenSigningKey: new Secret('no key') };
    await expect(createIdentity(await options({ secrets }))).rejects.toThrow(SigningKeyError);
    await expect(
      createIdentity(await options({ settings: { requireEmailVerification: true } })),
    ).rejects.toThrow('mailer');
  });
});
