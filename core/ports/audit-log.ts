/** Something a person did outside of an account's journal: signing in, making a key. */
export interface AuditRecord {
  readonly workspaceId: string;
  /** Wall clock, epoch ms. */
  readonly at: number;
  /** "user:<id>", "key:<id>". */
  readonly actor: string;
  readonly action: AuditAction;
  /** What it was done to, e.g. "session:<id>". */
  readonly target: string | null;
  /** JSON-safe; no secrets and no personal data. */
  readonly details: Readonly<Record<string, string | number | boolean | null>> | null;
}

export type AuditAction =
  | 'user.signed-up'
  | 'user.email-verified'
  | 'session.opened'
  | 'session.refused'
  | 'session.closed'
  | 'session.token-reused'
  | 'api-key.created'
  | 'api-key.revoked'
  | 'account.opened'
  | 'account.credentials-set'
  | 'notification-channel.created'
  | 'notification-channel.changed'
  | 'notification-channel.deleted';

/** The workspace's audit chain. An entry is durable when the promise resolves. */
export interface AuditLog {
  append(record: AuditRecord, signal: AbortSignal): Promise<void>;
}
