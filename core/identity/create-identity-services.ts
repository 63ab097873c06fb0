import { createApiKey, revokeApiKey } from './api-keys.ts';
import { verifyEmail } from './email-verification.ts';
import type { IdentityPorts } from './identity-ports.ts';
import type { IdentityServices } from './identity-services.ts';
import { refreshSession, signOut } from './sessions.ts';
import { signIn } from './sign-in.ts';
import { signUp } from './sign-up.ts';
import { viewer } from './viewer.ts';

export function createIdentityServices(ports: IdentityPorts): IdentityServices {
  return {
    signUp: (input, origin) => signUp(ports, input, origin),
    verifyEmail: (token, origin) => verifyEmail(ports, token, origin),
    signIn: (input, origin) => signIn(ports, input, origin),
    refreshSession: (refreshToken, origin) => refreshSession(ports, refreshToken, origin),
    signOut: (principal, origin) => signOut(ports, principal, origin),
    viewer: (principal, origin) => viewer(ports, principal, origin),
    createApiKey: (principal, input, origin) => createApiKey(ports, principal, input, origin),
    revokeApiKey: (principal, id, origin) => revokeApiKey(ports, principal, id, origin),
    apiKeysOf: (userId, workspaceId, { signal }) => ports.apiKeys.listByCreator(workspaceId, userId, signal),
  };
}
