import { randomUUID } from 'node:crypto';

import { createIdentityServices } from '../../core/identity/create-identity-services.ts';
import { DEFAULT_IDENTITY_SETTINGS, type IdentityPorts } from '../../core/identity/identity-ports.ts';
import type { IdentityServices } from '../../core/identity/identity-services.ts';
import type { Mail, PasswordHasher } from '../../core/ports/credentials.ts';
import { createCommonPasswords } from '../../gateway/auth/common-passwords.ts';
import { Secret } from '../../gateway/auth/secret.ts';
import { createSecretDigests } from '../../gateway/auth/secret-digests.ts';
import { createSecretSource } from '../../gateway/auth/secret-source.ts';
import { createSignInThrottle } from '../../gateway/auth/sign-in-throttle.ts';
import { makeSigningKeyPem, readSigningKeys, type SigningKeys } from '../../gateway/auth/signing-keys.ts';
import { createSignedTokens } from '../../gateway/auth/tokens.ts';
import { createLocalBus } from '../../gateway/cluster/local-bus.ts';
import { createMemoryIdentity, type MemoryIdentity } from './memory-identity.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export const ISSUER = 'https://gateway.test';
export const PASSWORD = 'correct horse battery staple';

/** Hashes at once, and counts: speed is not what the rules are about. */
export interface QuickHasher extends PasswordHasher {
  readonly calls: { hash: number; verify: number; pretend: number };
}

export interface IdentityHarness {
  readonly ports: IdentityPorts;
  readonly services: IdentityServices;
  readonly store: MemoryIdentity;
  readonly clock: VirtualClock;
  readonly keys: SigningKeys;
  readonly hasher: QuickHasher;
  readonly mails: readonly Mail[];
  /** Subjects that were revoked. */
  readonly revoked: readonly string[];
  readonly logged: readonly string[];
  /** Waits for the work that answers did not wait for. */
  settled(): Promise<void>;
}

/** Core's identity over real tokens and digests, with storage, time and mail in memory. */
export async function createIdentityHarness(
  overrides: Partial<IdentityPorts> = {},
): Promise<IdentityHarness> {
  const store = createMemoryIdentity();
  const clock = createVirtualClock();
  const keys = await readSigningKeys(new Secret(await makeSigningKeyPem()));
  const hasher = createQuickHasher();
  const mails: Mail[] = [];
  const revoked: string[] = [];
  const logged: string[] = [];
  const bus = createLocalBus((error) => {
    throw error;
  });
  bus.subscribe('revocation', ({ subject }) => void revoked.push(subject));
  const ports: IdentityPorts = {
    clock,
    ids: { next: () => randomUUID() },
    users: store.users,
    workspaces: store.workspaces,
    sessions: store.sessions,
    apiKeys: store.apiKeys,
    audit: store.audit,
    passwords: hasher,
    commonPasswords: createCommonPasswords(),
    secrets: createSecretSource(),
    digests: createSecretDigests(new Secret('a1'.repeat(32))),
    tokens: createSignedTokens({ keys, issuer: ISSUER, clock }),
    throttle: createSignInThrottle(),
    mailer: { send: async (mail) => void mails.push(mail) },
    bus,
    telemetry: {
      span: () => ({ traceparent: '', set: () => {}, fail: () => {}, end: () => {} }),
      count: () => {},
      observe: () => {},
      gauge: () => {},
      log: (_level, message) => void logged.push(message),
    },
    settings: DEFAULT_IDENTITY_SETTINGS,
    ...overrides,
  };
  // Each piece of background work holds a timer, its deadline, until it ends.
  const settled = async (): Promise<void> => {
    while (clock.pendingTimers > 0) await clock.settle();
  };
  const services = createIdentityServices(ports);
  return { ports, services, store, clock, keys, hasher, mails, revoked, logged, settled };
}

/** Where a request comes from when that does not matter. */
export function origin(remoteAddress = '192.0.2.1') {
  return { remoteAddress, signal: new AbortController().signal };
}

function createQuickHasher(): QuickHasher {
  const calls = { hash: 0, verify: 0, pretend: 0 };
  return {
    calls,
    async hash(password) {
      calls.hash += 1;
      return `quick$${Buffer.from(password).toString('base64')}`;
    },
    async verify(hash, password) {
      calls.verify += 1;
      const [kind, encoded] = hash.split('$');
      if (encoded !== Buffer.from(password).toString('base64')) return 'WRONG';
      return kind === 'quick' ? 'RIGHT' : 'OUTDATED';
    },
    async pretend() {
      calls.pretend += 1;
    },
  };
}
