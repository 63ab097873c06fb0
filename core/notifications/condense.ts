import type { Notification } from '@omniquant/plugin-sdk';

import { beginSummary, type DeliveryContent, joinSummary } from './summary.ts';

/*
 * What keeps a storm of alerts bearable. The first of a code, severity and account goes out at once; those
 * that follow within the window are counted in a summary, which goes out when the window ends. A channel that
 * has had `mostInWindow` messages in the window, or has `mostWaiting` waiting because its receiver is away,
 * gets one summary for each code and severity, whatever the account. So a channel gets at most
 * mostInWindow + codes x severities messages in a window, and each alert is in one of them.
 */
export interface CondenseLimits {
  readonly windowMs: number;
  readonly mostInWindow: number;
  readonly mostWaiting: number;
}

export const MOST_IN_WINDOW = 20;
export const MOST_WAITING = 100;

/** A delivery to a channel. */
export interface QueuedDelivery {
  readonly id: string;
  readonly code: string;
  readonly severity: Notification['severity'];
  /** Null for what concerns no account or several. */
  readonly accountId: string | null;
  readonly content: DeliveryContent;
  readonly createdAt: number;
  readonly nextAttemptAt: number;
  /** Takes more alerts: a summary that was not sent yet. */
  readonly isOpen: boolean;
}

/** What a channel has had lately, and what waits for it. */
export interface ChannelQueue {
  /** Those that were made within the window, and all that are open. */
  readonly recent: readonly QueuedDelivery[];
  readonly waiting: number;
}

export interface Condensed {
  readonly added: readonly QueuedDelivery[];
  /** Open ones of before that have taken more. */
  readonly grown: readonly QueuedDelivery[];
}

/** Puts alerts that have come up into a channel's queue. */
export function condense(
  queue: ChannelQueue,
  arriving: readonly Notification[],
  now: number,
  limits: CondenseLimits,
): Condensed {
  const rows = new Map(queue.recent.map((row) => [row.id, row]));
  const known = new Set(rows.keys());
  const grown = new Set<string>();
  for (const notification of arriving) {
    const row = place(rows, queue.waiting + rows.size - known.size, notification, now, limits);
    rows.set(row.id, row);
    if (known.has(row.id)) grown.add(row.id);
  }
  const all = [...rows.values()];
  return {
    added: all.filter(({ id }) => !known.has(id)),
    grown: all.filter(({ id }) => grown.has(id)),
  };
}

function place(
  rows: ReadonlyMap<string, QueuedDelivery>,
  waiting: number,
  notification: Notification,
  now: number,
  limits: CondenseLimits,
): QueuedDelivery {
  const { accountId, code, severity } = notification;
  const alike = [...rows.values()].filter((row) => row.code === code && row.severity === severity);
  const ofAccount = alike.filter((row) => row.accountId === accountId);
  const open =
    ofAccount.find(({ isOpen }) => isOpen) ?? alike.find((row) => row.isOpen && row.accountId === null);
  if (open !== undefined) return { ...open, content: joinSummary(open.content, notification) };

  const isRecent = ({ createdAt }: QueuedDelivery): boolean => createdAt > now - limits.windowMs;
  const isFull =
    waiting >= limits.mostWaiting || [...rows.values()].filter(isRecent).length >= limits.mostInWindow;
  const kind = { code, severity, createdAt: now };
  if (!isFull && !ofAccount.some(isRecent)) {
    const content = { notification, summary: null };
    return { ...kind, id: notification.id, accountId, content, nextAttemptAt: now, isOpen: false };
  }
  return {
    ...kind,
    id: `${notification.id}:summary`,
    accountId: isFull ? null : accountId,
    content: beginSummary(notification),
    nextAttemptAt: now + limits.windowMs,
    isOpen: true,
  };
}
