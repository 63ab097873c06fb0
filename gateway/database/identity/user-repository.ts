import { UniqueConstraintViolationException } from '@mikro-orm/core';

import type { UserRecord, UserRepository } from '../../../core/ports/identity.ts';
import { DatabaseError } from '../database-error.ts';
import { membershipEntity, type StoredUser, userEntity, workspaceEntity } from './entities.ts';
import type { IdentityDatabase } from './identity-database.ts';

export function createUserRepository(database: IdentityDatabase): UserRepository {
  return {
    findByEmail: (email, signal) =>
      database.run({}, signal, async (em) => {
        const [row] = await em.execute<object[]>('SELECT * FROM user_by_email(?)', [email]);
        return row === undefined ? null : toRecord(em.map(userEntity, row));
      }),

    findById: (id, signal) =>
      database.run({ userId: id }, signal, async (em) => {
        const user = await em.findOne(userEntity, { id });
        return user === null ? null : toRecord(user);
      }),

    async register(user, workspace, membership, signal) {
      try {
        await database.run({ workspaceId: workspace.id, userId: user.id }, signal, async (em) => {
          await em.insert(userEntity, { ...user });
          await em.insert(workspaceEntity, { ...workspace });
          await em.insert(membershipEntity, { ...membership });
        });
        return 'REGISTERED';
      } catch (error) {
        if (isTakenEmail(error)) return 'EMAIL_TAKEN';
        throw error;
      }
    },

    replacePasswordHash: (id, expected, replacement, signal) =>
      database.run({ userId: id }, signal, async (em) => {
        const changed = await em.nativeUpdate(
          userEntity,
          { id, passwordHash: expected },
          { passwordHash: replacement },
        );
        return changed === 1;
      }),

    markEmailVerified: (id, at, signal) =>
      database.run({ userId: id }, signal, async (em) => {
        await em.nativeUpdate(userEntity, { id, emailVerifiedAt: null }, { emailVerifiedAt: at });
        return (await em.count(userEntity, { id })) === 1;
      }),
  };
}

const isTakenEmail = (error: unknown): boolean =>
  error instanceof DatabaseError &&
  error.cause instanceof UniqueConstraintViolationException &&
  error.cause.message.includes('app_user_email_key');

function toRecord(user: StoredUser): UserRecord {
  return {
    id: user.id,
    email: user.email,
    displayName: user.displayName,
    passwordHash: user.passwordHash,
    authzVersion: user.authzVersion,
    emailVerifiedAt: user.emailVerifiedAt ?? null,
    createdAt: user.createdAt,
  };
}
