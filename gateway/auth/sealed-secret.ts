import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

import type { Secret } from './secret.ts';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A text under a key of its own, that key under the installation's. */
export interface Sealed {
  /** Which of the installation's keys wraps it. */
  readonly keyId: string;
  /** nonce, tag and ciphertext of the data key. */
  readonly wrappedKey: Buffer;
  readonly nonce: Buffer;
  /** tag and ciphertext of the text. */
  readonly sealed: Buffer;
}

/** What a sealed text belongs to; it opens nowhere else. */
export interface SealContext {
  readonly workspaceId: string;
  readonly accountId: string;
  readonly field: string;
  readonly version: number;
}

export class SealError extends Error {
  readonly code = 'SECRET_UNREADABLE';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SealError';
  }
}

export interface Sealer {
  seal(text: string, context: SealContext): Sealed;
  /** Throws SealError when it was sealed by another key, for something else, or was changed. */
  open(sealed: Sealed, context: SealContext): string;
}

/**
 * Envelope encryption (AES-256-GCM both times): rotating the installation's key rewraps data keys and
 * leaves the texts alone.
 */
export function createSealer(encryptionKey: Secret): Sealer {
  const master = Buffer.from(encryptionKey.reveal(), 'hex');
  const keyId = createHash('sha256').update('key-id').update(master).digest('hex').slice(0, 16);
  return {
    seal(text, context) {
      const key = randomBytes(KEY_BYTES);
      const aad = associatedData(context);
      const wrapNonce = randomBytes(NONCE_BYTES);
      const nonce = randomBytes(NONCE_BYTES);
      return {
        keyId,
        wrappedKey: Buffer.concat([wrapNonce, encrypt(master, wrapNonce, aad, key)]),
        nonce,
        sealed: encrypt(key, nonce, aad, Buffer.from(text, 'utf8')),
      };
    },
    open(sealed, context) {
      if (sealed.keyId !== keyId) {
        throw new SealError(`it was sealed with key ${sealed.keyId}; set ENCRYPTION_KEY to that key`);
      }
      const aad = associatedData(context);
      try {
        const wrapNonce = sealed.wrappedKey.subarray(0, NONCE_BYTES);
        const key = decrypt(master, wrapNonce, aad, sealed.wrappedKey.subarray(NONCE_BYTES));
        return decrypt(key, sealed.nonce, aad, sealed.sealed).toString('utf8');
      } catch (cause) {
        throw new SealError('it was changed, or belongs to something else', { cause });
      }
    },
  };
}

function associatedData({ workspaceId, accountId, field, version }: SealContext): Buffer {
  return Buffer.from([workspaceId, accountId, field, String(version)].join('|'), 'utf8');
}

function encrypt(key: Buffer, nonce: Buffer, aad: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(aad);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([cipher.getAuthTag(), body]);
}

function decrypt(key: Buffer, nonce: Buffer, aad: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(aad);
  decipher.setAuthTag(sealed.subarray(0, TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(TAG_BYTES)), decipher.final()]);
}
