import { identityRepositoriesContract } from './identity-repositories.contract.ts';
import { createMemoryIdentity } from '../support/memory-identity.ts';

// The double that other tests stand on keeps the promises that the database keeps.
identityRepositoriesContract('in memory', async () => ({ ...createMemoryIdentity(), close: async () => {} }));
