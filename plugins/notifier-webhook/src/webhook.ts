import {
  createNotifierEndpoint,
  defineNotifier,
  isAtLeast,
  NOTIFIER_OPTIONS,
  parseEndpoint,
  T,
} from '@omniquant/plugin-sdk';

import { checkExtraHeaders } from './extra-headers.ts';
import { toPayload } from './payload.ts';
import { parseSecrets, sign, toWebhookId } from './signature.ts';

/** Posts notifications as JSON, signed as the Standard Webhooks specification says. */
export const webhook = defineNotifier({
  id: 'webhook',
  description: 'Signed webhooks (Standard Webhooks)',
  permissions: ['network', 'secrets'],
  config: T.Object(
    {
      url: T.String({ format: 'uri', description: 'Where notifications are posted to' }),
      headers: T.Record(T.String(), T.String(), {
        default: {},
        description: 'Sent in addition, e.g. {"x-environment": "production"}',
      }),
      ...NOTIFIER_OPTIONS,
    },
    { additionalProperties: false },
  ),
  secrets: T.Object(
    {
      signingSecrets: T.String({
        pattern: '^\\s*whsec_\\S+(\\s+whsec_\\S+)*\\s*$',
        description: 'whsec_<base64>; during a rotation the new and the old one, separated by a space',
      }),
    },
    { additionalProperties: false },
  ),
  async connect({ url, headers, minSeverity, timeoutMs }, ctx) {
    checkExtraHeaders(headers);
    const signingSecrets = await ctx.secret('signingSecrets');
    const keys = parseSecrets(signingSecrets);
    const endpoint = createNotifierEndpoint({
      ctx,
      url: parseEndpoint('url', url, 'anywhere'),
      timeoutMs,
      secrets: [...signingSecrets.split(/\s+/), ...Object.values(headers)],
    });
    return {
      async notify(notification, signal) {
        if (!isAtLeast(notification.severity, minSeverity)) return;
        const id = toWebhookId(notification.id);
        // The time of this attempt: receivers refuse old ones, which could be replays.
        const timestamp = String(Math.floor(ctx.now() / 1_000));
        const body = toPayload(notification);
        const signed = {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': sign(keys, { id, timestamp, body }),
        };
        await endpoint.post({ headers: { ...headers, ...signed }, body }, signal);
      },
      close: () => endpoint.close(),
    };
  },
});
