import type { Static, TSchema } from '@sinclair/typebox';

import type { Context, Permission } from './context.ts';

export type NotificationSeverity = 'INFO' | 'WARNING' | 'CRITICAL';

const SEVERITIES: readonly NotificationSeverity[] = ['INFO', 'WARNING', 'CRITICAL'];

/** Whether a severity is the minimum or above it: CRITICAL is above WARNING, WARNING above INFO. */
export function isAtLeast(severity: NotificationSeverity, minimum: NotificationSeverity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(minimum);
}

/** Something that a person should hear of. */
export interface Notification {
  /** The same whenever it is sent again, so that a receiver can tell. */
  readonly id: string;
  /** Wall time, epoch ms. */
  readonly at: number;
  readonly severity: NotificationSeverity;
  /** What happened, as a code that rules can go by, e.g. "DAILY_LOSS". */
  readonly code: string;
  /** One line for people. */
  readonly title: string;
  readonly message: string;
  readonly accountId: string | null;
  readonly orderId: string | null;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export type NotifierErrorCode =
  /** Refused, by the receiver or for wrong settings: the same again would be refused again. */
  | 'REJECTED'
  /** The receiver takes no more until some time has passed. */
  | 'RATE_LIMITED'
  /** No answer, or none that decides: it may have been taken all the same, and is to be sent again. */
  | 'UNREACHABLE';

const CODES: readonly string[] = ['REJECTED', 'RATE_LIMITED', 'UNREACHABLE'] satisfies NotifierErrorCode[];

/**
 * Why a notification was not delivered. Neither its message nor its causes hold a credential or an address
 * that is one.
 * @example throw new NotifierError('RATE_LIMITED', 'the pager answered 429', { retryAfterMs: 30_000 });
 */
export class NotifierError extends Error {
  readonly code: NotifierErrorCode;
  /** How long the receiver asks to be left alone, ms; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(
    code: NotifierErrorCode,
    message: string,
    { retryAfterMs = null, ...options }: ErrorOptions & { readonly retryAfterMs?: number | null } = {},
  ) {
    super(message, options);
    this.name = 'NotifierError';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** By its parts, not by class: a plugin may carry its own copy of this package. */
export function isNotifierError(value: unknown): value is NotifierError {
  if (typeof value !== 'object' || value === null) return false;
  if (!('name' in value) || value.name !== 'NotifierError' || !('retryAfterMs' in value)) return false;
  return 'code' in value && typeof value.code === 'string' && CODES.includes(value.code);
}

/** A connection to whatever tells people. The host sends again what it throws for, unless it was REJECTED. */
export interface Notifier {
  /** Resolves when the receiver has taken it; throws a `NotifierError` when it has not. */
  notify(notification: Notification, signal: AbortSignal): Promise<void>;
  /** Ends what is under way, which then throws. */
  close(): Promise<void>;
}

export interface NotifierDefinition<S extends TSchema = TSchema, P extends Permission = Permission> {
  readonly kind: 'notifier';
  readonly id: string;
  readonly description: string;
  readonly config: S;
  /** JSON Schema of the credentials, if any; they reach the plugin by `ctx.secret`. */
  readonly secrets?: TSchema;
  readonly permissions?: readonly P[];
  connect(config: Static<S>, ctx: Context<P>): Promise<Notifier>;
}

/**
 * Declares a notifier extension.
 * @example
 * export const pager = defineNotifier({
 *   id: 'pager', description: 'Acme pager', permissions: ['network'],
 *   config: T.Object({ url: T.String({ format: 'uri' }) }),
 *   connect: (config, ctx) => connectPager(config, ctx),
 * });
 */
export function defineNotifier<S extends TSchema, const P extends Permission = never>(
  definition: Omit<NotifierDefinition<S, P>, 'kind'>,
): NotifierDefinition<S, P> {
  return Object.freeze({ kind: 'notifier' as const, ...definition });
}
