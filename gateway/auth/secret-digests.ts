import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

import type { SecretDigests } from '../../core/ports/credentials.ts';
import type { Secret } from './secret.ts';

/**
 * The pepper of API keys is derived from the installation's key: whoever reads the database alone can
 * neither make a key nor test a guess.
 */
export function createSecretDigests(encryptionKey: Secret): SecretDigests {
  const pepper = Buffer.from(
    hkdfSync('sha256', encryptionKey.reveal(), '', 'omniquant api-key pepper v1', 32),
  );
  return {
    sha256: (text) => hash('sha256', text, 'hex'),
    mac: (text) => createHmac('sha256', pepper).update(text).digest('hex'),
    equal(a, b) {
      const left = Buffer.from(a);
      const right = Buffer.from(b);
      return left.length === right.length && timingSafeEqual(left, right);
    },
    crc32: (text) => crc32(text),
  };
}
