import { randomBytes } from 'node:crypto';

import type { SecretSource } from '../../core/ports/credentials.ts';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export function createSecretSource(): SecretSource {
  return { base62: (bytes) => toBase62(randomBytes(bytes)) };
}

/** Big-endian, padded to the digits that so many bytes may need. */
function toBase62(bytes: Buffer): string {
  const width = Math.ceil((bytes.length * 8) / Math.log2(DIGITS.length));
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let digits = '';
  while (digits.length < width) {
    digits = DIGITS.charAt(Number(rest % 62n)) + digits;
    rest /= 62n;
  }
  return digits;
}
