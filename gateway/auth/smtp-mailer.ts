import { createTransport } from 'nodemailer';

import type { Mailer } from '../../core/ports/credentials.ts';
import type { Secret } from './secret.ts';

export interface SmtpMailerOptions {
  /** smtp[s]://user:password@host:port */
  readonly url: Secret;
  readonly from: string;
}

const TIMEOUT_MS = 10_000;

export interface ClosableMailer extends Mailer {
  close(): Promise<void>;
}

export function createSmtpMailer({ url, from }: SmtpMailerOptions): ClosableMailer {
  const transport = createTransport(
    {
      url: url.reveal(),
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    async send(mail, signal) {
      signal.throwIfAborted();
      await transport.sendMail({ to: mail.to, subject: mail.subject, text: mail.text });
    },
    close() {
      transport.close();
      return Promise.resolve();
    },
  };
}
