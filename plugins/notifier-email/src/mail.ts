import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';

import { clip, type Notification } from '@omniquant/plugin-sdk';

export interface MailOptions {
  readonly from: string;
  readonly fromName: string;
  readonly to: readonly string[];
  readonly subjectPrefix: string;
}

const SUBJECT = 200;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** One line: a subject with a line break would go on as a header. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

type Rows = readonly (readonly [name: string, value: string])[];

function toRows(notification: Notification): Rows {
  const { severity, code, accountId, orderId, at, id, details } = notification;
  return [
    ['Severity', severity],
    ['Code', code],
    ['Time', new Date(at).toISOString()],
    ...(accountId === null ? [] : [['Account', accountId] as const]),
    ...(orderId === null ? [] : [['Order', orderId] as const]),
    ...Object.entries(details).map(([name, value]) => [name, String(value ?? '-')] as const),
    ['Notification', id],
  ];
}

function toText(title: string, message: string, rows: Rows): string {
  const lines = rows.map(([name, value]) => `${oneLine(name)}: ${oneLine(value)}`).join('\n');
  const parts = [title, message, lines].filter((part) => part !== '');
  return `${parts.join('\n\n')}\n`;
}

function toHtml(title: string, message: string, rows: Rows): string {
  const cells = rows.map(
    ([name, value]) =>
      `<tr><th align="left" style="padding-right:1em">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return [
    '<!doctype html><html><head><meta charset="utf-8"></head><body style="font-family:sans-serif">',
    `<h2>${escapeHtml(title)}</h2>`,
    `<p style="white-space:pre-wrap">${escapeHtml(message)}</p>`,
    '<table>',
    ...cells,
    '</table></body></html>',
  ].join('\n');
}

/** The same for the same notification, so that a mailbox can tell a repeat. */
function toMessageId(id: string, from: string): string {
  const digest = createHash('sha256').update(id).digest('hex').slice(0, 32);
  return `<${digest}@${domainToASCII(from.slice(from.lastIndexOf('@') + 1))}>`;
}

/** The mail as nodemailer takes it. */
export function toMail(notification: Notification, { from, fromName, to, subjectPrefix }: MailOptions) {
  const { id, at, severity, code, message } = notification;
  const rows = toRows(notification);
  const title = oneLine(notification.title) || code;
  return {
    // As objects, so that a comma or a bracket in one does not make another recipient.
    from: { name: fromName, address: from },
    to: to.map((address) => ({ name: '', address })),
    subject: clip(oneLine(`${subjectPrefix} ${severity}: ${title}`), SUBJECT),
    text: toText(title, message, rows),
    html: toHtml(title, message, rows),
    messageId: toMessageId(id, from),
    date: new Date(at),
    priority: severity === 'CRITICAL' ? ('high' as const) : ('normal' as const),
    // RFC 3834: vacation notices and the like do not answer it.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}
