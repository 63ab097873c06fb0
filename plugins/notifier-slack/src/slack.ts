import {
  createNotifierEndpoint,
  defineNotifier,
  isAtLeast,
  NOTIFIER_OPTIONS,
  parseEndpoint,
  T,
} from '@omniquant/plugin-sdk';

import { toMessage } from './message.ts';

/** Posts notifications to the channel of a Slack incoming webhook. */
export const slack = defineNotifier({
  id: 'slack',
  description: 'Slack channel (incoming webhook)',
  permissions: ['network', 'secrets'],
  config: T.Object(NOTIFIER_OPTIONS, { additionalProperties: false }),
  secrets: T.Object(
    {
      webhookUrl: T.String({
        pattern: '^\\s*https?://\\S+\\s*$',
        description: 'https://hooks.slack.com/services/...: who has it can post',
      }),
    },
    { additionalProperties: false },
  ),
  async connect({ minSeverity, timeoutMs }, ctx) {
    const webhookUrl = (await ctx.secret('webhookUrl')).trim();
    const endpoint = createNotifierEndpoint({
      ctx,
      url: parseEndpoint('webhookUrl', webhookUrl),
      timeoutMs,
      secrets: [webhookUrl],
      isTaken: (_status, body) => body.trim() === 'ok',
    });
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    return {
      async notify(notification, signal) {
        if (!isAtLeast(notification.severity, minSeverity)) return;
        await endpoint.post({ headers, body: toMessage(notification) }, signal);
      },
      close: () => endpoint.close(),
    };
  },
});
