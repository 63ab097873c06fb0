import type { Role } from '../../../core/identity/access.ts';
import type { SessionEnd, SessionRecord, SessionRepository } from '../../../core/ports/identity.ts';
import { sessionEntity, type StoredSession } from './entities.ts';
import type { IdentityDatabase } from './identity-database.ts';

interface StandingRow {
  readonly id: string;
  readonly user_id: string;
  readonly workspace_id: string;
  readonly expires_at: string;
  readonly revoked_at: string | null;
  readonly authz_version: number;
  readonly role: Role | null;
}

export function createSessionRepository(database: IdentityDatabase): SessionRepository {
  return {
    insert: ({ liveHashes, ...session }, signal) =>
      database.run({ workspaceId: session.workspaceId }, signal, async (em) => {
        await em.insert(sessionEntity, { ...session, liveHashes: [...liveHashes] });
      }),

    findBySelector: (selector, signal) =>
      database.run({}, signal, async (em) => {
        const [row] = await em.execute<object[]>('SELECT * FROM session_by_selector(?)', [selector]);
        return row === undefined ? null : toRecord(em.map(sessionEntity, row));
      }),

    findById: (workspaceId, id, signal) =>
      database.run({ workspaceId }, signal, async (em) => {
        const session = await em.findOne(sessionEntity, { id });
        return session === null ? null : toRecord(session);
      }),

    standing: (id, signal) =>
      database.run({}, signal, async (em) => {
        const [row] = await em.execute<StandingRow[]>('SELECT * FROM session_standing(?)', [id]);
        if (row === undefined) return null;
        return {
          sessionId: row.id,
          userId: row.user_id,
          workspaceId: row.workspace_id,
          expiresAt: Number(row.expires_at),
          revokedAt: row.revoked_at === null ? null : Number(row.revoked_at),
          authzVersion: row.authz_version,
          role: row.role,
        };
      }),

    compareAndSet: (next, expectedVersion, signal) =>
      database.run({ workspaceId: next.workspaceId }, signal, async (em) => {
        const changed = await em.nativeUpdate(
          sessionEntity,
          { id: next.id, version: expectedVersion },
          {
            version: next.version,
            liveHashes: [...next.liveHashes],
            previousHash: next.previousHash,
            rotatedAt: next.rotatedAt,
            idleExpiresAt: next.idleExpiresAt,
            revokedAt: next.revokedAt,
            revokedReason: next.revokedReason,
          },
        );
        return changed === 1;
      }),
  };
}

function toRecord(session: StoredSession): SessionRecord {
  return {
    id: session.id,
    userId: session.userId,
    workspaceId: session.workspaceId,
    selector: session.selector,
    version: session.version,
    liveHashes: session.liveHashes,
    previousHash: session.previousHash ?? null,
    rotatedAt: session.rotatedAt ?? null,
    createdAt: session.createdAt,
    expiresAt: session.expiresAt,
    idleExpiresAt: session.idleExpiresAt,
    revokedAt: session.revokedAt ?? null,
    revokedReason: (session.revokedReason ?? null) as SessionEnd | null,
  };
}
