import type { Static, TSchema } from '@sinclair/typebox';

import type { Context, Permission } from './context.ts';

/**
 * How urgent a notification is. INFO: good to know. WARNING: somebody should look at it today. CRITICAL: trading is in
 * danger or has stopped, somebody should look at it now.
 * @see {@link isAtLeast}
 */
export type NotificationSeverity = 'INFO' | 'WARNING' | 'CRITICAL';

const SEVERITIES: readonly NotificationSeverity[] = ['INFO', 'WARNING', 'CRITICAL'];

/**
 * Whether a severity is the minimum or above it: CRITICAL is above WARNING, WARNING above INFO.
 * @example
 * ```ts
 * isAtLeast('CRITICAL', 'WARNING'); // true
 * isAtLeast('INFO', 'WARNING'); // false
 * ```
 */
export function isAtLeast(severity: NotificationSeverity, minimum: NotificationSeverity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(minimum);
}

/**
 * Something that a person should hear of.
 * @example
 * ```ts
 * const lineOf = ({ at, message, severity, title }: Notification) =>
 *   `${new Date(at).toISOString()} ${severity} ${title}: ${message}`;
 * ```
 */
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
  /** All of it, for people. */
  readonly message: string;
  /** The account that it is about; null where it is about none or more than one. */
  readonly accountId: string | null;
  /** The order that it is about, if it is about one. */
  readonly orderId: string | null;
  /** For machines: what else is known, by names that depend on the `code`. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * What becomes of a notification that was not delivered: whether it is sent again, and when.
 * @see {@link NotifierError}
 */
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
 * @example
 * ```ts
 * throw new NotifierError('RATE_LIMITED', 'the pager answered 429', { retryAfterMs: 30_000 });
 * ```
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

/**
 * Whether an error is a {@link NotifierError}. By its parts, not by class: a plugin may carry its own copy of this package.
 * @example
 * ```ts
 * const isFinal = (error: unknown) => isNotifierError(error) && error.code === 'REJECTED';
 * ```
 */
export function isNotifierError(value: unknown): value is NotifierError {
  if (typeof value !== 'object' || value === null) return false;
  if (!('name' in value) || value.name !== 'NotifierError' || !('retryAfterMs' in value)) return false;
  return 'code' in value && typeof value.code === 'string' && CODES.includes(value.code);
}

/**
 * A connection to whatever tells people. The host sends again what it throws for, unless it was REJECTED.
 * @see {@link createDeliveries}
 */
export interface Notifier {
  /**
   * Resolves when the receiver has taken it: it is not sent again then.
   * @throws {@link NotifierError} REJECTED, RATE_LIMITED or UNREACHABLE when it has not.
   */
  notify(notification: Notification, signal: AbortSignal): Promise<void>;
  /** Ends what is under way, which then throws. */
  close(): Promise<void>;
}

/**
 * A notifier extension: how the gateway connects to whatever tells people, and what a channel has to set for it.
 * @see {@link defineNotifier}
 */
export interface NotifierDefinition<S extends TSchema = TSchema, P extends Permission = Permission> {
  readonly kind: 'notifier';
  /** What a notification channel names, e.g. "slack". */
  readonly id: string;
  readonly description: string;
  /** JSON Schema of what a channel sets; {@link NOTIFIER_OPTIONS} are the options that any has. */
  readonly config: S;
  /** JSON Schema of the credentials, if any; they reach the plugin by `ctx.secret`. */
  readonly secrets?: TSchema;
  /** What it uses of its context besides the log and the time; the operator has to grant it. */
  readonly permissions?: readonly P[];
  /**
   * Opens the connection of one channel, before its first notification.
   * @throws {@link NotifierError} REJECTED for settings that cannot work.
   */
  connect(config: Static<S>, ctx: Context<P>): Promise<Notifier>;
}

/**
 * Declares a notifier extension.
 * @returns The definition, frozen, for the `extensions` of a plugin.
 * @example
 * ```ts
 * declare function connectPager(url: string, ctx: Context<'network'>): Promise<Notifier>;
 *
 * export const pager = defineNotifier({
 *   id: 'pager', description: 'Acme pager', permissions: ['network'],
 *   config: T.Object({ url: T.String({ format: 'uri' }), ...NOTIFIER_OPTIONS }),
 *   connect: ({ url }, ctx) => connectPager(url, ctx),
 * });
 * ```
 */
export function defineNotifier<S extends TSchema, const P extends Permission = never>(
  definition: Omit<NotifierDefinition<S, P>, 'kind'>,
): NotifierDefinition<S, P> {
  return Object.freeze({ kind: 'notifier' as const, ...definition });
}
