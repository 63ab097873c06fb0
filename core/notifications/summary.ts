import type { Notification } from '@omniquant/plugin-sdk';

/** Alerts that are told together. */
export interface Summary {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Different things that were said, the first few. */
  readonly messages: readonly string[];
  /** Accounts that it concerns, the first few. */
  readonly accounts: readonly string[];
}

/** What is kept of a delivery until it is sent. */
export interface DeliveryContent {
  /** The alert; of a summary, the first of them. */
  readonly notification: Notification;
  /** Null for a single alert that no other can join. */
  readonly summary: Summary | null;
}

const MOST_MESSAGES = 5;
const MOST_ACCOUNTS = 10;

const among = (texts: readonly string[], text: string, most: number): readonly string[] =>
  texts.includes(text) || texts.length >= most ? texts : [...texts, text];

/** A summary that begins with an alert. */
export function beginSummary(notification: Notification): DeliveryContent {
  const { accountId, at, message } = notification;
  return {
    notification,
    summary: {
      count: 1,
      firstAt: at,
      lastAt: at,
      messages: [message],
      accounts: accountId === null ? [] : [accountId],
    },
  };
}

/** The summary with one alert more. */
export function joinSummary(
  content: DeliveryContent,
  { accountId, at, message }: Notification,
): DeliveryContent {
  const { notification } = content;
  const summary = content.summary ?? beginSummary(notification).summary;
  if (summary === null) return content;
  return {
    notification,
    summary: {
      count: summary.count + 1,
      firstAt: Math.min(summary.firstAt, at),
      lastAt: Math.max(summary.lastAt, at),
      messages: among(summary.messages, message, MOST_MESSAGES),
      accounts: accountId === null ? summary.accounts : among(summary.accounts, accountId, MOST_ACCOUNTS),
    },
  };
}

/**
 * What is sent, under the id of the delivery.
 * @example toSent('d-1', content).title // '37 times: An order is in doubt: Paper'
 */
export function toSent(id: string, { notification, summary }: DeliveryContent): Notification {
  if (summary === null || summary.count === 1) return { ...notification, id };
  const { accounts, count, firstAt, lastAt, messages } = summary;
  const isOfOne = accounts.length <= 1;
  const title = isOfOne ? notification.title : (notification.title.split(': ')[0] ?? notification.title);
  const from = new Date(firstAt).toISOString();
  const to = new Date(lastAt).toISOString();
  return {
    ...notification,
    id,
    at: lastAt,
    title: `${String(count)} times: ${title}`,
    message: `${String(count)} alerts from ${from} to ${to}. Among them: ${messages.join(' / ')}`,
    accountId: isOfOne ? notification.accountId : null,
    orderId: null,
    details: {
      count,
      firstAt: from,
      lastAt: to,
      ...(isOfOne ? {} : { accounts: accounts.join(', ') }),
      ...pick(notification.details, isOfOne ? ['account', 'workspaceId'] : []),
    },
  };
}

const pick = (details: Notification['details'], names: readonly string[]): Notification['details'] =>
  Object.fromEntries(Object.entries(details).filter(([name]) => names.includes(name)));
