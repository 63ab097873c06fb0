import {
  createNotifierEndpoint,
  defineNotifier,
  isAtLeast,
  NOTIFIER_OPTIONS,
  NotifierError,
  parseEndpoint,
  T,
} from '@omniquant/plugin-sdk';

import { toEvent } from './event.ts';

const ROUTING_KEY = /^[A-Za-z0-9]{32}$/;

/** Triggers an alert in PagerDuty for each notification. */
export const pagerduty = defineNotifier({
  id: 'pagerduty',
  description: 'PagerDuty (Events API v2)',
  permissions: ['network', 'secrets'],
  config: T.Object(
    {
      source: T.String({
        minLength: 1,
        maxLength: 255,
        default: 'omniquant',
        description: 'What the alerts are about: the name of the host or the installation',
      }),
      baseUrl: T.String({
        format: 'uri',
        default: 'https://events.pagerduty.com',
        description: 'https://events.eu.pagerduty.com for accounts in the EU',
      }),
      ...NOTIFIER_OPTIONS,
    },
    { additionalProperties: false },
  ),
  secrets: T.Object(
    {
      routingKey: T.String({
        pattern: '^\\s*[A-Za-z0-9]{32}\\s*$',
        description: 'Integration key of an Events API v2 integration',
      }),
    },
    { additionalProperties: false },
  ),
  async connect({ source, baseUrl, minSeverity, timeoutMs }, ctx) {
    const routingKey = (await ctx.secret('routingKey')).trim();
    if (!ROUTING_KEY.test(routingKey)) {
      throw new NotifierError(
        'REJECTED',
        'routingKey is not the 32 letters and digits of an integration key',
      );
    }
    const base = parseEndpoint('baseUrl', baseUrl);
    const endpoint = createNotifierEndpoint({
      ctx,
      url: new URL(`${base.pathname.replace(/\/+$/, '')}/v2/enqueue`, base),
      timeoutMs,
      secrets: [routingKey],
      isTaken: (status, body) => status === 202 && statusOf(body) === 'success',
    });
    const headers = { 'content-type': 'application/json' };
    return {
      async notify(notification, signal) {
        if (!isAtLeast(notification.severity, minSeverity)) return;
        await endpoint.post({ headers, body: toEvent(notification, { routingKey, source }) }, signal);
      },
      close: () => endpoint.close(),
    };
  },
});

function statusOf(body: string): unknown {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null && 'status' in answer ? answer.status : null;
  } catch {
    return null;
  }
}
