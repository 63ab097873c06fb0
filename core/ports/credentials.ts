/** Slow, salted hashing of passwords. Rejects with code UNAVAILABLE when too many wait already. */
export interface PasswordHasher {
  /** PHC string. */
  hash(password: string, signal: AbortSignal): Promise<string>;
  /** `outdated`: right, but made with weaker settings than those of today. */
  verify(hash: string, password: string, signal: AbortSignal): Promise<PasswordVerdict>;
  /** Takes the time of a `verify`, for an account that does not exist. */
  pretend(password: string, signal: AbortSignal): Promise<void>;
}

export type PasswordVerdict = 'RIGHT' | 'OUTDATED' | 'WRONG';

/** Passwords that attackers try first. */
export interface CommonPasswords {
  includes(password: string): boolean;
}

/** Secrets from a cryptographic source. */
export interface SecretSource {
  /** `bytes` random bytes in base 62, always of the same length for the same number of bytes. */
  base62(bytes: number): string;
}

/** Fast hashing of secrets that are random anyway. Hex. */
export interface SecretDigests {
  sha256(text: string): string;
  /** HMAC-SHA-256 under the key pepper. */
  mac(text: string): string;
  /** Compares in constant time; false when the lengths differ. */
  equal(a: string, b: string): boolean;
  /** No secret digest: the checksum of a key's text, unsigned 32 bits. */
  crc32(text: string): number;
}

/** What an access token says. Times are epoch ms. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly workspaceId: string;
  readonly role: string;
  readonly authzVersion: number;
  readonly expiresAt: number;
}

/** What the link in a verification mail proves. */
export interface EmailProof {
  readonly userId: string;
  readonly email: string;
  readonly expiresAt: number;
}

/** Signed tokens. Verifying answers null for whatever is not a good token of its kind, expired ones included. */
export interface SignedTokens {
  signAccess(claims: AccessClaims): Promise<string>;
  verifyAccess(token: string): Promise<AccessClaims | null>;
  signEmailProof(proof: EmailProof): Promise<string>;
  verifyEmailProof(token: string): Promise<EmailProof | null>;
}

/** Where a sign-in attempt comes from. */
export interface SignInAttempt {
  /** Normalised e-mail address. */
  readonly account: string;
  readonly remoteAddress: string;
}

/**
 * Slows guessing by account and address, by account, and by address. An attempt counts when it begins,
 * so that parallel guesses cannot slip through, and is taken back when it succeeds.
 */
export interface SignInThrottle {
  /** Seconds to wait, or null when the attempt may go on. */
  begin(attempt: SignInAttempt): Promise<number | null>;
  succeeded(attempt: SignInAttempt): Promise<void>;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mailer {
  /** Resolves when the message is handed over. */
  send(mail: Mail, signal: AbortSignal): Promise<void>;
}
