import type { JSONWebKeySet } from 'jose';

import { createIdentityServices } from '../../core/identity/create-identity-services.ts';
import type { IdentityPorts } from '../../core/identity/identity-ports.ts';
import { DEFAULT_IDENTITY_SETTINGS, type IdentitySettings } from '../../core/identity/identity-ports.ts';
import type { IdentityServices } from '../../core/identity/identity-services.ts';
import type { Mailer } from '../../core/ports/credentials.ts';
import { createPasswordHasher } from './argon2.ts';
import { type Authenticator, type AuthenticatorOptions, createAuthenticator } from './authenticator.ts';
import { createCommonPasswords } from './common-passwords.ts';
import type { InstallationSecrets } from './installation-secrets.ts';
import { createSecretDigests } from './secret-digests.ts';
import { createSecretSource } from './secret-source.ts';
import { createSignInThrottle, type SignInThrottleOptions } from './sign-in-throttle.ts';
import { readSigningKeys } from './signing-keys.ts';
import { createSignedTokens } from './tokens.ts';

/** What the gateway's other parts bring: storage, time, fan-out and telemetry. */
export interface IdentityOptions extends Pick<
  IdentityPorts,
  'clock' | 'ids' | 'users' | 'workspaces' | 'sessions' | 'apiKeys' | 'audit' | 'bus' | 'telemetry'
> {
  readonly secrets: Pick<InstallationSecrets, 'encryptionKey' | 'tokenSigningKey'>;
  /** The gateway's public address. */
  readonly issuer: string;
  readonly settings?: Partial<IdentitySettings>;
  readonly throttle?: SignInThrottleOptions;
  readonly authenticator?: AuthenticatorOptions;
  /** Needed where addresses must be verified. */
  readonly mailer?: Mailer;
}

export interface Identity {
  readonly services: IdentityServices;
  readonly authenticator: Authenticator;
  readonly jwks: JSONWebKeySet;
  close(): Promise<void>;
}

/** Core's identity over this folder's adapters. Throws SigningKeyError for a key that cannot be used. */
export async function createIdentity(options: IdentityOptions): Promise<Identity> {
  const settings = { ...DEFAULT_IDENTITY_SETTINGS, ...options.settings };
  if (settings.requireEmailVerification && options.mailer === undefined) {
    throw new TypeError('Addresses cannot be verified without a mailer: set one, or do not require it.');
  }
  const keys = await readSigningKeys(options.secrets.tokenSigningKey);
  const ports: IdentityPorts = {
    clock: options.clock,
    ids: options.ids,
    users: options.users,
    workspaces: options.workspaces,
    sessions: options.sessions,
    apiKeys: options.apiKeys,
    audit: options.audit,
    bus: options.bus,
    telemetry: options.telemetry,
    passwords: await createPasswordHasher(),
    commonPasswords: createCommonPasswords(),
    secrets: createSecretSource(),
    digests: createSecretDigests(options.secrets.encryptionKey),
    tokens: createSignedTokens({ keys, issuer: options.issuer, clock: options.clock }),
    throttle: createSignInThrottle(options.throttle),
    mailer: options.mailer ?? NO_MAILER,
    settings,
  };
  const authenticator = createAuthenticator(ports, options.authenticator);
  return {
    services: createIdentityServices(ports),
    authenticator,
    jwks: keys.jwks,
    close() {
      authenticator.close();
      return Promise.resolve();
    },
  };
}

const NO_MAILER: Mailer = {
  send: () => Promise.reject(new Error('No mail server is configured.')),
};
