import { createIdentity, type Identity } from './auth/create-identity.ts';
import { Secret } from './auth/secret.ts';
import { type ClosableMailer, createSmtpMailer } from './auth/smtp-mailer.ts';
import type { Cradle } from './container.ts';
import { createApiKeyRepository } from './database/identity/api-key-repository.ts';
import { createSessionRepository } from './database/identity/session-repository.ts';
import { createUserRepository } from './database/identity/user-repository.ts';
import { createWorkspaceRepository } from './database/identity/workspace-repository.ts';
import type { Shutdown } from './shutdown.ts';

/** Users, sessions and keys over the gateway's database, mail and, where there is one, Redis. */
export async function openIdentity(cradle: Cradle, shutdown: Shutdown): Promise<Identity> {
  const { config, clock, ids, bus, telemetry, audit, database, secrets } = cradle;
  const mailer = openMailer(cradle);
  if (mailer !== null) shutdown.add('mail', () => mailer.close());
  const redis = await openThrottleStore(cradle);
  if (redis !== null) {
    shutdown.add('the throttle store', () => {
      redis.destroy();
    });
  }
  const identity = await createIdentity({
    clock,
    ids,
    bus,
    telemetry,
    audit,
    secrets,
    users: createUserRepository(database.identity),
    workspaces: createWorkspaceRepository(database.identity),
    sessions: createSessionRepository(database.identity),
    apiKeys: createApiKeyRepository(database.identity),
    issuer: config.PUBLIC_URL ?? `http://${config.HOST}:${String(config.PORT)}`,
    settings: {
      requireEmailVerification: config.REQUIRE_EMAIL_VERIFICATION,
      verificationUrl: config.EMAIL_VERIFICATION_URL ?? null,
    },
    ...(mailer === null ? {} : { mailer }),
    ...(redis === null ? {} : { throttle: { redis } }),
  });
  shutdown.add('identity', () => identity.close());
  return identity;
}

function openMailer({ config }: Cradle): ClosableMailer | null {
  if (config.SMTP_URL === undefined || config.MAIL_FROM === undefined) return null;
  return createSmtpMailer({ url: new Secret(config.SMTP_URL), from: config.MAIL_FROM });
}

/** Connects by itself, and again; while it is away each gateway throttles alone. */
async function openThrottleStore({ config, telemetry }: Cradle) {
  if (config.REDIS_URL === undefined) return null;
  const { createClient } = await import('redis');
  const client = createClient({ url: config.REDIS_URL, disableOfflineQueue: true });
  client.on('error', (error: unknown) => {
    telemetry.log('warn', 'sign-ins are throttled by each gateway alone: redis is not reachable', { error });
  });
  client.connect().catch((error: unknown) => {
    telemetry.log('warn', 'redis is not reachable', { error });
  });
  return client;
}
