import type { AuditLog } from '../ports/audit-log.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type {
  CommonPasswords,
  Mailer,
  PasswordHasher,
  SecretDigests,
  SecretSource,
  SignedTokens,
  SignInThrottle,
} from '../ports/credentials.ts';
import type {
  ApiKeyRepository,
  SessionRepository,
  UserRepository,
  WorkspaceRepository,
} from '../ports/identity.ts';
import type { Telemetry } from '../ports/telemetry.ts';

/** Times in ms. */
export interface IdentitySettings {
  /** With it on, signing up answers alike for new and known addresses, and signing in waits for the proof. */
  readonly requireEmailVerification: boolean;
  /** The verification mail's link is this with the token appended; null sends the token alone. */
  readonly verificationUrl: string | null;
  readonly emailProofTtl: number;
  readonly accessTokenTtl: number;
  /** A session ends when not refreshed for this long. */
  readonly sessionIdleTtl: number;
  /** A session ends after this, however busy. */
  readonly sessionTtl: number;
  /** How long a lost answer to a rotation may be asked for again. */
  readonly refreshGrace: number;
}

export const DEFAULT_IDENTITY_SETTINGS: IdentitySettings = {
  requireEmailVerification: false,
  verificationUrl: null,
  emailProofTtl: 24 * 3_600_000,
  accessTokenTtl: 10 * 60_000,
  sessionIdleTtl: 7 * 24 * 3_600_000,
  sessionTtl: 30 * 24 * 3_600_000,
  refreshGrace: 10_000,
};

/** All that identity needs of the outside. */
export interface IdentityPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly users: UserRepository;
  readonly workspaces: WorkspaceRepository;
  readonly sessions: SessionRepository;
  readonly apiKeys: ApiKeyRepository;
  readonly audit: AuditLog;
  readonly passwords: PasswordHasher;
  readonly commonPasswords: CommonPasswords;
  readonly secrets: SecretSource;
  readonly digests: SecretDigests;
  readonly tokens: SignedTokens;
  readonly throttle: SignInThrottle;
  readonly mailer: Mailer;
  readonly bus: Bus;
  readonly telemetry: Telemetry;
  readonly settings: IdentitySettings;
}
