import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** Tables of migrations/0001-tenancy.ts. Times are epoch ms, in bigint columns. */
const time = () => p.bigint('number');

export const userEntity = defineEntity({
  name: 'User',
  tableName: 'app_user',
  properties: {
    id: p.text().primary(),
    email: p.text(),
    displayName: p.text(),
    passwordHash: p.text(),
    authzVersion: p.integer(),
    emailVerifiedAt: time().nullable(),
    createdAt: time(),
  },
});

export const workspaceEntity = defineEntity({
  name: 'Workspace',
  tableName: 'workspace',
  properties: { id: p.text().primary(), name: p.text(), createdAt: time() },
});

export const membershipEntity = defineEntity({
  name: 'Membership',
  tableName: 'membership',
  properties: {
    workspaceId: p.text().primary(),
    userId: p.text().primary(),
    role: p.text(),
    createdAt: time(),
  },
});

export const sessionEntity = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    id: p.text().primary(),
    userId: p.text(),
    workspaceId: p.text(),
    selector: p.text(),
    version: p.integer(),
    liveHashes: p.array(),
    previousHash: p.text().nullable(),
    rotatedAt: time().nullable(),
    createdAt: time(),
    expiresAt: time(),
    idleExpiresAt: time(),
    revokedAt: time().nullable(),
    revokedReason: p.text().nullable(),
  },
});

export const apiKeyEntity = defineEntity({
  name: 'ApiKey',
  tableName: 'api_key',
  properties: {
    id: p.text().primary(),
    workspaceId: p.text(),
    createdBy: p.text(),
    name: p.text(),
    prefix: p.text(),
    scopes: p.array(),
    mac: p.text(),
    createdAt: time(),
    expiresAt: time().nullable(),
    lastUsedAt: time().nullable(),
    revokedAt: time().nullable(),
  },
});

export type StoredUser = InferEntity<typeof userEntity>;
export type StoredMembership = InferEntity<typeof membershipEntity>;
export type StoredSession = InferEntity<typeof sessionEntity>;
export type StoredApiKey = InferEntity<typeof apiKeyEntity>;
