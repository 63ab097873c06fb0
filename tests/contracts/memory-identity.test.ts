import { createMemoryIdentity } from '../support/memory-identity.ts';
import { describeIdentityRepositories } from './identity-repositories.contract.ts';

// The double that other tests stand on keeps the promises that the database keeps.
describeIdentityRepositories('in memory', async () => ({ ...createMemoryIdentity(), close: async () => {} }));
