import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { authenticateAccessToken } from '../../../../core/identity/authentication.ts';
import type { IdentityError } from '../../../../core/identity/identity-error.ts';
import type { SessionRepository } from '../../../../core/ports/identity.ts';
import { createIdentityHarness, origin, PASSWORD } from '../../../support/identity-harness.ts';
import { createMemoryIdentity } from '../../../support/memory-identity.ts';

const ALICE = { email: 'alice@example.com', password: PASSWORD, displayName: 'Alice' };
const UNAUTHENTICATED = { code: 'UNAUTHENTICATED' };

async function signedIn(overrides: Parameters<typeof createIdentityHarness>[0] = {}) {
  const harness = await createIdentityHarness(overrides);
  const result = await harness.services.signUp(ALICE, origin());
  if (result.kind !== 'session') throw new Error('no session');
  const { session } = result;
  const principalOf = async (accessToken: string) =>
    authenticateAccessToken(harness.ports, accessToken, origin().signal);
  return { ...harness, session, principalOf };
}

describe('refreshing a session', () => {
  it('gives a new pair of the same session', async () => {
    const { services, session, clock, principalOf } = await signedIn();
    await clock.advance(5_000);
    const next = await services.refreshSession(session.refreshToken, origin());
    expect(next.refreshToken).not.toBe(session.refreshToken);
    expect(next.expiresAt).toBe(session.expiresAt + 5_000);
    const [before, after] = [await principalOf(session.accessToken), await principalOf(next.accessToken)];
    expect(after?.sessionId).toBe(before?.sessionId);
  });

  it('ends the family, sockets and access tokens included, when a rotated token comes again', async () => {
    const { services, session, clock, principalOf, revoked, store } = await signedIn();
    const stolen = session.refreshToken;
    const next = await services.refreshSession(stolen, origin());
    await clock.advance(11_000);
    await expect(services.refreshSession(stolen, origin())).rejects.toMatchObject(UNAUTHENTICATED);
    await expect(services.refreshSession(next.refreshToken, origin())).rejects.toMatchObject(UNAUTHENTICATED);
    expect(await principalOf(next.accessToken)).toBeNull();
    expect(revoked).toHaveLength(1);
    expect(revoked[0]).toMatch(/^session:/);
    expect(store.audit.records.at(-1)?.action).toBe('session.token-reused');
  });

  it('leaves the user’s other sessions alone', async () => {
    const { services, session, clock } = await signedIn();
    const other = await services.signIn(ALICE, origin());
    await services.refreshSession(session.refreshToken, origin());
    await clock.advance(11_000);
    await services.refreshSession(session.refreshToken, origin()).catch(() => {});
    await services.refreshSession(other.refreshToken, origin());
  });

  it('refuses a made-up verifier of a known family as it refuses a used one', async () => {
    const { services, session } = await signedIn();
    const forged = session.refreshToken.slice(0, -1) + (session.refreshToken.endsWith('0') ? '1' : '0');
    await expect(services.refreshSession(forged, origin())).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it.each(['', 'x', 'oqr_short_short', `oqr_${'a'.repeat(22)}_${'b'.repeat(43)}`, 'a'.repeat(100_000)])(
    'refuses a token that is none (%#)',
    async (token) => {
      const { services } = await signedIn();
      await expect(services.refreshSession(token, origin())).rejects.toMatchObject(UNAUTHENTICATED);
    },
  );

  it('lets two tabs that refresh at once both go on, and one of them only once', async () => {
    const { services, session } = await signedIn();
    const [one, two] = await Promise.all([
      services.refreshSession(session.refreshToken, origin()),
      services.refreshSession(session.refreshToken, origin()),
    ]);
    expect(one.refreshToken).not.toBe(two.refreshToken);
    await services.refreshSession(two.refreshToken, origin());
    await expect(services.refreshSession(one.refreshToken, origin())).rejects.toMatchObject(UNAUTHENTICATED);
  });

  it('is refused to a user who left the workspace', async () => {
    const { services, session, store } = await signedIn();
    store.setRole(session.workspace.id, session.user.id, null);
    await expect(services.refreshSession(session.refreshToken, origin())).rejects.toMatchObject(
      UNAUTHENTICATED,
    );
  });

  it('carries the rights of now', async () => {
    const { services, session, store, principalOf } = await signedIn();
    store.setRole(session.workspace.id, session.user.id, 'VIEWER');
    store.bumpAuthz(session.user.id);
    expect(await principalOf(session.accessToken)).toBeNull();
    const next = await services.refreshSession(session.refreshToken, origin());
    expect(await principalOf(next.accessToken)).toMatchObject({ role: 'VIEWER', scopes: ['READ'] });
  });

  it('gives up rather than spin when every change of the session loses', async () => {
    const store = createMemoryIdentity();
    const sessions: SessionRepository = { ...store.sessions, compareAndSet: async () => false };
    const { services, session } = await signedIn({ ...store, sessions });
    await expect(services.refreshSession(session.refreshToken, origin())).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  });

  // Requests of one token race in every interleaving of their reads and writes.
  it('never lets two uses of one token both spend it, whatever the interleaving', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, clients) => {
        const store = createMemoryIdentity();
        const sessions: SessionRepository = {
          ...store.sessions,
          findBySelector: scheduler.scheduleFunction(store.sessions.findBySelector),
          compareAndSet: scheduler.scheduleFunction(store.sessions.compareAndSet),
        };
        const { services, session, clock } = await signedIn({ ...store, sessions });
        const uses = Array.from({ length: clients }, () =>
          services.refreshSession(session.refreshToken, origin()),
        );
        const outcomes = Promise.all(
          uses.map((use) => use.catch((error: unknown) => error as IdentityError)),
        );
        await scheduler.waitFor(outcomes);
        const pairs = (await outcomes).filter((outcome) => 'refreshToken' in outcome);
        expect(pairs).toHaveLength(clients);

        // Of the siblings one can be used; with the second the family ends.
        await clock.advance(1);
        const second = Promise.all(
          pairs.map((pair) => services.refreshSession(pair.refreshToken, origin()).catch(() => null)),
        );
        await scheduler.waitFor(second);
        expect((await second).filter((pair) => pair !== null)).toHaveLength(1);
      }),
      { numRuns: 30 },
    );
  });
});

describe('signing out', () => {
  it('ends the session at once, for access and refresh tokens', async () => {
    const { services, session, principalOf, revoked, store } = await signedIn();
    const principal = (await principalOf(session.accessToken))!;
    expect(await services.signOut(principal, origin())).toBe(true);
    expect(await principalOf(session.accessToken)).toBeNull();
    await expect(services.refreshSession(session.refreshToken, origin())).rejects.toMatchObject(
      UNAUTHENTICATED,
    );
    expect(revoked).toEqual([`session:${principal.sessionId ?? ''}`]);
    expect(store.audit.records.at(-1)?.action).toBe('session.closed');
  });

  it('may be repeated, and is recorded once', async () => {
    const { services, session, principalOf, store } = await signedIn();
    const principal = (await principalOf(session.accessToken))!;
    await Promise.all([services.signOut(principal, origin()), services.signOut(principal, origin())]);
    expect(await services.signOut(principal, origin())).toBe(true);
    expect(store.audit.records.filter(({ action }) => action === 'session.closed')).toHaveLength(1);
  });
});

describe('the viewer', () => {
  it('is the user with the role and scopes of now', async () => {
    const { services, session, principalOf } = await signedIn();
    const principal = (await principalOf(session.accessToken))!;
    expect(await services.viewer(principal, origin())).toEqual({
      user: session.user,
      workspace: session.workspace,
      role: 'ADMIN',
      scopes: ['READ', 'TRADE', 'STRATEGIES', 'BACKTESTS', 'ADMIN'],
    });
  });

  it('is refused when the workspace is gone', async () => {
    const { services, session, principalOf } = await signedIn();
    const principal = (await principalOf(session.accessToken))!;
    const elsewhere = { ...principal, workspaceId: 'f3a9c2e4-0000-7000-8000-000000000000' };
    await expect(services.viewer(elsewhere, origin())).rejects.toMatchObject(UNAUTHENTICATED);
  });
});
