import type { Role } from '../../../core/identity/access.ts';
import type { WorkspaceRepository } from '../../../core/ports/identity.ts';
import { membershipEntity, workspaceEntity } from './entities.ts';
import type { IdentityDatabase } from './identity-database.ts';

export function createWorkspaceRepository(database: IdentityDatabase): WorkspaceRepository {
  return {
    findById: (id, signal) =>
      database.run({ workspaceId: id }, signal, async (em) => {
        const workspace = await em.findOne(workspaceEntity, { id });
        return workspace === null ? null : { id, name: workspace.name, createdAt: workspace.createdAt };
      }),

    membershipsOf: (userId, signal) =>
      database.run({ userId }, signal, async (em) => {
        const orderBy = { createdAt: 'asc', workspaceId: 'asc' } as const;
        const memberships = await em.find(membershipEntity, { userId }, { orderBy });
        return memberships.map(({ workspaceId, role, createdAt }) => ({
          workspaceId,
          userId,
          role: role as Role,
          createdAt,
        }));
      }),
  };
}
