import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

import { calculateJwkThumbprint, exportJWK, type JSONWebKeySet, type JWK } from 'jose';

import type { Secret } from './secret.ts';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/**
 * The first key signs; all of them verify, so that a key is changed by putting the new one first and
 * dropping the old one when the last token it signed has expired.
 */
export interface SigningKeys {
  readonly signing: SigningKey;
  readonly verifying: ReadonlyMap<string, KeyObject>;
  /** What /.well-known/jwks.json answers. */
  readonly jwks: JSONWebKeySet;
}

export class SigningKeyError extends Error {
  readonly code = 'SIGNING_KEY_INVALID';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SigningKeyError';
  }
}

const PEM = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g;

/** A new Ed25519 key as PKCS #8 PEM. */
export function makeSigningKeyPem(): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return Promise.resolve(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

/**
 * One or several PEM blocks; newlines may be written as \n.
 * @throws SigningKeyError when there is none, or one that is no Ed25519 key.
 */
export async function readSigningKeys(pem: Secret): Promise<SigningKeys> {
  const blocks = pem.reveal().replaceAll('\\n', '\n').match(PEM) ?? [];
  const keys = await Promise.all(blocks.map(readKey));
  const [first] = keys;
  if (first === undefined) throw new SigningKeyError('There is no PEM private key in the token signing key.');
  return {
    signing: { kid: first.kid, privateKey: first.privateKey },
    verifying: new Map(keys.map((key) => [key.kid, key.publicKey])),
    jwks: { keys: keys.map((key) => key.jwk) },
  };
}

async function readKey(
  block: string,
): Promise<SigningKey & { readonly publicKey: KeyObject; readonly jwk: JWK }> {
  const privateKey = parse(block);
  if (privateKey.asymmetricKeyType !== 'ed25519') {
    throw new SigningKeyError('The token signing key must be an Ed25519 key.');
  }
  const publicKey = createPublicKey(privateKey);
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateKey, publicKey, jwk: { ...jwk, kid, alg: 'EdDSA', use: 'sig' } };
}

function parse(block: string): KeyObject {
  try {
    return createPrivateKey(block);
  } catch (cause) {
    throw new SigningKeyError('The token signing key cannot be read as PEM.', { cause });
  }
}
