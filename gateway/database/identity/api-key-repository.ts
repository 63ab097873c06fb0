import type { ApiScope, Role } from '../../../core/identity/access.ts';
import type { ApiKeyRecord, ApiKeyRepository } from '../../../core/ports/identity.ts';
import { apiKeyEntity, type StoredApiKey } from './entities.ts';
import type { IdentityDatabase } from './identity-database.ts';

export function createApiKeyRepository(database: IdentityDatabase): ApiKeyRepository {
  return {
    insert: ({ scopes, ...key }, signal) =>
      database.run({ workspaceId: key.workspaceId }, signal, async (em) => {
        await em.insert(apiKeyEntity, { ...key, scopes: [...scopes] });
      }),

    standing: (id, signal) =>
      database.run({}, signal, async (em) => {
        const [row] = await em.execute<{ creator_role: Role | null; authz_version: number }[]>(
          'SELECT * FROM api_key_standing(?)',
          [id],
        );
        if (row === undefined) return null;
        const { creator_role: creatorRole, authz_version: authzVersion, ...key } = row;
        return { key: toRecord(em.map(apiKeyEntity, key)), creatorRole, authzVersion };
      }),

    findById: (workspaceId, id, signal) =>
      database.run({ workspaceId }, signal, async (em) => {
        const key = await em.findOne(apiKeyEntity, { id });
        return key === null ? null : toRecord(key);
      }),

    listByCreator: (workspaceId, userId, signal) =>
      database.run({ workspaceId }, signal, async (em) => {
        const orderBy = { createdAt: 'desc', id: 'desc' } as const;
        const keys = await em.find(apiKeyEntity, { createdBy: userId }, { orderBy });
        return keys.map(toRecord);
      }),

    revoke: (workspaceId, id, at, signal) =>
      database.run({ workspaceId }, signal, async (em) => {
        await em.nativeUpdate(apiKeyEntity, { id, revokedAt: null }, { revokedAt: at });
        const key = await em.findOne(apiKeyEntity, { id });
        return key === null ? null : toRecord(key);
      }),

    touch: (workspaceId, id, at, signal) =>
      database.run({ workspaceId }, signal, async (em) => {
        const earlier = { $or: [{ lastUsedAt: null }, { lastUsedAt: { $lt: at } }] };
        await em.nativeUpdate(apiKeyEntity, { id, ...earlier }, { lastUsedAt: at });
      }),
  };
}

function toRecord(key: StoredApiKey): ApiKeyRecord {
  return {
    id: key.id,
    workspaceId: key.workspaceId,
    createdBy: key.createdBy,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes as ApiScope[],
    mac: key.mac,
    createdAt: key.createdAt,
    expiresAt: key.expiresAt ?? null,
    lastUsedAt: key.lastUsedAt ?? null,
    revokedAt: key.revokedAt ?? null,
  };
}
