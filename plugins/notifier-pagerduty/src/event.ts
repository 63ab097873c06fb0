import { createHash } from 'node:crypto';

import { clip, type Notification } from '@omniquant/plugin-sdk';

/** Limits of the Events API v2: characters of texts, and bytes of a request (512 KB) with room for the rest. */
const SUMMARY = 1_024;
const DEDUP_KEY = 255;
const NAME = 255;
const MESSAGE = 20_000;
const DETAILS_BYTES = 300_000;
const DETAIL = 4_000;

const SEVERITIES = { INFO: 'info', WARNING: 'warning', CRITICAL: 'critical' } as const;

export interface EventOptions {
  readonly routingKey: string;
  /** What it happened on, as PagerDuty's `source`. */
  readonly source: string;
}

/** One open alert for each code and account: what happens again before it is resolved joins it. */
function toDedupKey({ code, accountId }: Notification): string {
  const key = JSON.stringify(['omniquant', code, accountId]);
  return key.length <= DEDUP_KEY ? key : createHash('sha256').update(key).digest('hex');
}

/** The details from the first on, as many as an event may have. */
function toDetails(details: Notification['details']): { kept: Record<string, unknown>; leftOut: number } {
  const entries = Object.entries(details);
  const kept: [string, unknown][] = [];
  let left = DETAILS_BYTES;
  for (const [name, value] of entries) {
    const entry: [string, unknown] = [
      clip(name, DETAIL),
      typeof value === 'string' ? clip(value, DETAIL) : value,
    ];
    left -= Buffer.byteLength(JSON.stringify(entry));
    if (left < 0) break;
    kept.push(entry);
  }
  return { kept: Object.fromEntries(kept), leftOut: entries.length - kept.length };
}

/** The body of a request to /v2/enqueue. */
export function toEvent(notification: Notification, { routingKey, source }: EventOptions): string {
  const { id, at, severity, code, title, message, accountId, orderId } = notification;
  const { kept, leftOut } = toDetails(notification.details);
  return JSON.stringify({
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key: toDedupKey(notification),
    client: 'OmniQuant',
    payload: {
      // Without a summary an event is refused.
      summary: clip(title.trim() === '' ? `OmniQuant: ${code}` : title, SUMMARY),
      severity: SEVERITIES[severity],
      source,
      timestamp: new Date(at).toISOString(),
      component: clip(accountId ?? 'gateway', NAME),
      class: clip(code, NAME),
      custom_details: {
        message: clip(message, MESSAGE),
        notification_id: id,
        account_id: accountId,
        order_id: orderId,
        details: kept,
        ...(leftOut === 0 ? {} : { details_left_out: leftOut }),
      },
    },
  });
}
