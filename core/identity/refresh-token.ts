import type { SecretSource } from '../ports/credentials.ts';

/** What a client holds between access tokens: the family's selector and a verifier that is good once. */
export interface RefreshToken {
  readonly selector: string;
  readonly verifier: string;
}

const SELECTOR_BYTES = 16;
const VERIFIER_BYTES = 32;
const FORM = /^oqr_([0-9A-Za-z]{22})_([0-9A-Za-z]{43})$/;

export function newSelector(secrets: SecretSource): string {
  return secrets.base62(SELECTOR_BYTES);
}

export function newVerifier(secrets: SecretSource): string {
  return secrets.base62(VERIFIER_BYTES);
}

export function formatRefreshToken(token: RefreshToken): string {
  return `oqr_${token.selector}_${token.verifier}`;
}

export function parseRefreshToken(text: string): RefreshToken | null {
  const match = FORM.exec(text);
  return match === null ? null : { selector: match[1]!, verifier: match[2]! };
}
