import type { Notification } from '@omniquant/plugin-sdk';

import type { JournaledEvent } from '../engine/account-event.ts';
import { ALERT_TEXTS, type AlertText, GATEWAY_TEXTS, type GatewayCode } from './alert-texts.ts';

/** Whose account it is, in words. */
export interface AccountNames {
  readonly workspaceId: string;
  /** Null for one whose opening has not been committed yet. */
  readonly name: string | null;
}

/** The same for an event whenever it is asked for, so that what is sent again is known again. */
export const alertId = (accountId: string, seq: number): string => `${accountId}:${String(seq)}`;

/**
 * What people are told of a journaled event; null for one that nobody needs to hear of.
 * @example toNotification(journaled, { workspaceId, name: 'Paper' })?.title // 'Daily loss limit reached: Paper'
 */
export function toNotification(journaled: JournaledEvent, account: AccountNames): Notification | null {
  const { accountId, at, event, recordedAt, seq } = journaled;
  if (event.type !== 'RISK_ALERT') return null;
  const { code, severity, message, orderId, details } = event;
  const text = textOf(code);
  return {
    id: alertId(accountId, seq),
    at: recordedAt,
    severity,
    code,
    title: `${text.title}: ${account.name ?? accountId}`,
    message: sentences(message, text.advice),
    accountId,
    orderId,
    details: {
      ...details,
      account: account.name,
      workspaceId: account.workspaceId,
      marketTime: new Date(at).toISOString(),
    },
  };
}

/** Something that the gateway says of itself. `id` has to stay the same whenever it is said again. */
export function gatewayNotification(
  id: string,
  at: number,
  notice: {
    readonly code: GatewayCode;
    readonly severity: Notification['severity'];
    /** What it is about, for the title. */
    readonly subject: string;
    readonly message: string;
    readonly details: Notification['details'];
  },
): Notification {
  const { code, severity, subject, message, details } = notice;
  const { title, advice } = GATEWAY_TEXTS[code];
  return {
    ...{ id, at, severity, code, details },
    title: `${title}: ${subject}`,
    message: sentences(message, advice),
    accountId: null,
    orderId: null,
  };
}

/** A journal of another release may hold codes that this one has no words for. */
function textOf(code: string): AlertText {
  const known: Readonly<Record<string, AlertText | undefined>> = ALERT_TEXTS;
  return known[code] ?? { title: code, advice: 'Look at the account.' };
}

/** As two sentences, beginning with a capital letter. */
function sentences(message: string, advice: string): string {
  const said = message.trim();
  const first = said.charAt(0).toUpperCase() + said.slice(1);
  return `${first}${/[.!?…]$/.test(first) || first === '' ? '' : '.'} ${advice}`.trim();
}
