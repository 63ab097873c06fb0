import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';

import type { Telemetry } from '../../../core/ports/telemetry.ts';
import { unavailable } from '../database-error.ts';
import { apiKeyEntity, membershipEntity, sessionEntity, userEntity, workspaceEntity } from './entities.ts';

/** On whose behalf a unit of work runs; row-level security shows what is theirs and no more. */
export interface Scope {
  readonly workspaceId?: string;
  readonly userId?: string;
}

/** People and keys under the app's role, through MikroORM: one forked entity manager and one transaction a call. */
export interface IdentityDatabase {
  /** Rejects with DatabaseError, but for what `work` throws as a coded error of its own. */
  run<T>(scope: Scope, signal: AbortSignal, work: (em: EntityManager) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;

export async function openIdentityDatabase(options: {
  readonly url: string;
  readonly maxConnections: number;
  readonly statementTimeoutMs: number;
  readonly log: Telemetry['log'];
}): Promise<IdentityDatabase> {
  const orm = await MikroORM.init({
    clientUrl: options.url,
    entities: [userEntity, workspaceEntity, membershipEntity, sessionEntity, apiKeyEntity],
    pool: { max: options.maxConnections },
    driverOptions: {
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: options.statementTimeoutMs,
      idle_in_transaction_session_timeout: options.statementTimeoutMs,
      application_name: 'omniquant-identity',
    },
    // Also hears of connections that die while idle.
    logger: (message) => {
      options.log('warn', message);
    },
  });
  return {
    async run(scope, signal, work) {
      const variables = {
        ...(scope.workspaceId === undefined ? {} : { 'app.workspace': scope.workspaceId }),
        ...(scope.userId === undefined ? {} : { 'app.user': scope.userId }),
      };
      try {
        signal.throwIfAborted();
        const em = orm.em.fork({ session: { variables } });
        return await unlessAborted(em.transactional(work), signal);
      } catch (cause) {
        throw unavailable('identities', cause);
      }
    },
    close: () => orm.close(true),
  };
}

/** Gives up waiting; the statement itself ends by its own timeout. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  let listener = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    listener = () => {
      reject(new Error('gave up waiting for the database', { cause: signal.reason }));
    };
    signal.addEventListener('abort', listener, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', listener);
  }
}
