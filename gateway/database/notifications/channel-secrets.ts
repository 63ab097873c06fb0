import type { Secrets } from '../../../core/ports/notification-channels.ts';
import type { SealContext, Sealer } from '../../auth/sealed-secret.ts';

/** The sealed credentials of a channel as columns; all null for one without. */
export interface SealedColumns {
  readonly secrets_version: number | null;
  readonly key_id: string | null;
  readonly wrapped_key: Buffer | null;
  readonly nonce: Buffer | null;
  readonly sealed: Buffer | null;
}

interface Owner {
  readonly workspaceId: string;
  readonly channelId: string;
}

/** A channel stands where an account does for brokers: its credentials open for it alone. */
const contextOf = ({ channelId, workspaceId }: Owner, version: number): SealContext => ({
  workspaceId,
  accountId: channelId,
  field: 'notification-channel',
  version,
});

export function sealSecrets(sealer: Sealer, owner: Owner, version: number, secrets: Secrets): SealedColumns {
  const { keyId, nonce, sealed, wrappedKey } = sealer.seal(
    JSON.stringify(secrets),
    contextOf(owner, version),
  );
  return { secrets_version: version, key_id: keyId, wrapped_key: wrappedKey, nonce, sealed };
}

/** Throws SealError. */
export function openSecrets(sealer: Sealer, owner: Owner, row: SealedColumns): Secrets {
  const { key_id: keyId, nonce, sealed, secrets_version: version, wrapped_key: wrappedKey } = row;
  if (version === null || keyId === null || wrappedKey === null || nonce === null || sealed === null) {
    return {};
  }
  return JSON.parse(sealer.open({ keyId, wrappedKey, nonce, sealed }, contextOf(owner, version))) as Secrets;
}
