import type { Principal } from '../../core/identity/principal.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { unavailable } from './database-error.ts';

/**
 * Whether a caller belongs to the workspace that runs this installation: the first one ever made.
 * Whoever signs up later is ADMIN of a workspace of their own only.
 */
export function createOperatorCheck(
  app: ConnectionPool,
): (principal: Pick<Principal, 'workspaceId'>, signal: AbortSignal) => Promise<boolean> {
  let operator: string | null = null;
  return async (principal, signal) => {
    try {
      // Once there is a first workspace it stays the first.
      operator ??=
        (await app.query<{ id: string | null }>({ text: 'SELECT operator_workspace() AS id' }, signal))[0]
          ?.id ?? null;
    } catch (cause) {
      throw unavailable('the operator’s workspace', cause);
    }
    return operator === principal.workspaceId;
  };
}
