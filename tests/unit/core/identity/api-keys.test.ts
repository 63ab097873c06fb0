import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  API_SCOPES,
  leastRoleFor,
  ROLES,
  scopesOfRole,
  scopesWithin,
} from '../../../../core/identity/access.ts';
import { MAX_LIVE_API_KEYS } from '../../../../core/identity/api-keys.ts';
import { authenticateAccessToken, authenticateApiKey } from '../../../../core/identity/authentication.ts';
import type { CreateApiKeyInput } from '../../../../core/identity/identity-services.ts';
import { type Principal, requireScope } from '../../../../core/identity/principal.ts';
import {
  createIdentityHarness,
  type IdentityHarness,
  origin,
  PASSWORD,
} from '../../../support/identity-harness.ts';

const KEY: CreateApiKeyInput = { name: 'desk', scopes: ['READ', 'TRADE'], expiresAt: null };

async function person(harness: IdentityHarness, email: string): Promise<Principal> {
  const result = await harness.services.signUp({ email, password: PASSWORD, displayName: 'P' }, origin());
  if (result.kind !== 'session') throw new Error('no session');
  return (await authenticateAccessToken(harness.ports, result.session.accessToken, origin().signal))!;
}

async function withAlice() {
  const harness = await createIdentityHarness();
  const alice = await person(harness, 'alice@example.com');
  const make = (input: Partial<CreateApiKeyInput> = {}, who = alice) =>
    harness.services.createApiKey(who, { ...KEY, ...input }, origin());
  const authenticate = (secret: string) => authenticateApiKey(harness.ports, secret, origin().signal);
  return { ...harness, alice, make, authenticate };
}

describe('an API key', () => {
  it('acts for its workspace with its scopes, and no user', async () => {
    const { alice, make, authenticate, services, settled } = await withAlice();
    const { apiKey, secret } = await make();
    expect(secret).toMatch(/^oq_live_[0-9a-f]{32}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
    expect(secret.startsWith(apiKey.prefix)).toBe(true);
    const principal = (await authenticate(secret))!;
    expect(principal).toMatchObject({
      kind: 'apiKey',
      userId: null,
      keyId: apiKey.id,
      workspaceId: alice.workspaceId,
      role: 'TRADER',
      scopes: ['READ', 'TRADE'],
    });
    expect(await services.viewer(principal, origin())).toMatchObject({ user: null, role: 'TRADER' });
    expect(await services.signOut(principal, origin())).toBe(false);
    await settled();
  });

  it('is stored without its secret', async () => {
    const { make, store } = await withAlice();
    const { secret } = await make();
    expect(store.dump()).not.toContain(secret);
    expect(store.dump()).not.toContain(secret.split('_')[3]);
  });

  it('is refused with any one character changed, without a look into the database', async () => {
    const { make, ports } = await withAlice();
    const { secret } = await make();
    let asked = 0;
    const apiKeys = { ...ports.apiKeys, standing: async () => void (asked += 1) as never };
    const alphabet = Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_- ');
    await fc.assert(
      fc.asyncProperty(fc.nat(secret.length - 1), fc.constantFrom(...alphabet), async (at, character) => {
        fc.pre(secret[at] !== character);
        const tampered = secret.slice(0, at) + character + secret.slice(at + 1);
        expect(await authenticateApiKey({ ...ports, apiKeys }, tampered, origin().signal)).toBeNull();
      }),
    );
    expect(asked).toBe(0);
  });

  it('is refused when well made but never given out: the pepper is not in the text', async () => {
    const { make, authenticate, ports } = await withAlice();
    const { secret } = await make();
    const [, , id] = secret.split('_');
    const body = `oq_live_${id!}_${ports.secrets.base62(32)}`;
    const other = (await make()).secret;
    expect(await authenticate(body + secret.slice(-7))).toBeNull();
    expect(await authenticate(other.replace(/[0-9a-f]{32}/, id!))).toBeNull();
  });

  it('ends at its expiry', async () => {
    const { make, authenticate, clock, settled } = await withAlice();
    const { secret } = await make({ expiresAt: clock.now() + 1_000 });
    expect(await authenticate(secret)).not.toBeNull();
    await settled();
    await clock.advance(1_000);
    expect(await authenticate(secret)).toBeNull();
  });

  it('ends when revoked, and tells whoever holds it open', async () => {
    const { alice, make, authenticate, services, revoked, store } = await withAlice();
    const { apiKey, secret } = await make();
    const answer = await services.revokeApiKey(alice, apiKey.id, origin());
    expect(answer.revokedAt).not.toBeNull();
    expect(await authenticate(secret)).toBeNull();
    expect(revoked).toEqual([`key:${apiKey.id}`]);
    expect(await services.revokeApiKey(alice, apiKey.id, origin())).toEqual(answer);
    const actions = store.audit.records.map(({ action }) => action);
    expect(actions.slice(-2)).toEqual(['api-key.created', 'api-key.revoked']);
  });

  it('shrinks with its creator, and ends with the membership', async () => {
    const { alice, make, authenticate, store, settled } = await withAlice();
    const { secret } = await make({ scopes: ['ADMIN', 'TRADE', 'READ'] });
    store.setRole(alice.workspaceId, alice.userId!, 'VIEWER');
    expect(await authenticate(secret)).toMatchObject({ role: 'VIEWER', scopes: ['READ'] });
    store.setRole(alice.workspaceId, alice.userId!, null);
    expect(await authenticate(secret)).toBeNull();
    await settled();
  });

  it('notes its last use, at most once a minute', async () => {
    const { alice, make, authenticate, clock, services, settled } = await withAlice();
    const { secret } = await make();
    const lastUse = async () => {
      await settled();
      const [key] = await services.apiKeysOf(alice.userId!, alice.workspaceId, origin());
      return key!.lastUsedAt;
    };
    const start = clock.now();
    await authenticate(secret);
    expect(await lastUse()).toBe(start);
    await clock.advance(59_999);
    await authenticate(secret);
    expect(await lastUse()).toBe(start);
    await clock.advance(1);
    await authenticate(secret);
    expect(await lastUse()).toBe(start + 60_000);
  });

  it.each([
    ['no scope', { scopes: [] }, 'BAD_USER_INPUT', 'input.scopes'],
    ['a past expiry', { expiresAt: 1 }, 'BAD_USER_INPUT', 'input.expiresAt'],
    ['no name', { name: ' ' }, 'BAD_USER_INPUT', 'input.name'],
  ])('is not made with %s', async (_what, wrong, code, field) => {
    const { make, store } = await withAlice();
    const before = store.dump();
    await expect(make(wrong)).rejects.toMatchObject({ code, field });
    expect(store.dump()).toBe(before);
  });

  it('never has a scope that its creator has not', async () => {
    const { alice, make } = await withAlice();
    const viewer: Principal = { ...alice, role: 'VIEWER', scopes: scopesOfRole('VIEWER') };
    await expect(make({ scopes: ['READ', 'TRADE'] }, viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await make({ scopes: ['READ', 'READ'] }, viewer)).apiKey.scopes).toEqual(['READ']);
  });

  it('cannot make or revoke keys, even with ADMIN', async () => {
    const { make, authenticate, services, settled } = await withAlice();
    const { apiKey, secret } = await make({ scopes: ['ADMIN'] });
    const key = (await authenticate(secret))!;
    await expect(services.createApiKey(key, KEY, origin())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(services.revokeApiKey(key, apiKey.id, origin())).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await settled();
  });

  it('of another workspace, of another member or of nobody is NOT_FOUND alike', async () => {
    const harness = await withAlice();
    const { alice, make, services } = harness;
    const { apiKey } = await make();
    const bob = await person(harness, 'bob@example.com');
    const colleague: Principal = {
      ...alice,
      userId: bob.userId,
      role: 'TRADER',
      scopes: scopesOfRole('TRADER'),
    };
    const absent = '0190f000-0000-7000-8000-000000000000';
    const refusals = await Promise.all(
      [
        services.revokeApiKey(bob, apiKey.id, origin()),
        services.revokeApiKey(colleague, apiKey.id, origin()),
        services.revokeApiKey(alice, absent, origin()),
        services.revokeApiKey(alice, "x'; drop table api_key; --\u0000", origin()),
      ].map((call) => call.catch((error: unknown) => String(error))),
    );
    expect(new Set(refusals).size).toBe(1);
    await expect(services.revokeApiKey(alice, absent, origin())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is bounded in number; revoked ones do not count', async () => {
    const { alice, make, services } = await withAlice();
    const keys = [];
    for (let i = 0; i < MAX_LIVE_API_KEYS; i++) keys.push(await make());
    await expect(make()).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await services.revokeApiKey(alice, keys[0]!.apiKey.id, origin());
    await make();
  });
});

describe('roles and scopes', () => {
  it('a set of scopes never counts for more than they are', () => {
    fc.assert(
      fc.property(
        fc.subarray([...API_SCOPES], { minLength: 1 }),
        fc.constantFrom(...ROLES),
        (scopes, role) => {
          const within = scopesWithin(scopes, role);
          expect(within.every((scope) => scopes.includes(scope) && scopesOfRole(role).includes(scope))).toBe(
            true,
          );
          expect(scopesOfRole(leastRoleFor(scopes))).toEqual(
            expect.arrayContaining(scopes.filter((s) => s !== 'READ')),
          );
          expect(leastRoleFor(scopes) === 'ADMIN').toBe(scopes.includes('ADMIN'));
        },
      ),
    );
  });

  it('an operation asks for a scope: anonymous is UNAUTHENTICATED, too little is FORBIDDEN', async () => {
    const { alice } = await withAlice();
    expect(requireScope(alice, 'ADMIN')).toBe(alice);
    const reader: Principal = { ...alice, role: 'VIEWER', scopes: ['READ'] };
    expect(() => requireScope(reader, 'TRADE')).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    expect(() => requireScope(null, 'READ')).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });
});
