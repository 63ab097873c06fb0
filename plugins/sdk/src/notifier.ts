import type { Static, TSchema } from '@sinclair/typebox';

import type { Context, Permission } from './context.ts';

export type NotificationSeverity = 'INFO' | 'WARNING' | 'CRITICAL';

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

/** A connection to whatever tells people. The host sends again what it throws for. */
export interface Notifier {
  /** Resolves when the receiver has taken it. */
  notify(notification: Notification, signal: AbortSignal): Promise<void>;
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
