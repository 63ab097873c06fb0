import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { Secret } from './secret.ts';
import { loadOrMakeSecret } from './secret-file.ts';
import { makeSigningKeyPem } from './signing-keys.ts';

/** Secrets of one installation: from the settings, else made at the first start and kept in DATA_DIR/keys. */
export interface InstallationSecrets {
  /** Hexadecimal, 32 bytes. */
  readonly encryptionKey: Secret;
  /** PKCS #8 PEM. */
  readonly tokenSigningKey: Secret;
  /** Shared by the gateways of the installation. */
  readonly internalSecret: Secret;
}

export interface InstallationSecretSettings {
  readonly dataDir: string;
  readonly encryptionKey?: string | undefined;
  readonly tokenSigningKey?: string | undefined;
  readonly internalSecret?: string | undefined;
}

export async function loadInstallationSecrets(
  settings: InstallationSecretSettings,
): Promise<InstallationSecrets> {
  const kept = (set: string | undefined, name: string, make: () => Promise<string>): Promise<Secret> =>
    set === undefined
      ? loadOrMakeSecret(join(settings.dataDir, 'keys', name), make)
      : Promise.resolve(new Secret(set));
  const [encryptionKey, tokenSigningKey, internalSecret] = await Promise.all([
    kept(settings.encryptionKey, 'encryption-key', randomHex),
    kept(settings.tokenSigningKey, 'token-signing-key.pem', makeSigningKeyPem),
    kept(settings.internalSecret, 'internal-secret', randomHex),
  ]);
  return { encryptionKey, tokenSigningKey, internalSecret };
}

const randomHex = (): Promise<string> => Promise.resolve(randomBytes(32).toString('hex'));
