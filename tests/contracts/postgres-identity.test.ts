import { createApiKeyRepository } from '../../gateway/database/identity/api-key-repository.ts';
import { openIdentityDatabase } from '../../gateway/database/identity/identity-database.ts';
import { createSessionRepository } from '../../gateway/database/identity/session-repository.ts';
import { createUserRepository } from '../../gateway/database/identity/user-repository.ts';
import { createWorkspaceRepository } from '../../gateway/database/identity/workspace-repository.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { describeIdentityRepositories } from './identity-repositories.contract.ts';

describeIdentityRepositories('PostgreSQL', async () => {
  const test = await createTestDatabase();
  const database = await openIdentityDatabase({
    url: test.url('app'),
    maxConnections: 4,
    statementTimeoutMs: 10_000,
    log: () => undefined,
  });
  return {
    users: createUserRepository(database),
    workspaces: createWorkspaceRepository(database),
    sessions: createSessionRepository(database),
    apiKeys: createApiKeyRepository(database),
    async close() {
      await database.close();
      await test.drop();
    },
  };
});
