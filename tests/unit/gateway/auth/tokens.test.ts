import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import type { AccessClaims } from '../../../../core/ports/credentials.ts';
import { Secret } from '../../../../gateway/auth/secret.ts';
import {
  makeSigningKeyPem,
  readSigningKeys,
  SigningKeyError,
} from '../../../../gateway/auth/signing-keys.ts';
import { createSignedTokens } from '../../../../gateway/auth/tokens.ts';

const ISSUER = 'https://gateway.test';
const NOW = Date.UTC(2026, 0, 5);
const clock = { now: () => NOW };
const CLAIMS: AccessClaims = {
  userId: 'user-1',
  sessionId: 'session-1',
  workspaceId: 'workspace-1',
  role: 'TRADER',
  authzVersion: 3,
  expiresAt: NOW + 600_000,
};

async function gateway(pem?: string) {
  const own = pem ?? (await makeSigningKeyPem());
  const keys = await readSigningKeys(new Secret(own));
  return { pem: own, keys, tokens: createSignedTokens({ keys, issuer: ISSUER, clock }) };
}

const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const decode = (part: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>;

/** A token as an attacker who has a good one (and perhaps the real key) would put it together. */
function forge(
  good: string,
  change: { header?: object; payload?: object },
  signature: (input: string) => Buffer,
): string {
  const [header, payload] = good.split('.');
  const input = `${encode({ ...decode(header), ...change.header })}.${encode({ ...decode(payload), ...change.payload })}`;
  return `${input}.${signature(input).toString('base64url')}`;
}
const ed25519 = (key: KeyObject) => (input: string) => sign(null, Buffer.from(input), key);

describe('access tokens', () => {
  it('say what they were given', async () => {
    const { tokens } = await gateway();
    expect(await tokens.verifyAccess(await tokens.signAccess(CLAIMS))).toEqual(CLAIMS);
  });

  it('bear algorithm, type, key, issuer, audience, times and an id', async () => {
    const { tokens, keys } = await gateway();
    const [header, payload] = (await tokens.signAccess(CLAIMS)).split('.');
    expect(decode(header)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: keys.signing.kid });
    expect(decode(payload)).toMatchObject({
      iss: ISSUER,
      aud: 'omniquant',
      iat: NOW / 1000,
      exp: NOW / 1000 + 600,
    });
    const again = await tokens.signAccess(CLAIMS);
    expect(decode(again.split('.')[1])['jti']).not.toBe(decode(payload)['jti']);
  });

  it('the forger of these tests makes good ones when nothing is changed', async () => {
    const { tokens, keys } = await gateway();
    const good = await tokens.signAccess(CLAIMS);
    expect(await tokens.verifyAccess(forge(good, {}, ed25519(keys.signing.privateKey)))).toEqual(CLAIMS);
  });

  it('are refused without a signature', async () => {
    const { tokens } = await gateway();
    const good = await tokens.signAccess(CLAIMS);
    for (const alg of ['none', 'None', 'NONE', 'EdDSA']) {
      expect(await tokens.verifyAccess(forge(good, { header: { alg } }, () => Buffer.alloc(0)))).toBeNull();
    }
    expect(await tokens.verifyAccess(good.split('.').slice(0, 2).join('.'))).toBeNull();
  });

  it('are refused when the public key was used as an HMAC secret', async () => {
    const { tokens, keys } = await gateway();
    const good = await tokens.signAccess(CLAIMS);
    const publicKey = [...keys.verifying.values()][0]!;
    const jwk = keys.jwks.keys[0]!;
    const secrets = [
      publicKey.export({ type: 'spki', format: 'pem' }),
      publicKey.export({ type: 'spki', format: 'der' }),
      JSON.stringify(jwk),
      Buffer.from(jwk.x!, 'base64url'),
    ];
    for (const secret of secrets) {
      const hmac = (input: string): Buffer => createHmac('sha256', secret).update(input).digest();
      for (const kid of [keys.signing.kid, undefined]) {
        expect(await tokens.verifyAccess(forge(good, { header: { alg: 'HS256', kid } }, hmac))).toBeNull();
      }
    }
  });

  it('are refused when signed with a key of the forger’s, brought along or not', async () => {
    const { tokens } = await gateway();
    const good = await tokens.signAccess(CLAIMS);
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const jwk = publicKey.export({ format: 'jwk' });
    for (const header of [{}, { kid: 'other' }, { kid: undefined }, { kid: undefined, jwk }, { jwk }]) {
      expect(await tokens.verifyAccess(forge(good, { header }, ed25519(privateKey)))).toBeNull();
    }
  });

  it.each([
    ['of another type', { header: { typ: 'JWT' } }],
    ['without a type', { header: { typ: undefined } }],
    ['of the kind that proves an address', { header: { typ: 'email-proof+jwt' } }],
    ['with an unknown key', { header: { kid: 'unknown' } }],
    ['with a critical extension', { header: { crit: ['b64'], b64: false } }],
    ['of another issuer', { payload: { iss: 'https://elsewhere.test' } }],
    ['for another audience', { payload: { aud: 'another' } }],
    ['for no audience', { payload: { aud: undefined } }],
    ['that expires now', { payload: { exp: NOW / 1000 } }],
    ['that never expires', { payload: { exp: undefined } }],
    ['that is not good yet', { payload: { nbf: NOW / 1000 + 60 } }],
    ['without a session', { payload: { sid: undefined } }],
    ['with an unknown role', { payload: { role: 'GOD' } }],
    ['with claims of a wrong type', { payload: { azv: '3' } }],
  ])('%s are refused, even if signed with the right key', async (_what, change) => {
    const { tokens, keys } = await gateway();
    const good = await tokens.signAccess(CLAIMS);
    expect(await tokens.verifyAccess(forge(good, change, ed25519(keys.signing.privateKey)))).toBeNull();
  });

  it.each(['', '.', '..', 'a.b.c', 'eyJhbGciOiJub25lIn0..', '\u0000', 'é.é.é', '['.repeat(5_000)])(
    'that are none are refused (%#)',
    async (text) => {
      const { tokens } = await gateway();
      expect(await tokens.verifyAccess(text)).toBeNull();
    },
  );

  it('and proofs of an address are not taken for each other', async () => {
    const { tokens } = await gateway();
    const proof = { userId: 'user-1', email: 'a@example.com', expiresAt: NOW + 1_000 };
    const token = await tokens.signEmailProof(proof);
    expect(await tokens.verifyEmailProof(token)).toEqual(proof);
    expect(await tokens.verifyAccess(token)).toBeNull();
    expect(await tokens.verifyEmailProof(await tokens.signAccess(CLAIMS))).toBeNull();
  });
});

describe('signing keys', () => {
  it('are changed by putting the new one first: both verify, the new one signs', async () => {
    const old = await gateway();
    const fresh = await gateway();
    const both = await gateway(`${fresh.pem}\n${old.pem}`);
    expect(await both.tokens.verifyAccess(await old.tokens.signAccess(CLAIMS))).toEqual(CLAIMS);
    expect(await fresh.tokens.verifyAccess(await both.tokens.signAccess(CLAIMS))).toEqual(CLAIMS);
    expect(await fresh.tokens.verifyAccess(await old.tokens.signAccess(CLAIMS))).toBeNull();
    expect(both.keys.jwks.keys).toHaveLength(2);
  });

  it('are published without their private half', async () => {
    const { keys } = await gateway();
    expect(keys.jwks.keys[0]).toEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      use: 'sig',
      kid: keys.signing.kid,
      x: expect.any(String),
    });
  });

  it('may have their newlines written as \\n, as environments need', async () => {
    const { pem, keys } = await gateway();
    expect((await readSigningKeys(new Secret(pem.replaceAll('\n', '\\n')))).jwks).toEqual(keys.jwks);
  });

  it.each([
    ['nothing', ''],
    ['no PEM', 'a secret of another kind'],
    ['a broken PEM', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
    [
      'a key of another kind',
      generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    ],
  ])('cannot be %s', async (_what, pem) => {
    await expect(readSigningKeys(new Secret(pem))).rejects.toThrow(SigningKeyError);
  });
});
