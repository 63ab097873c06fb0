import type { SecretDigests, SecretSource } from '../ports/credentials.ts';

/*
 * A key is oq_live_<id>_<secret>_<checksum>: the key's id without hyphens, 32 random bytes in base 62,
 * and the CRC-32 of all before in base 62. The checksum tells a typing error from a wrong key without a
 * look into the database, and lets scanners for leaked secrets be sure of what they found.
 */
const FORM = /^(oq_live_([0-9a-f]{32})_[0-9A-Za-z]{43})_([0-9A-Za-z]{6})$/;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export interface NewApiKeySecret {
  readonly secret: string;
  /** What may be shown later. */
  readonly prefix: string;
}

/** `id` is a UUID. */
export function formatApiKey(id: string, secrets: SecretSource, digests: SecretDigests): NewApiKeySecret {
  const prefix = `oq_live_${id.replaceAll('-', '')}`;
  const body = `${prefix}_${secrets.base62(32)}`;
  return { secret: `${body}_${checksum(body, digests)}`, prefix };
}

/** The id of the key that the text claims to be, or null when it is no key at all. */
export function idInApiKey(text: string, digests: SecretDigests): string | null {
  const match = FORM.exec(text);
  if (match === null || checksum(match[1]!, digests) !== match[3]) return null;
  return match[2]!.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function checksum(text: string, digests: SecretDigests): string {
  let rest = digests.crc32(text);
  let digits = '';
  for (let i = 0; i < 6; i++) {
    digits = BASE62[rest % 62]! + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
