import { IdentityError } from './identity-error.ts';
import type { IdentityPorts } from './identity-ports.ts';
import type { CallOrigin, Viewer } from './identity-services.ts';
import type { Principal } from './principal.ts';

/** Who the caller is and what they may, here and now. */
export async function viewer(
  ports: IdentityPorts,
  principal: Principal,
  { signal }: CallOrigin,
): Promise<Viewer> {
  const [user, workspace] = await Promise.all([
    principal.userId === null ? null : ports.users.findById(principal.userId, signal),
    ports.workspaces.findById(principal.workspaceId, signal),
  ]);
  if (workspace === null || (principal.userId !== null && user === null)) {
    throw new IdentityError('UNAUTHENTICATED', 'The user or the workspace is gone: sign in again.');
  }
  return { user, workspace, role: principal.role, scopes: principal.scopes };
}
