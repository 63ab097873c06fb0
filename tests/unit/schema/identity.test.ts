import 'reflect-metadata';

import { beforeAll, describe, expect, it } from '@jest/globals';
import { graphql, type GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';

import { authenticateAccessToken } from '../../../core/identity/authentication.ts';
import { DEFAULT_IDENTITY_SETTINGS } from '../../../core/identity/identity-ports.ts';
import { type Principal, requirePrincipal } from '../../../core/identity/principal.ts';
import type { RequestContext } from '../../../schema/context.ts';
import { IdentityResolver, UserResolver } from '../../../schema/identity/identity.resolver.ts';
import {
  createIdentityHarness,
  type IdentityHarness,
  origin,
  PASSWORD,
} from '../../support/identity-harness.ts';

type Answer = Record<string, Record<string, unknown>>;

const SESSION = `accessToken refreshToken expiresAt user { id email displayName createdAt apiKeys { id } } workspace { id name createdAt }`;
const SIGN_UP = `mutation($input: SignUpInput!) { signUp(input: $input) {
  __typename ... on Session { ${SESSION} } ... on VerificationRequired { email } } }`;
const SIGN_IN = `mutation($input: SignInInput!) { signIn(input: $input) {
  __typename ... on Session { ${SESSION} } ... on TotpRequired { methods } } }`;
const ALICE = { email: 'alice@example.com', password: PASSWORD };

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildSchema({ resolvers: [IdentityResolver, UserResolver], validate: false });
});

/** Runs documents as one caller after the other, over services in memory. */
function callerOf(harness: IdentityHarness, principal: Principal | null = null) {
  const context = {
    principal,
    requirePrincipal: () => requirePrincipal(principal),
    ...origin(),
    services: { identity: harness.services },
  } as unknown as RequestContext;
  const run = async (source: string, variableValues: Record<string, unknown> = {}) =>
    graphql({ schema, source, variableValues, contextValue: context });
  return {
    ask: async (source: string, variables?: Record<string, unknown>): Promise<Answer> => {
      const { data, errors } = await run(source, variables);
      if (errors !== undefined) throw new AggregateError(errors, String(errors[0]));
      return JSON.parse(JSON.stringify(data)) as Answer;
    },
    refusal: async (source: string, variables?: Record<string, unknown>) =>
      (await run(source, variables)).errors?.[0]?.originalError,
  };
}

async function signedUp() {
  const harness = await createIdentityHarness();
  const { signUp } = await callerOf(harness).ask(SIGN_UP, { input: { ...ALICE, displayName: 'Alice' } });
  const { signal } = origin();
  const principal = await authenticateAccessToken(harness.ports, String(signUp!['accessToken']), signal);
  return {
    harness,
    session: signUp!,
    principal: principal!,
    anonymous: callerOf(harness),
    alice: callerOf(harness, principal),
  };
}

describe('identity in the API', () => {
  it('signs up with a session of documented form', async () => {
    const { session, harness } = await signedUp();
    expect(session).toEqual({
      __typename: 'Session',
      accessToken: expect.stringMatching(/^ey/),
      refreshToken: expect.stringMatching(/^oqr_/),
      expiresAt: new Date(harness.clock.now() + 600_000).toISOString(),
      user: {
        id: expect.any(String),
        email: 'alice@example.com',
        displayName: 'Alice',
        createdAt: new Date(harness.clock.now()).toISOString(),
        apiKeys: [],
      },
      workspace: { id: expect.any(String), name: 'Alice', createdAt: expect.any(String) },
    });
  });

  it('asks for the proof of the address where that is required', async () => {
    const settings = { ...DEFAULT_IDENTITY_SETTINGS, requireEmailVerification: true };
    const harness = await createIdentityHarness({ settings });
    const caller = callerOf(harness);
    expect(await caller.ask(SIGN_UP, { input: { ...ALICE, displayName: 'Alice' } })).toEqual({
      signUp: { __typename: 'VerificationRequired', email: 'alice@example.com' },
    });
    await harness.settled();
    const token = /\n(ey\S+)\n/.exec(harness.mails[0]!.text)![1]!;
    await caller.ask('mutation($token: String!) { verifyEmail(token: $token) }', { token });
    expect((await caller.ask(SIGN_IN, { input: ALICE }))['signIn']!['__typename']).toBe('Session');
  });

  it('signs in, refreshes and signs out', async () => {
    const { anonymous, alice, session } = await signedUp();
    const { signIn } = await anonymous.ask(SIGN_IN, { input: { ...ALICE, totp: null } });
    expect(signIn!['__typename']).toBe('Session');
    const REFRESH = `mutation($token: String!) { refreshSession(refreshToken: $token) { ${SESSION} } }`;
    const { refreshSession } = await anonymous.ask(REFRESH, { token: session['refreshToken'] });
    expect(refreshSession!['user']).toEqual(session['user']);
    expect(await alice.ask('mutation { signOut }')).toEqual({ signOut: true });
    expect(await anonymous.refusal(REFRESH, { token: refreshSession!['refreshToken'] })).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('shows the viewer, and the keys they made without their secrets', async () => {
    const { alice } = await signedUp();
    const { createApiKey } = await alice.ask(
      `mutation { createApiKey(input: { name: "desk", scopes: [TRADE, READ], expiresAt: "2030-01-01T00:00:00Z" }) {
         secret apiKey { id name prefix scopes createdAt expiresAt lastUsedAt revokedAt } } }`,
    );
    const apiKey = createApiKey!['apiKey'] as Record<string, unknown>;
    expect(apiKey).toMatchObject({
      name: 'desk',
      scopes: ['READ', 'TRADE'],
      expiresAt: '2030-01-01T00:00:00.000Z',
      lastUsedAt: null,
      revokedAt: null,
    });
    const VIEWER = '{ viewer { role scopes workspace { name } user { email apiKeys { id revokedAt } } } }';
    expect(await alice.ask(VIEWER)).toEqual({
      viewer: {
        role: 'ADMIN',
        scopes: ['READ', 'TRADE', 'STRATEGIES', 'BACKTESTS', 'ADMIN'],
        workspace: { name: 'Alice' },
        user: { email: 'alice@example.com', apiKeys: [{ id: apiKey['id'], revokedAt: null }] },
      },
    });
    const revoked = await alice.ask(`mutation($id: ID!) { revokeApiKey(id: $id) { revokedAt } }`, {
      id: apiKey['id'],
    });
    expect(revoked['revokeApiKey']!['revokedAt']).toEqual(expect.any(String));
  });

  it('is closed to the anonymous but for coming in', async () => {
    const { anonymous } = await signedUp();
    for (const source of [
      '{ viewer { role } }',
      'mutation { signOut }',
      'mutation { createApiKey(input: { name: "k", scopes: [READ] }) { secret } }',
      'mutation { revokeApiKey(id: "x") { id } }',
    ]) {
      expect(await anonymous.refusal(source)).toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  it('never has a field for the hash of a password or the mac of a key', async () => {
    const names = Object.values(schema.getTypeMap()).flatMap((type) =>
      'getFields' in type ? Object.keys(type.getFields()) : [],
    );
    expect(names.filter((name) => /hash|mac$|selector/i.test(name))).toEqual([]);
  });
});
