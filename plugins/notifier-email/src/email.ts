import {
  type Context,
  createDeliveries,
  defineNotifier,
  isAtLeast,
  type Notifier,
  NOTIFIER_OPTIONS,
  type Static,
  T,
} from '@omniquant/plugin-sdk';
import { createTransport, type SMTPTransportOptions } from 'nodemailer';

import { toMail } from './mail.ts';
import { toNotifierError } from './smtp-failure.ts';
import { parseSmtpUrl, type SmtpSettings } from './smtp-settings.ts';

/** One address and nothing else: no name, no list. */
const ADDRESS = '^[^\\s@<>()\\[\\],;:"]+@[^\\s@<>()\\[\\],;:"]+$';

const config = T.Object(
  {
    from: T.String({ pattern: ADDRESS, description: 'Address of the sender' }),
    fromName: T.String({ maxLength: 100, default: 'OmniQuant', description: 'Name of the sender' }),
    to: T.Array(T.String({ pattern: ADDRESS }), {
      minItems: 1,
      maxItems: 50,
      uniqueItems: true,
      description: 'Addresses of the recipients',
    }),
    subjectPrefix: T.String({ maxLength: 50, default: '[OmniQuant]', description: 'Begins each subject' }),
    requireTls: T.Boolean({
      default: true,
      description: 'Send nothing to an smtp:// server that does not offer STARTTLS',
    }),
    ...NOTIFIER_OPTIONS,
  },
  { additionalProperties: false },
);

/** Sends notifications as e-mails over SMTP. */
export const email = defineNotifier({
  id: 'email',
  description: 'E-mail (SMTP)',
  // nodemailer opens its sockets itself: the permission says what the plugin does, and holds nothing back.
  permissions: ['network', 'secrets'],
  config,
  secrets: T.Object(
    {
      smtpUrl: T.String({
        pattern: '^\\s*smtps?://\\S+\\s*$',
        description: 'smtp[s]://user:password@host:port',
      }),
    },
    { additionalProperties: false },
  ),
  async connect(options, ctx) {
    const smtpUrl = (await ctx.secret('smtpUrl')).trim();
    return createEmailNotifier(options, parseSmtpUrl(smtpUrl), ctx);
  },
});

function createEmailNotifier(
  { minSeverity, timeoutMs, requireTls, ...mailOptions }: Static<typeof config>,
  { host, port, secure, auth }: SmtpSettings,
  ctx: Context,
): Notifier {
  const deliveries = createDeliveries({ signal: ctx.signal, timeoutMs });
  const smtp: SMTPTransportOptions = {
    host,
    port,
    secure,
    requireTLS: requireTls && !secure,
    ...(auth === null ? {} : { auth }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  const transport = createTransport(smtp);
  const secrets = auth === null ? [] : [auth.pass, encodeURIComponent(auth.pass)];

  return {
    async notify(notification, signal) {
      if (!isAtLeast(notification.severity, minSeverity)) return;
      await deliveries.run(async (joined) => {
        try {
          const { rejected } = await transport.sendMail({
            ...toMail(notification, mailOptions),
            signal: joined,
          });
          // Sent again it would reach those a second time who have it.
          if (rejected.length > 0) {
            ctx.log.warn('a mail was refused for some recipients', {
              notification: notification.id,
              rejected,
            });
          }
        } catch (error) {
          joined.throwIfAborted();
          throw toNotifierError(error, secrets);
        }
      }, signal);
    },
    async close() {
      await deliveries.close();
      transport.close();
    },
  };
}
