import type { Notification } from '@omniquant/plugin-sdk';

/** The body in the shape that Standard Webhooks recommends; `timestamp` is when it happened. */
export function toPayload(notification: Notification): string {
  const { id, at, severity, code, title, message, accountId, orderId, details } = notification;
  return JSON.stringify({
    type: `notification.${code.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')}`,
    timestamp: new Date(at).toISOString(),
    data: { id, at, severity, code, title, message, accountId, orderId, details },
  });
}
